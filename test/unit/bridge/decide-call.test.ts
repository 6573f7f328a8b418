import { describe, expect, test } from "vitest";
import type { RunResult } from "../../../src/cli/adapters/process.ts";
import { type BridgeSettings, createCallDecider } from "../../../src/cli/bridge/decide-call.ts";
import { createProgramFinder } from "../../../src/cli/bridge/programs.ts";
import type { ExecRequest } from "../../../src/shared/bridge-messages.ts";
import { fakeContext } from "../../support/fake-context.ts";

const request: ExecRequest = {
  command: "open",
  args: ["/p/notes.txt"],
  streams: ["none", "pipe", "pipe"],
  env: [],
  session: "",
  terminal: undefined,
} as unknown as ExecRequest;

const settings: BridgeSettings = {
  bridge: { allow: ["open"], rules: [{ command: "open", confirm: true }] },
  mounts: [{ host: "/p", writable: true }],
};

/** Asks a person who says yes, unless told otherwise; `meanwhile` is what happens before the answer. */
function asked(
  meanwhile: (turn: (to: string) => void, settings: { now: BridgeSettings }) => void,
  answer: Partial<RunResult> = { stdout: "allow\n" },
) {
  let real = "/p/notes.txt";
  const held = { now: settings };
  const context = fakeContext({
    files: { "/p/notes.txt": "", "/p/evil.command": "" },
    programs: () => {
      meanwhile((to) => {
        real = to;
      }, held);
      return answer;
    },
  });
  const files = {
    ...context.files,
    isExecutable: async () => true,
    realPath: async (path: string) => (path === "/p/notes.txt" ? real : path),
  };
  const port = { ...context, files };
  const decider = createCallDecider(port, createProgramFinder(port));
  return (async () => {
    const confirmed = await decider.ask(request, async () => held.now, false, new AbortController().signal);
    if (confirmed?.kind !== "run") return confirmed;
    return await decider.decide(request, async () => held.now, false, confirmed);
  })();
}

describe("a call that a person was asked about", () => {
  test("runs when nothing changed", async () => {
    expect(await asked(() => {})).toMatchObject({ kind: "run", spec: { args: ["/p/notes.txt"] } });
  });

  test("is looked at once more: another file is not what was allowed", async () => {
    expect(await asked((turn) => turn("/p/evil.command"))).toMatchObject({
      kind: "refuse",
      why: "what it names was changed while the host was asked",
    });
  });

  test("and settings that were changed meanwhile hold", async () => {
    const deny = (_: unknown, held: { now: BridgeSettings }): void => {
      held.now = { ...settings, bridge: { allow: [], rules: [] } };
    };
    expect(await asked(deny)).toMatchObject({ kind: "refuse", why: expect.stringContaining("bridge.allow") });
  });

  test.each<readonly [string, Partial<RunResult>]>([
    ["no answer", { stdout: "" }],
    ["another button", { stdout: "refuse\n" }],
    ["a yes of a program that failed", { stdout: "allow\n", exitCode: 1 }],
    ["a yes of a program that was killed", { stdout: "allow\n", signal: "SIGTERM" }],
    ["more than a yes", { stdout: "allow\nallow\n" }],
  ])("does not run without a clear yes: %s", async (_, answer) => {
    expect(await asked(() => {}, answer)).toMatchObject({
      kind: "refuse",
      why: "it was not confirmed on the host",
    });
  });
});

describe("a call that nobody was asked about", () => {
  const decider = () => {
    const context = fakeContext({ files: { "/p/notes.txt": "" } });
    const port = { ...context, files: { ...context.files, isExecutable: async () => true } };
    return createCallDecider(port, createProgramFinder(port));
  };
  const plain = { ...settings, bridge: { allow: ["open"], rules: [] } } as BridgeSettings;

  test("does not run when it has to be confirmed by now", async () => {
    const one = decider();
    const gone = new AbortController().signal;
    expect(await one.ask(request, async () => plain, false, gone)).toBeUndefined();
    expect(await one.decide(request, async () => settings, false, undefined)).toMatchObject({
      kind: "refuse",
      why: expect.stringContaining("must be confirmed"),
    });
  });

  test("may come as often as its rule says", () => {
    const one = decider();
    const answers = Array.from({ length: 21 }, () => one.admit(request, plain)?.code);
    expect(answers.filter((code) => code === undefined)).toHaveLength(20);
    expect(answers.at(-1)).toBe("busy");
  });

  test("needs the program that bridge.rules names: the usual one does not stand in", async () => {
    const context = fakeContext({ files: { "/p/notes.txt": "" } });
    const isExecutable = async (path: string): Promise<boolean> => path === "/usr/bin/xdg-open";
    const port = {
      ...context,
      files: { ...context.files, isExecutable, realPath: async (path: string) => path },
    };
    const one = createCallDecider(port, createProgramFinder(port));
    const own = { command: "open", program: "/opt/mine/xdg-open", confirm: false };
    const named = { ...settings, bridge: { allow: ["open"], rules: [own] } } as BridgeSettings;
    expect(await one.decide(request, async () => named, false, undefined)).toMatchObject({ code: "missing" });
    expect(await one.decide(request, async () => plain, false, undefined)).toMatchObject({ kind: "run" });
  });
});

test.each([
  ["darwin", "en_US.UTF-8"],
  ["linux", undefined],
] as const)(
  "text of the guest is UTF-8 to the clipboard of %s, whatever its locale",
  async (platform, all) => {
    const context = fakeContext({ host: { platform } });
    const port = { ...context, files: { ...context.files, isExecutable: async () => true } };
    const decider = createCallDecider(port, createProgramFinder(port));
    const copy = { ...request, command: "pbcopy", args: [], env: [["LANG", "C.UTF-8"]] } as ExecRequest;
    const now = { ...settings, bridge: { allow: ["pbcopy"], rules: [] } } as BridgeSettings;
    const decision = await decider.decide(copy, async () => now, false, undefined);
    expect(decision.kind === "run" && decision.spec.env.LC_ALL).toBe(all);
  },
);
