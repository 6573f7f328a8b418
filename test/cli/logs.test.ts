import { describe, expect, it } from "vitest";
import { parseSince } from "../../src/cli/logs/since.ts";
import type { GuestPort, GuestResult } from "../../src/cli/machine/guest-port.ts";
import type { FakeContext } from "../support/fake-context.ts";
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

/** What is in the files by now, for another run. */
const textsOf = (context: FakeContext): Record<string, string> =>
  Object.fromEntries(context.files.paths().map((path) => [path, context.files.text(path) ?? ""]));

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
2026-01-02 03:04:05 serial    [    2.500000] kernel
2026-01-02 03:04:05 serial      OK   sshd
`);
  });

  it("ask journalctl for its last lines, also where --since makes an older one count from there", async () => {
    const newestFirst = [
      "1767322827.000000 ascalon app[3]: second",
      "    and its further line",
      "1767322826.000000 ascalon systemd[1]: first",
    ].join("\n");
    const { guest, asked } = guestWith(newestFirst);
    const context = hostContext({ machine: running(), guest });
    const { out } = await runApp(["logs", "sshd", "--since", "1d", "-n", "5"], context);
    expect(asked[0]).toContain("--reverse");
    expect(out.split("\n").map((line) => line.slice(20))).toEqual([
      "systemd   first",
      "app       second",
      "app           and its further line",
      "",
    ]);
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

  it("of a unit that cannot be asked for end with why, and one without lines with a word", async () => {
    const machine = (start: Parameters<typeof fakeMachine>[0]) =>
      fakeMachine({ applied: settingsOf(), ...start });
    const code = async (start: Parameters<typeof fakeMachine>[0]) =>
      (await runApp(["logs", "sshd"], hostContext({ files, machine: machine(start) }))).code;
    expect(await code({ exists: "absent" })).toBe(3);
    expect(await code({ exists: "ours" })).toBe(4);
    expect(await code({ exists: "ours", process: "starting", sshState: "silent" })).toBe(7);
    expect(await code({ exists: "ours", process: "running", sshState: "silent" })).toBe(1);
    const answers = async (result: GuestResult) => {
      const guest: GuestPort = { ...guestWith("").guest, run: async () => result };
      return await runApp(["logs", "sshdd"], hostContext({ files, machine: running(), guest }));
    };
    const empty = await answers({ kind: "ended", code: 0, stdout: "", stderr: "" });
    expect([empty.code, empty.err]).toEqual([0, expect.stringContaining("has no line of a unit sshdd")]);
    const denied = await answers({
      kind: "ended",
      code: 1,
      stdout: "",
      stderr: "sudo: a password is required\n",
    });
    expect([denied.code, denied.err]).toEqual([1, expect.stringContaining("sudo: a password is required")]);
    expect((await answers({ kind: "unreachable", why: "the connection broke" })).code).toBe(1);
  });

  it("of a unit are asked for by its name, the user's units too", async () => {
    const { asked, out } = await logs("wezterm-daemon");
    expect(asked[0]).toContain("_SYSTEMD_USER_UNIT=wezterm-daemon.service");
    expect(out).not.toContain("lifecycle");
    expect((await logs("--help;x")).code).toBe(2);
  });

  it("can be cut by time and by number", async () => {
    expect((await logs("--since", "2026-01-02T03:00:26Z")).out.split("\n")).toHaveLength(5);
    expect((await logs("--since", "2026-01-02T03:04")).out).toMatch(/^\S+ \S+ serial .*\n.* serial .*\n$/);
    expect((await logs("rebuild", "-n", "1")).out).toBe("2026-01-02 03:00:30 lifecycle failed: no\n");
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
    expect([code, err]).toEqual([0, "The guest's journal is left out: the VM is not running.\n"]);
    expect(out).toContain("lifecycle failed: no");
  });

  it("why #16: of a VM that does not boot end with the console's last words, however much ascalon has said", async () => {
    const machine = fakeMachine({ exists: "ours", applied: settingsOf(), homeBytes: 1 });
    const context = hostContext({ files, machine });
    const said = Array.from({ length: 250 }, (_, second) =>
      [new Date(context.clock.now() - 600_000 + second * 1000).toISOString(), "waits"].join(" "),
    );
    context.files.put(`${state}/lifecycle.log`, `${said.join("\n")}\n`);
    context.files.put(
      `${lima}/serial.log`,
      "GNU GRUB\r\n[    0.000000] Linux\r\n[    4.000000] Kernel panic - not syncing: x",
    );
    for (const argv of [["logs"], ["logs", "vm"], ["logs", "boot"], ["logs", "vm", "--since", "5m"]]) {
      const { out } = await runApp(argv, hostContext({ files: textsOf(context), machine }));
      expect(out.split("\n").slice(-5), argv.join(" ")).toEqual([
        expect.any(String),
        "2026-01-02 03:04:01 serial    GNU GRUB",
        "2026-01-02 03:04:01 serial    [    0.000000] Linux",
        "2026-01-02 03:04:05 serial    [    4.000000] Kernel panic - not syncing: x",
        "",
      ]);
    }
  });

  it("of a VM that boots have the guest's journal as soon as ssh answers", async () => {
    const { guest } = guestWith(journal);
    const machine = fakeMachine({
      exists: "ours",
      process: "starting",
      sshState: "up",
      applied: settingsOf(),
    });
    const { out, err } = await runApp(["logs", "boot"], hostContext({ files, machine, guest }));
    expect([out, err]).toEqual([expect.stringContaining("Accepted publickey"), ""]);
  });

  it("are shown whatever the settings file says", async () => {
    const context = hostContext({ files, machine: running(), guest: guestWith(journal).guest });
    context.files.put("/home/mia/.config/ascalon/ascalon.yaml", "vm: {cpus: many}\n");
    const { out, code } = await runApp(["logs"], context);
    expect([code, out]).toEqual([0, expect.stringContaining("Accepted publickey")]);
  });

  it("reach back beyond the time when ascalon began a file anew", async () => {
    const context = hostContext({ files, machine: fakeMachine() });
    const older = (what: string) =>
      `2026-01-01T00:00:00.000Z ${what} one\n2026-01-01T00:00:01.000Z ${what} two\n`;
    context.files.put(`${state}/lifecycle.log.1`, older("step"));
    context.files.put(`${state}/agent.log.1`, older("link"));
    context.files.put(`${state}/agent.log`, "");
    const shown = async (topic: string) => {
      const { out } = await runApp(
        ["logs", topic],
        hostContext({ files: textsOf(context), machine: fakeMachine() }),
      );
      return out.split("\n").map((line) => line.slice(30));
    };
    expect(await shown("rebuild")).toEqual(["step one", "step two", "Starting the VM", "failed: no", ""]);
    expect(await shown("agent")).toEqual(["link one", "link two", ""]);
  });

  it("that cannot be read are named, and hide no other", async () => {
    const context = hostContext({ files, machine: running(), guest: guestWith(journal).guest });
    const { readPart } = context.files;
    context.files.readPart = async (path, ...rest) => {
      if (path.endsWith("serial.log")) throw Object.assign(new Error("no"), { code: "EACCES", path });
      return readPart(path, ...rest);
    };
    const { out, err, code } = await runApp(["logs"], context);
    expect([code, err]).toEqual([0, `Left out, because it cannot be read: ${lima}/serial.log (EACCES).\n`]);
    expect(out).toContain("lifecycle failed: no");
  });

  it("of nothing say so", async () => {
    const machine = fakeMachine();
    expect(await runApp(["logs"], hostContext({ machine }))).toMatchObject({
      code: 0,
      out: "",
      err: "The guest's journal is left out: there is no VM yet.\nNothing is logged.\n",
    });
    expect(await runApp(["logs", "agent", "--since", "1h"], hostContext({ machine }))).toMatchObject({
      code: 0,
      err: "Nothing is logged since 1h.\n",
    });
  });

  it("of an instance that ascalon did not make are left out", async () => {
    const machine = fakeMachine({ exists: "foreign", process: "running" });
    const { out, err, code } = await runApp(["logs"], hostContext({ files, machine }));
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^Left out, because ascalon did not make it: the Lima instance /),
    ]);
    expect(out).toContain("lifecycle failed: no");
    expect(out).not.toMatch(/ (lima|serial) /);
    expect(await runApp(["logs", "sshd", "-f"], hostContext({ files, machine }))).toMatchObject({ code: 1 });
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
