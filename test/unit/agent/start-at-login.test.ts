import { expect, test } from "vitest";
import { startAtLogin } from "../../../src/cli/agent/start-at-login.ts";
import { type VmState, vmStates } from "../../../src/shared/status.ts";
import { fakeClock } from "../../support/fake-clock.ts";

async function run(
  state: VmState,
  failures: number,
  then: VmState = state,
  stoppedAt: (starts: number) => boolean = () => false,
): Promise<number> {
  let starts = 0;
  let now = state;
  await startAtLogin(
    {
      clock: fakeClock(),
      vmState: () => now,
      startVm: async () => {
        starts += 1;
        now = then;
        if (starts <= failures) throw new Error("ascalon start ended with 1");
      },
      wasStopped: async () => stoppedAt(starts),
      log: () => {},
    },
    new AbortController().signal,
  );
  return starts;
}

test("a VM that a person stopped is left alone: at the first look, and before it is tried again", async () => {
  expect(await run("stopped", 0, "stopped", () => true)).toBe(0);
  expect(await run("stopped", 9, "stopped", (starts) => starts === 1)).toBe(1);
});

test("a system that is too busy to say whether a person stopped it is asked again", async () => {
  let asked = 0;
  const busy = (): boolean => {
    asked += 1;
    if (asked < 3) throw new Error("/bin/ps does not say when this login began");
    return false;
  };
  expect(await run("stopped", 0, "running", busy)).toBe(1);
  expect(asked).toBe(3);
});

test("a VM that a power loss left behind is started like one that was stopped", async () => {
  const started: VmState[] = [];
  for (const state of vmStates) if ((await run(state, 0)) > 0) started.push(state);
  expect(started).toEqual(["stopped", "broken", "unknown"]);
});

test("what fails at a busy login is tried again, and given up in the end", async () => {
  expect(await run("broken", 2)).toBe(3);
  expect(await run("broken", 9)).toBe(3);
  expect(await run("stopped", 9, "starting")).toBe(1);
});

test("a VM that a person brought up and stopped again during the pause is left alone", async () => {
  let starts = 0;
  let looks = 0;
  await startAtLogin(
    {
      clock: fakeClock(),
      // Stopped at the first look, running for a moment in the pause, stopped when the pause is over.
      vmState: () => {
        looks += 1;
        return looks === 3 ? "running" : "stopped";
      },
      startVm: async () => {
        starts += 1;
        throw new Error("ascalon start ended with 1");
      },
      wasStopped: async () => false,
      log: () => {},
    },
    new AbortController().signal,
  );
  expect(starts).toBe(1);
});
