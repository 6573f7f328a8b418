import { describe, expect, it } from "vitest";
import { parseSince } from "../../src/cli/logs/since.ts";
import type { GuestPort } from "../../src/cli/machine/guest-port.ts";
import { fakeMachine } from "../support/fake-machine.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { hostContext, runApp } from "../support/run-app.ts";

const state = "/home/mia/.local/state/ascalon/log";
const lima = "/home/mia/.lima/ascalon";
const files = {
  [`${state}/lifecycle.log`]:
    "2026-01-02T03:00:05.000Z Starting the VM\n2026-01-02T03:00:30.000Z failed: no\n",
  [`${state}/agent.log`]: "2026-01-02T03:00:20.000Z mux: up\nstray line\n",
  [`${lima}/ha.stderr.log`]: [
    '{"level":"debug","msg":"not shown","time":"2026-01-02T03:00:06Z"}',
    '{"level":"warning","msg":"slow","time":"2026-01-02T03:00:07Z"}',
    "",
  ].join("\n"),
  [`${lima}/serial.log`]: "[    2.500000] kernel\n\u001b[0;32m  OK  \u001b[0m sshd\r\n",
};
const journal = [
  "1767322825.250000 ascalon sshd[12]: Accepted publickey for dev",
  "1767322826.000000 ascalon systemd[1]: Started something.",
  "",
].join("\n");

interface World {
  readonly asked: (readonly string[])[];
  readonly guest: GuestPort;
}
function guestWith(stdout: string): World {
  const asked: (readonly string[])[] = [];
  const guest: GuestPort = {
    run: async (argv) => {
      asked.push(argv);
      return { kind: "ended", code: 0, stdout, stderr: "" };
    },
    follow: async (argv, onLine, signal) => {
      asked.push(argv);
      if (signal.aborted) return;
      onLine("1767322900.000000 ascalon sshd[12]: later");
    },
  };
  return { asked, guest };
}

const running = () =>
  fakeMachine({ exists: "ours", process: "running", applied: settingsOf(), homeBytes: 50 * 1024 ** 3 });
const logs = async (...argv: readonly string[]) => {
  const { guest, asked } = guestWith(journal);
  return { ...(await runApp(["logs", ...argv], hostContext({ files, machine: running(), guest }))), asked };
};

describe("logs", () => {
  it("are one, in order of time, without debug lines", async () => {
    const { out, code } = await logs();
    expect(code).toBe(0);
    expect(out).toBe(`2026-01-02 03:00:05 lifecycle Starting the VM
2026-01-02 03:00:07 lima      warning: slow
2026-01-02 03:00:20 agent     mux: up
2026-01-02 03:00:20 agent     stray line
2026-01-02 03:00:25 sshd      Accepted publickey for dev
2026-01-02 03:00:26 systemd   Started something.
2026-01-02 03:00:30 lifecycle failed: no
`);
  });

  it("of the console come at the kernel's seconds, without escape sequences", async () => {
    const { out } = await logs("vm");
    expect(out).toMatch(/ serial {4}\[ {4}2\.500000\] kernel\n.* serial {6}OK {3}sshd\n/);
    expect(out).not.toContain("Accepted");
  });

  it("of a rebuild are ascalon's own and those of the guest's switch", async () => {
    const { out, asked } = await logs("rebuild");
    expect(out).toContain("lifecycle Starting the VM");
    expect(out).not.toContain("slow");
    expect(asked[0]?.join(" ")).toContain("-u ascalon-switch -u ascalon-rollback");
  });

  it("of a unit are asked for by its name, the user's units too", async () => {
    const { asked, out } = await logs("wezterm-daemon");
    expect(asked[0]).toContain("_SYSTEMD_USER_UNIT=wezterm-daemon.service");
    expect(out).not.toContain("lifecycle");
    expect((await logs("--help;x")).code).toBe(2);
  });

  it("can be cut by time and by number", async () => {
    expect((await logs("--since", "2026-01-02T03:00:26Z")).out.split("\n")).toHaveLength(3);
    expect((await logs("-n", "1")).out).toBe("2026-01-02 03:00:30 lifecycle failed: no\n");
    expect((await logs("--since", "yesterday")).code).toBe(2);
    expect((await logs("-n", "0")).code).toBe(2);
  });

  it("are one document for programs", async () => {
    const { out } = await logs("agent", "--json");
    expect(JSON.parse(out)).toMatchObject({ schema: 1, lines: [{ source: "agent", text: "mux: up" }, {}] });
  });

  it("of a stopped VM are those of the host, and say so", async () => {
    const machine = fakeMachine({ exists: "ours", applied: settingsOf(), homeBytes: 1 });
    const { out, err, code } = await runApp(["logs"], hostContext({ files, machine }));
    expect([code, err]).toEqual([0, expect.stringContaining("The guest's journal is left out")]);
    expect(out).toContain("lifecycle failed: no");
  });

  it("followed, go on with what is appended, whole lines only, until Ctrl-C", async () => {
    const { guest } = guestWith(journal);
    const context = hostContext({ files, machine: running(), guest });
    const { sleep } = context.clock;
    let looks = 0;
    context.clock.sleep = async (ms, signal) => {
      looks += 1;
      if (looks === 1)
        await context.files.append(`${state}/agent.log`, "2026-01-02T03:01:00.000Z new\n2026-01-02T03:0");
      if (looks === 3) await context.files.append(`${state}/agent.log`, "1:01.000Z newer\n");
      if (looks > 6) context.abort();
      await sleep(ms, signal);
    };
    const { out, code } = await runApp(["logs", "-f", "-n", "1"], context);
    expect(code).toBe(0);
    expect(out).toContain("2026-01-02 03:01:00 agent     new\n");
    expect(out).toContain("2026-01-02 03:01:01 agent     newer\n");
    expect(out).toContain("sshd      later\n");
  });
});

describe("--since", () => {
  it.each([
    ["90s", -90_000],
    ["10m", -600_000],
    ["2h", -7_200_000],
    ["1d", -86_400_000],
  ])("%s", (text, ms) => expect(parseSince(text, 1_000_000_000)).toBe(1_000_000_000 + ms));
});
