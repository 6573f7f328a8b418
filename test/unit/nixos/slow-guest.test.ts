import { describe, expect, test } from "vitest";
import type { GuestResult } from "../../../src/cli/machine/guest-port.ts";
import { checkHealth } from "../../../src/cli/nixos/health.ts";
import { switchTo } from "../../../src/cli/nixos/switch-system.ts";
import { applySystemStep } from "../../../src/cli/nixos/system-steps.ts";
import type { SystemWork } from "../../../src/cli/nixos/system-work.ts";
import { goBack, moreTime, settledStatus } from "../../../src/cli/nixos/way-back.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import { fakeMachine } from "../../support/fake-machine.ts";
import { settingsOf } from "../../support/machine-facts.ts";
import { systemFactsOf } from "../../support/system-facts.ts";

const [old, built] = ["/nix/store/old-nixos-system", "/nix/store/new-nixos-system"];

const factsOf = (facts: Readonly<Record<string, string>>): GuestResult => {
  const all = {
    os: "nixos",
    host: "ascalon",
    system: built,
    ascalon: "yes",
    home: "mounted",
    "mux-unit": "loaded",
    "mux-state": "running",
    switch: "inactive",
    ...facts,
  };
  const stdout = Object.entries(all)
    .map(([name, value]) => `${name} ${value}\n`)
    .join("");
  return { kind: "ended", code: 0, stdout, stderr: "" };
};

const unreachable: GuestResult = { kind: "unreachable", why: "no answer within 30 s" };

/** A guest that was switched, and what it says of itself at a time, in seconds from now. */
function workOn(answer: (seconds: number, context: FakeContext) => GuestResult | Promise<GuestResult>) {
  const context = fakeContext({});
  const began = context.clock.monotonic();
  const work: SystemWork = {
    context,
    machine: fakeMachine({ exists: "ours", process: "running" }),
    settings: settingsOf(),
    wish: { host: "ascalon", boot: false, rollback: true, confirmSeconds: 180 },
    start: { timeoutMs: 1, wait: true, signal: context.signal },
    note: () => {},
    found: {
      guest: {
        run: async () => answer((context.clock.monotonic() - began) / 1000, context),
        follow: async () => {},
      },
      built,
      before: systemFactsOf(old),
    },
  };
  return { work, seconds: () => (context.clock.monotonic() - began) / 1000 };
}

const quiet = (): void => {};

describe("a guest that is slow after its switch", () => {
  test.each([
    [180, "ascalon config set rebuild.confirm 600    (then again)"],
    [600, "ascalon config set rebuild.confirm 1200    (then again)"],
    [3000, "ascalon config set rebuild.confirm 3600    (then again)"],
    [3600, "ascalon logs rebuild"],
  ])("is given more time than %d s", (confirmSeconds, line) => {
    const { work } = workOn(() => unreachable);
    expect(moreTime({ ...work, wish: { ...work.wish, confirmSeconds } })).toBe(line);
  });

  test.each([
    ["does not answer", unreachable],
    ["has not started its mux server", factsOf({ "mux-state": "start-post" })],
    ["has not ended its switch", factsOf({ switch: "activating" })],
  ])("and %s for a hundred seconds is healthy then", async (_, late) => {
    const { work, seconds } = workOn((now) => (now < 100 ? late : factsOf({})));
    await checkHealth(work, quiet);
    expect(seconds()).toBeGreaterThanOrEqual(100);
  });

  test("is given up before its own time is over", async () => {
    const { work, seconds } = workOn(() => unreachable);
    await expect(checkHealth(work, quiet)).rejects.toThrow("not healthy");
    expect(seconds()).toBeGreaterThan(100);
    expect(seconds()).toBeLessThan(130);
  });

  test.each([
    ["a unit that failed", factsOf({ failed: "postgresql.service" })],
    ["a mux server that is started again and again", factsOf({ "mux-state": "auto-restart" })],
    ["a fault beside what is late", factsOf({ "mux-state": "start-post", failed: "postgresql.service" })],
  ])("is not one with %s, which gets 45 seconds", async (_, wrong) => {
    const { work, seconds } = workOn(() => wrong);
    await expect(checkHealth(work, quiet)).rejects.toThrow("not healthy");
    expect(seconds()).toBeLessThan(50);
  });
});

