import { expect, test } from "vitest";
import { relaySignal } from "../../../src/cli/shell/signal-relay.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import { sshTarget } from "../../support/ssh-target.ts";

test("a signal that a master which stands still does not take is given up, and its ssh with it", async () => {
  const started: number[] = [];
  const context: FakeContext = fakeContext({ programs: () => new Promise(() => {}) });
  const { inherit } = context.processes;
  context.processes.inherit = (file, args, options) =>
    inherit(file, args, {
      ...options,
      onStart: (pid) => {
        context.processes.living.add(pid);
        started.push(pid);
        options?.onStart?.(pid);
      },
    });
  const call = { target: sshTarget, route: "master", id: "ascalon-shell-1" } as const;
  expect(await relaySignal(context, call, "SIGTERM")).toBe(false);
  expect(context.processes.killed).toEqual(started.map((pid) => [pid, "SIGTERM"]));
  expect(started).toHaveLength(1);
});
