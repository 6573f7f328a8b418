import { describe, expect, it } from "vitest";
import { shorten } from "../../src/cli/agent/keep-logs-short.ts";
import type { GuestPort } from "../../src/cli/machine/guest-port.ts";
import type { FakeContext } from "../support/fake-context.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const log = "/home/mia/.local/state/ascalon/log";
const lima = "/home/mia/.lima/ascalon";
const at = (second: number, text: string): string =>
  `2026-01-02T03:00:${String(second).padStart(2, "0")}.000Z ${text}\n`;

/** What happens at each look at the files; two looks after the last it is over. */
type Story = readonly ((context: FakeContext) => Promise<unknown> | unknown)[];

async function followed(context: FakeContext, argv: readonly string[], story: Story) {
  const { sleep } = context.clock;
  let looks = 0;
  context.clock.sleep = async (ms, signal) => {
    // The files are looked at twice a second; the other sleeper waits for the guest.
    if (ms === 500) {
      await story[looks]?.(context);
      looks += 1;
      if (looks > story.length + 2) context.abort();
    }
    await sleep(ms, signal);
  };
  const { out, code, err } = await runApp(["logs", ...argv, "-f"], context);
  expect(code).toBe(0);
  return { lines: out.split("\n").slice(0, -1), err };
}

const silent: GuestPort = {
  run: async () => ({ kind: "unreachable", why: "it is not running" }),
  follow: async () => {},
};
const stopped = (files: Record<string, string>): FakeContext =>
  hostContext({
    files,
    guest: silent,
    machine: fakeMachine({ exists: "ours", applied: settingsOf() }),
  });
const texts = (lines: readonly string[]): readonly string[] => lines.map((line) => line.slice(30));

