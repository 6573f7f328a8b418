import { rmSync, writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { it } from "./rebuild-bed.ts";

describe.concurrent("a switch that does not come to its end", () => {
  it("with --no-rollback stays, and the next start brings the old one", async ({ bed }) => {
    const before = bed.world.state();
    bed.flake("unit-fails=postgresql.service");
    const { code, err } = await bed.ascalon("rebuild", "--no-rollback");
    expect(code).toBe(1);
    expect(err).toContain("told not to go back");
    expect(bed.world.state().runs).not.toBe(before.runs);
    await bed.world.restart();
    expect(bed.world.state()).toEqual(before);
  });

  it("the network goes with the switch: the guest's own timer brings it back", async ({ bed }) => {
    const before = bed.world.state();
    bed.flake("cuts-network");
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain(`the guest goes back to ${before.runs} by itself`);
    expect(bed.world.state().runs).not.toBe(before.runs);
    await untilTrue(() => bed.world.state().runs === before.runs);
    expect(bed.world.state()).toEqual(before);
    await untilTrue(() => bed.world.read("/var/lib/ascalon/rollback/fired") === "0\n");
    expect((await bed.ascalon("generations")).code).toBe(0);
  });

  it("the connection goes in the middle of the switch: what became of it is asked when the guest is back", async ({
    bed,
  }) => {
    const before = bed.world.state();
    bed.flake("cuts-connections");
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain("the connection was lost during the switch");
    expect(err).toContain(`the guest runs ${before.runs} again`);
    expect(bed.world.state()).toEqual(before);
  });

  it("the switch hangs: the guest's own timer ends it and goes back", async ({ bed }) => {
    const before = bed.world.state();
    bed.flake("switch-hangs");
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain("the switch to the new system failed");
    // It may be slow, which only more time tells.
    expect(err).toContain("it did not finish within 10 s");
    expect(err).toContain("run: ascalon config set rebuild.confirm 600");
    expect(err).toContain(`the guest runs ${before.runs} again`);
    expect(bed.world.state()).toEqual(before);
  });

  it.for([
    ["when it is to be told that all is well", /rollback-timer\.sh status/, "before"],
    ["when it was told", /rollback-timer\.sh confirm/, "after"],
  ] as const)(
    "a guest that does not answer %s is asked again, and keeps the new system",
    async ([_, question, when], { bed }) => {
      const before = bed.world.state();
      let left = 2;
      const port = bed.world.port as { run: typeof bed.world.port.run };
      const { run } = port;
      port.run = async (argv, options) => {
        const isLost = question.test(argv.join(" ")) && bed.world.state().runs !== before.runs && left > 0;
        if (isLost) left -= 1;
        const result = isLost && when === "before" ? undefined : await run(argv, options);
        return isLost ? { kind: "unreachable", why: "no answer within 70 s" } : (result ?? expect.fail());
      };
      bed.flake("good");
      expect(await bed.ascalon("rebuild")).toMatchObject({ code: 0 });
      expect(left).toBe(when === "before" ? 0 : 1);
      expect(bed.world.state().runs).not.toBe(before.runs);
      expect(bed.world.state().profile).toBe(bed.world.state().runs);
      expect(bed.world.read("/var/lib/ascalon/rollback/armed")).toBeUndefined();
    },
  );

  it("all is well, and the guest has begun to go back by then: it is not said to be confirmed", async ({
    bed,
  }) => {
    const before = bed.world.state();
    writeFileSync(`${bed.world.root}${before.runs}/behaviour`, "switch-waits\n");
    const run = `${bed.world.root}/run`;
    bed.settings(`checks: ["until [ -e ${run}/double-waits ]; do sleep 0.1; done"]`);
    bed.flake("good");
    const { code, err } = await bed.ascalon("rebuild");
    expect(err).toContain(
      "the guest goes back to the previous system, because the new one was not confirmed in time",
    );
    expect(code).toBe(1);
    writeFileSync(`${run}/double-go`, "");
    await untilTrue(() => bed.world.read("/var/lib/ascalon/rollback/fired") === "0\n");
    expect(bed.world.state()).toEqual(before);
  });

  it("a guest that answers nobody any more is not said to have gone back", async ({ bed }) => {
    const before = bed.world.state();
    const port = bed.world.port as { run: typeof bed.world.port.run };
    const { run } = port;
    let isGone = false;
    port.run = async (argv, options) => {
      isGone ||= bed.world.state().runs !== before.runs && /rollback-timer\.sh/.test(argv.join(" "));
      return isGone ? { kind: "unreachable", why: "no answer within 70 s" } : run(argv, options);
    };
    bed.flake("good");
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain("the guest no longer answers");
    expect(err).not.toContain("went back");
  });

  it("the VM goes down in the middle: it is not waited for, and what its next start brings is told", async ({
    bed,
  }) => {
    const before = bed.world.state();
    bed.flake("cuts-connections");
    const rebuilding = bed.ascalon("rebuild");
    await untilTrue(() => bed.world.state().runs !== before.runs);
    bed.machine.state.process = "stopped";
    const { code, err } = await rebuilding;
    expect(code).toBe(1);
    expect(err).toContain("the VM went down in the middle of the switch");
    expect(err).toContain(`its next start brings ${before.runs}`);
    expect(err).toContain("run: ascalon up");
  });

  it("the power goes in the middle: what comes up is the system before, whole", async ({ bed }) => {
    const before = bed.world.state();
    bed.flake("switch-hangs");
    const rebuilding = bed.ascalon("rebuild");
    await untilTrue(() => bed.world.state().runs !== before.runs);
    await bed.world.restart();
    expect(bed.world.state()).toEqual(before);
    const { code } = await rebuilding;
    expect(code).toBe(1);
    // The next one works.
    bed.flake("good");
    expect((await bed.ascalon("rebuild")).code).toBe(0);
  });

  it("a secret that is not ignored, or no flake at all: nothing is copied", async ({ bed }) => {
    writeFileSync(`${bed.home}/flake/id_ed25519`, "key");
    const secret = await bed.ascalon("rebuild");
    expect([secret.code, secret.err]).toEqual([1, expect.stringContaining("id_ed25519 looks like a secret")]);
    rmSync(`${bed.home}/flake`, { recursive: true });
    expect((await bed.ascalon("rebuild")).err).toContain("there is no such folder");
    expect(bed.world.read("/etc/nixos/flake.nix")).toBeUndefined();
  });
});

async function untilTrue(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !isTrue(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (!isTrue()) throw new Error("it did not come to that");
}
