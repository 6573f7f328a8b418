import { describe, expect, test } from "vitest";
import type { RunResult } from "../../../src/cli/adapters/process.ts";
import { sessionError } from "../../../src/cli/shell/failure.ts";
import { type GuestCall, runSession } from "../../../src/cli/shell/session.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import type { Call } from "../../support/fake-processes.ts";
import { sshTarget } from "../../support/ssh-target.ts";

const call: GuestCall = {
  target: sshTarget,
  id: "ascalon-shell-1",
  command: "exec true",
  terminal: "none",
  logFile: "/s/log",
};

function withSsh(answer: (call: Call, context: FakeContext) => Partial<RunResult> | undefined): FakeContext {
  const context: FakeContext = fakeContext({ programs: (each) => answer(each, context) });
  return context;
}
const ends = (exitCode: number, log = "") =>
  withSsh((_, context) => {
    context.files.put("/s/log", log);
    return { exitCode };
  });

describe("a session", () => {
  test("ends with the code ssh ends with", async () => {
    expect(await runSession(ends(7), call)).toEqual({ kind: "code", code: 7 });
  });

  test("does not read the log unless ssh says 255", async () => {
    expect(await runSession(ends(1, "Connection refused"), call)).toEqual({ kind: "code", code: 1 });
    expect(await runSession(ends(255, "Connection refused"), call)).toEqual({
      kind: "failed",
      failure: "refused",
      words: ["Connection refused"],
    });
  });

  test("that ends with 255 and had no room for its log is not taken for the program's end", async () => {
    const context = ends(255, "");
    context.files.free = 0;
    expect(await runSession(context, call)).toMatchObject({ kind: "failed", failure: "untold" });
    context.files.free = 1024 ** 2;
    expect(await runSession(context, call)).toEqual({ kind: "code", code: 255 });
  });

  test("whose ssh is killed is lost", async () => {
    expect(
      await runSession(
        withSsh(() => ({ signal: "SIGKILL" })),
        call,
      ),
    ).toMatchObject({ failure: "lost" });
  });

  test("without an ssh program says that", async () => {
    expect(
      await runSession(
        withSsh(() => undefined),
        call,
      ),
    ).toMatchObject({ failure: "no-ssh" });
  });

  test("with a command that Linux would not take starts nothing", async () => {
    const context = ends(0);
    expect(await runSession(context, { ...call, command: "x".repeat(131_072) })).toMatchObject({
      failure: "too-long",
    });
    expect(context.processes.calls).toEqual([]);
  });

  test.each([
    ["none", "-T", true],
    ["auto", "-t", false],
    ["forced", "-tt", true],
  ] as const)(
    "with terminal %s runs ssh %s, apart from the terminal's Ctrl-C: %s",
    async (terminal, flag, detached) => {
      const context = ends(0);
      await runSession(context, { ...call, terminal });
      expect(context.processes.calls[0]?.args).toContain(flag);
      expect(context.processes.calls[0]?.options.detached).toBe(detached);
    },
  );

  test("sends a signal by a second ssh, and ends as the program does", async () => {
    let end = (_: Partial<RunResult>): void => {};
    const context: FakeContext = fakeContext({
      programs: ({ args }) => {
        if (!args.at(-1)?.includes("kill -s")) return new Promise((resolve) => (end = resolve));
        end({ exitCode: 143 });
        return { exitCode: 0 };
      },
    });
    const session = runSession(context, call);
    context.send("SIGTERM");
    expect(await session).toEqual({ kind: "code", code: 143 });
    expect(context.processes.calls[1]?.args.at(-1)).toContain("ascalon-shell-[1]");
  });

  test("whose program heard the signal and goes on is let go on", async () => {
    let end = (_: Partial<RunResult>): void => {};
    const context: FakeContext = fakeContext({
      programs: ({ args }) =>
        args.at(-1)?.includes("kill -s") ? { exitCode: 0 } : new Promise((resolve) => (end = resolve)),
    });
    const session = runSession(context, call);
    context.send("SIGTERM");
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    end({ exitCode: 42 });
    expect(await session).toEqual({ kind: "code", code: 42 });
    expect(context.processes.killed).toEqual([]);
  });

  test("whose program is not reached by a signal ends all the same, and by that signal", async () => {
    const context: FakeContext = fakeContext({
      programs: ({ args }) => (args.at(-1)?.includes("kill -s") ? { exitCode: 255 } : new Promise(() => {})),
    });
    const session = runSession(context, call);
    context.send("SIGHUP");
    expect(await session).toEqual({ kind: "code", code: 129 });
    expect(context.processes.killed).toEqual([[5000, "SIGTERM"]]);
  });

  test.each([
    ["SIGINT", 1],
    ["SIGQUIT", 1],
    ["SIGTERM", 2],
  ] as const)("on a terminal leaves Ctrl-C and Ctrl-\\ to ssh, and no more: %s", async (signal, calls) => {
    const context = withSsh(() => {
      if (context.processes.calls.length === 1) context.send(signal);
      return { exitCode: 130 };
    });
    expect(await runSession(context, { ...call, terminal: "auto" })).toEqual({ kind: "code", code: 130 });
    expect(context.processes.calls.length).toBe(calls);
  });

  test("interrupted before it began ends with 128+n and no complaint", async () => {
    const context = withSsh(({ args }, self) => {
      if (args.at(-1)?.includes("kill -s")) return { exitCode: 3 };
      self.send("SIGINT");
      return { exitCode: 255 };
    });
    context.files.put("/s/log", "mux_client_request_session: Exiting on signal: Interrupt");
    expect(await runSession(context, call)).toEqual({ kind: "code", code: 130 });
  });
});