describe("logs -f", () => {
  it("leaves out nothing that is written while the files are read for the first time", async () => {
    const context = stopped({ [`${log}/agent.log`]: at(1, "old") });
    const { stdout } = context;
    const { write } = stdout;
    let isFirst = true;
    stdout.write = (text) => {
      write(text);
      if (isFirst) context.files.append(`${log}/agent.log`, at(2, "meanwhile"));
      isFirst = false;
    };
    const { lines } = await followed(context, ["agent"], []);
    expect(texts(lines)).toEqual(["old", "meanwhile"]);
  });

  it("shows the rest of a line that had no end", async () => {
    const context = stopped({ [`${lima}/serialv.log`]: "[    1.000000] a\r\nascalon login: " });
    const { lines } = await followed(
      context,
      ["vm"],
      [() => context.files.append(`${lima}/serialv.log`, "[   61.000000] Out of memory\r\n")],
    );
    expect(texts(lines)).toEqual([
      "[    1.000000] a",
      "ascalon login:",
      "ascalon login: [   61.000000] Out of memory",
    ]);
  });

  it("does not show a line again that has got its end and nothing else", async () => {
    const context = stopped({ [`${lima}/serialv.log`]: "[    1.000000] ---[ end Kernel panic ]---" });
    const { lines } = await followed(
      context,
      ["vm"],
      [
        () => context.files.append(`${lima}/serialv.log`, "\r"),
        () => context.files.append(`${lima}/serialv.log`, "\n[   11.000000] Rebooting\r\n"),
      ],
    );
    expect(texts(lines)).toEqual(["[    1.000000] ---[ end Kernel panic ]---", "[   11.000000] Rebooting"]);
  });

  it("dates a line of the console by when it was written, through a restart of the guest too", async () => {
    const context = stopped({ [`${lima}/serialv.log`]: "[    1.000000] a\r\n" });
    const { lines } = await followed(
      context,
      ["vm"],
      [
        () => context.clock.advance(86_400_000),
        () => context.files.append(`${lima}/serialv.log`, "[ 3600.000000] after a night's sleep\r\n"),
        () => context.clock.advance(60_000),
        () =>
          context.files.append(
            `${lima}/serialv.log`,
            "[ 3660.000000] reboot\r\nGNU GRUB\r\n[    0.000000] Linux\r\n",
          ),
      ],
    );
    expect(lines.map((line) => `${line.slice(5, 16)} ${line.slice(30)}`)).toEqual([
      "01-02 03:04 [    1.000000] a",
      "01-03 03:04 [ 3600.000000] after a night's sleep",
      "01-03 03:05 [ 3660.000000] reboot",
      "01-03 03:05 GNU GRUB",
      "01-03 03:05 [    0.000000] Linux",
    ]);
  });

  it("goes on when lifecycle.log is begun anew, with what was still written to the old one", async () => {
    const path = `${log}/lifecycle.log`;
    const context = stopped({ [path]: at(1, "one"), [`${path}.1`]: at(0, "of the time before") });
    const { lines } = await followed(
      context,
      ["rebuild", "-n", "1"],
      [
        async ({ files }) => {
          await files.append(path, at(2, "two"));
          await files.rename(path, `${path}.1`);
        },
        ({ files }) => files.put(path, at(3, "three")),
        ({ files }) => files.append(path, at(4, "four")),
      ],
    );
    expect(texts(lines)).toEqual(["one", "two", "three", "four"]);
  });

  it("goes on when the agent's log is emptied because it grew too long", async () => {
    const path = `${log}/agent.log`;
    const many = Array.from({ length: 30_000 }, (_, line) => at(1, `${line} is one of many`)).join("");
    const context = stopped({ [path]: many });
    const { lines } = await followed(
      context,
      ["agent", "-n", "1"],
      [
        async ({ files }) => {
          await files.append(path, at(2, "the last of the old"));
          await shorten(files, path);
          await files.append(path, at(3, "the first of the new"));
        },
      ],
    );
    expect(texts(lines)).toEqual(["29999 is one of many", "the last of the old", "the first of the new"]);
  });

  it("sees that Lima began its log anew although it is longer already", async () => {
    const path = `${lima}/ha.stderr.log`;
    const line = (msg: string): string =>
      `${JSON.stringify({ level: "info", msg, time: "2026-01-02T03:00:07Z" })}\n`;
    const context = stopped({ [path]: line("the start before") });
    const { lines } = await followed(
      context,
      ["vm"],
      [
        ({ files }) => files.remove(path),
        ({ files }) => files.put(path, line("one") + line("two") + line("three")),
      ],
    );
    expect(texts(lines)).toEqual(["the start before", "one", "two", "three"]);
  });

  it("shows what several files say at one time in its order", async () => {
    const context = stopped({});
    const { lines } = await followed(
      context,
      [],
      [
        ({ files }) => {
          files.put(`${log}/lifecycle.log`, at(2, "b") + at(4, "d"));
          files.put(`${log}/agent.log`, at(1, "a") + at(3, "c"));
        },
      ],
    );
    expect(texts(lines)).toEqual(["a", "b", "c", "d"]);
  });

  it("reads much at once in parts, and does not wait for the end of a line that has none", async () => {
    const path = `${log}/agent.log`;
    const context = stopped({});
    const { lines } = await followed(
      context,
      ["agent"],
      [({ files }) => files.put(path, at(1, "x".repeat(3_000_000)) + at(2, "end"))],
    );
    expect(lines.join("").match(/x/g)).toHaveLength(3_000_000);
    expect(texts(lines).at(-1)).toBe("end");
  });

  it("asks the journal for all that came after what was shown, and once more after the connection broke", async () => {
    const asked: string[] = [];
    const guest: GuestPort = {
      run: async () => ({
        kind: "ended",
        code: 0,
        stdout: "1767322825.250000 ascalon sshd[1]: shown\n",
        stderr: "",
      }),
      follow: async (argv, onLine) => {
        asked.push(argv.slice(argv.indexOf("-f")).join(" "));
        if (asked.length === 1) {
          onLine("1767322826.000001 ascalon nix[2]: error:");
          onLine("                                  its second line");
        }
      },
    };
    const machine = fakeMachine({ exists: "ours", process: "running", applied: settingsOf() });
    const context = hostContext({ machine, guest });
    // The guest is asked again after three seconds.
    const { lines } = await followed(
      context,
      ["sshd"],
      Array.from({ length: 20 }, () => () => {}),
    );
    expect(lines).toEqual([
      "2026-01-02 03:00:25 sshd      shown",
      "2026-01-02 03:00:26 nix       error:",
      "2026-01-02 03:00:26 nix                                         its second line",
    ]);
    expect(asked.slice(0, 2)).toEqual([
      expect.stringMatching(/^-f --no-tail --since @1767322825\.250001 _SYSTEMD_UNIT=sshd/),
      expect.stringMatching(/^-f --no-tail --since @1767322826\.000002 _SYSTEMD_UNIT=sshd/),
    ]);
  });

  it("says that the journal comes when the guest does", async () => {
    const { err } = await followed(stopped({}), ["sshd"], []);
    expect(err).toBe("The guest's journal is left out until it answers: the VM is not running.\n");
  });
});