describe("a host that slept in the middle of a switch", () => {
  const hours = 8 * 3600;
  const slept =
    (then: (seconds: number) => GuestResult) =>
    async (now: number, { clock }: FakeContext): Promise<GuestResult> => {
      if (now >= hours) return then(now - hours);
      await clock.sleep(hours * 1000);
      return { kind: "unreachable", why: "no answer within 200 s" };
    };

  test("waits for the guest, which goes on where it was", async () => {
    const { work, seconds } = workOn(
      slept((now) => (now < 150 ? factsOf({ system: old, switch: "activating" }) : factsOf({}))),
    );
    await switchTo(work, quiet);
    expect(seconds() - hours).toBeGreaterThanOrEqual(150);
  });

  test("gives up a guest that answers nobody after its own time", async () => {
    const { work, seconds } = workOn(slept(() => unreachable));
    await expect(switchTo(work, quiet)).rejects.toThrow("has been unreachable");
    expect(seconds() - hours).toBeGreaterThan(190);
    expect(seconds() - hours).toBeLessThan(230);
  });
});

test("of a VM that is down it is told what its next start brings, and nobody is asked", async () => {
  let asked = 0;
  const { work } = workOn(() => {
    asked += 1;
    return unreachable;
  });
  const stopped = { ...work, machine: fakeMachine({ exists: "ours", process: "stopped" }) };
  expect(await goBack(stopped, quiet)).toBe(`its next start brings ${old}`);
  const boot = { ...stopped, wish: { ...work.wish, boot: true } };
  expect(await goBack(boot, quiet)).toBe(`started again, the VM goes back to ${old} by itself, 180 s later`);
  expect(asked).toBe(0);
});

describe("a guest that is to go back", () => {
  const ended = (code: number): GuestResult => ({ kind: "ended", code, stdout: "", stderr: "" });
  test.each<[string, GuestResult, boolean, string]>([
    ["does", ended(0), false, `the guest runs ${old} again`],
    ["does by a restart", ended(0), true, `the guest restarts with ${old}`],
    ["cannot", ended(2), false, "going back failed (code 2): ascalon logs rebuild"],
    ["does not answer", unreachable, false, `the guest goes back to ${old} by itself, within 180 s`],
  ])("and %s: that is told", async (_, answer, boot, told) => {
    const { work } = workOn(() => answer);
    expect(await goBack({ ...work, wish: { ...work.wish, boot } }, quiet)).toBe(told);
  });

  test("and goes down meanwhile: what its next start brings is told", async () => {
    const machine = fakeMachine({ exists: "ours", process: "running" });
    const { work } = workOn(() => {
      machine.state.process = "stopped";
      return unreachable;
    });
    expect(await goBack({ ...work, machine }, quiet)).toBe(`its next start brings ${old}`);
  });
});

describe("whether a system is on trial", () => {
  const sudo = "sudo: a password is required";
  const refused: GuestResult = { kind: "ended", code: 1, stdout: "", stderr: `${sudo}\n` };
  const none: GuestResult = { kind: "ended", code: 0, stdout: "none\n", stderr: "" };

  test("a guest that answers and cannot say it is not waited for as one that does not answer", async () => {
    const { work, seconds } = workOn(() => refused);
    await expect(settledStatus(work)).rejects.toMatchObject({ code: "E_SWITCH", why: sudo });
    expect(seconds()).toBeLessThan(20);
  });

  test("one that cannot say it for a moment is asked again", async () => {
    const { work } = workOn((now) => (now < 5 ? refused : none));
    expect(await settledStatus(work)).toEqual({ state: "none" });
  });

  test("one that answers nobody has the time of a trial", async () => {
    const { work, seconds } = workOn(() => unreachable);
    await expect(settledStatus(work)).rejects.toMatchObject({ code: "E_SSH" });
    expect(seconds()).toBeGreaterThanOrEqual(180);
  });

  test("before the way back is prepared it has a minute, and is told of meanwhile", async () => {
    const { work, seconds } = workOn(() => unreachable);
    const said: string[] = [];
    await expect(applySystemStep("arm", work, (line) => said.push(line))).rejects.toMatchObject({
      code: "E_SSH",
      message: expect.stringContaining("no other system"),
    });
    expect(seconds()).toBeGreaterThanOrEqual(60);
    expect(seconds()).toBeLessThan(70);
    expect(said).toContain("the guest does not answer: asking again");
  });

  test.each([true, false])(
    "one whose VM has stopped is not waited for (unchanged: %s)",
    async (unchanged) => {
      const { work, seconds } = workOn(() => unreachable);
      const stopped = { ...work, machine: fakeMachine({ exists: "ours", process: "stopped" }) };
      await expect(settledStatus(stopped, { unchanged })).rejects.toMatchObject({
        code: "E_SSH",
        message: expect.stringContaining("the VM has stopped"),
        run: "ascalon up",
      });
      expect(seconds()).toBeLessThan(1);
    },
  );
});
