import { expect, test } from "vitest";
import { withLock } from "../../../src/cli/lifecycle/lock.ts";
import { noteWish, wasStoppedByHand } from "../../../src/cli/lifecycle/stopped-by-hand.ts";
import { fakeContext } from "../../support/fake-context.ts";
import type { Answer } from "../../support/fake-processes.ts";

const turn = "/s/lock.d/1";
const began = "Sat Nov 28 20:00:00 2026";
const timedOut = { timedOut: true, exitCode: undefined, signal: "SIGTERM" as const };

/** A Mac, which has no /proc. Pid 700 holds the lock. */
function mac(ps: Answer, startedAt = began) {
  const context = fakeContext({
    files: { [turn]: JSON.stringify({ pid: 700, startedAt, command: "ascalon up" }) },
    programs: (call) => (call.file === "/bin/ps" ? ps(call) : undefined),
  });
  context.processes.living.add(700);
  return { ...context, host: { ...context.host, platform: "darwin" as const } };
}

const take = (context: ReturnType<typeof mac>): Promise<string> =>
  withLock(context, "/s", "ascalon stop", async () => "taken");

test("a holder of the lock of whom a busy Mac says nothing in time still holds it", async () => {
  await expect(take(mac(() => timedOut))).rejects.toThrow("another ascalon is working");
});

test("it still holds it when its own start was not said", async () => {
  await expect(take(mac(() => ({ stdout: `${began}\n` }), ""))).rejects.toThrow("another ascalon is working");
});

test("another process of its pid does not, once the second answer comes", async () => {
  let asked = 0;
  const context = mac(({ args }) => {
    asked += 1;
    return asked % 2 === 1
      ? timedOut
      : { stdout: args.includes("700") ? "Sun Nov 29 01:00:00 2026\n" : began };
  });
  expect(await take(context)).toBe("taken");
});

const login =
  " 1000 Sat Nov 28 20:01:00 2026 /System/Library/CoreServices/loginwindow.app/Contents/MacOS/loginwindow\n";

test("a VM stopped by hand stays so on a Mac whose first answer is late, and half a name is never noted", async () => {
  let isSilent = true;
  let asked = 0;
  const context = mac(({ args }) => {
    asked += 1;
    if (isSilent || asked % 2 === 1) return timedOut;
    return { stdout: args.includes("-axww") ? login : began };
  });
  await expect(noteWish(context, "/s", "down")).rejects.toThrow("does not report");
  isSilent = false;
  asked = 0;
  await noteWish(context, "/s", "down");
  asked = 0;
  expect(await wasStoppedByHand(context, "/s")).toBe(true);
  isSilent = true;
  await expect(wasStoppedByHand(context, "/s")).rejects.toThrow("does not report");
});
