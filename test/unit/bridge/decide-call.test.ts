import { describe, expect, test } from "vitest";
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

/** Asks a person who says yes; `meanwhile` is what happens before the answer. */
function asked(meanwhile: (turn: (to: string) => void, settings: { now: BridgeSettings }) => void) {
  let real = "/p/notes.txt";
  const held = { now: settings };
  const context = fakeContext({
    files: { "/p/notes.txt": "", "/p/evil.command": "" },
    programs: () => {
      meanwhile((to) => {
        real = to;
      }, held);
      return { stdout: "allow\n" };
    },
  });
  const files = {
    ...context.files,
    isExecutable: async () => true,
    realPath: async (path: string) => (path === "/p/notes.txt" ? real : path),
  };
  const port = { ...context, files };
  const decider = createCallDecider(port, createProgramFinder(port));
  return decider.decide(request, async () => held.now, false);
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
});