describe("a session whose master has it and carries nothing", () => {
  const master = 4711;
  const asked = `mux_client_hello_exchange: master version 4\nmux_client_request_alive():1 (pid=9): done pid = ${master}\n`;

  interface Beside {
    /** Whether SIGKILL ends the master. */
    readonly isKilled?: boolean;
    /** What a login of its own ends with. */
    readonly login?: number;
    readonly isTTY?: boolean;
  }

  /** The master hears no `-O exit`; a connection of its own ends with 7. */
  function beside({ isKilled = true, login = 0, isTTY = false }: Beside): FakeContext {
    const context: FakeContext = fakeContext({
      isTTY,
      programs: ({ kind, args }) => {
        const isDirect = args.includes("ControlPath=none");
        if (kind === "run") return { exitCode: login };
        if (isDirect) return { exitCode: 7 };
        if (!args.includes("exit")) context.files.put("/s/log", asked);
        return new Promise(() => {});
      },
      sockets: {
        exchange: async () =>
          isKilled && !context.processes.living.has(master) ? { kind: "absent" } : { kind: "silent" },
      },
    });
    context.processes.living.add(master);
    return context;
  }
  const commandsOf = (context: FakeContext) =>
    context.processes.calls.filter(({ kind, args }) => kind === "inherit" && args.at(-1) === call.command);

  test.each([
    [true, "ascalon: the ssh connection that Lima keeps open hangs; using a separate one\n"],
    [false, ""],
  ])("ends it, and goes another way, which is told on a terminal (%s)", async (isTTY, said) => {
    const context = beside({ isTTY });
    expect(await runSession(context, call)).toEqual({ kind: "code", code: 7 });
    expect(context.processes.killed).toContainEqual([master, "SIGKILL"]);
    expect(commandsOf(context)).toHaveLength(2);
    expect(context.err()).toBe(said);
  });

  test("because the guest answers nobody: it may go on, so the master stays and nothing begins twice", async () => {
    const context = beside({ login: 255 });
    expect(await runSession(context, call)).toMatchObject({ failure: "unanswered" });
    expect(context.processes.living.has(master)).toBe(true);
    expect(commandsOf(context)).toHaveLength(1);
  });

  test("goes no other way while it cannot be ended: the command would begin twice", async () => {
    const context = beside({ isKilled: false });
    expect(await runSession(context, call)).toMatchObject({ failure: "stuck" });
    expect(commandsOf(context)).toHaveLength(1);
  });
});

test.each([
  ["that is not there", false, "no-key"],
  ["that is there", true, "denied"],
])("a guest that refuses a key %s", async (_, isThere, failure) => {
  const context = ends(255, "dev@127.0.0.1: Permission denied (publickey).\n");
  if (isThere) context.files.put(sshTarget.identityFile, "");
  expect(await runSession(context, call)).toMatchObject({ failure });
});

test("every failure has a sentence, a reason and a way out, with exit code 125", () => {
  for (const failure of [
    "refused",
    "silent",
    "crowded",
    "denied",
    "lost",
    "no-ssh",
    "too-long",
    "untold",
    "unanswered",
    "stuck",
    "no-key",
    "open-key",
    "other",
  ] as const) {
    const error = sessionError(failure, ["ssh's words"], call.target);
    expect(error).toMatchObject({ code: "E_SHELL", exit: 125, details: ["ssh's words"] });
    expect(error.why).toBeTruthy();
    expect(error.run).toBeTruthy();
  }
});
