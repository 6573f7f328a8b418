import { writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { it } from "./rebuild-bed.ts";

describe.concurrent("a rebuild that goes wrong", () => {
  it.for<readonly [string, readonly string[], string]>([
    ["cannot be evaluated", ["error"], "undefined variable"],
    ["cannot be built", ["breaks"], "make: *** [Makefile:2: all] Error 2"],
  ])("%s: the guest runs what it ran, and Nix's words are shown", async ([_name, words, shown], { bed }) => {
    const before = bed.world.state();
    bed.flake(...words);
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain(shown);
    expect(bed.world.state()).toEqual(before);
  });

  it("fills the guest's disk: what makes room is said", async ({ bed }) => {
    bed.flake("fills-disk");
    const { code, err } = await bed.ascalon("rebuild");
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/No space left on device[\s\S]*run: ascalon shell -- sudo nix-collect-garbage/),
    ]);
  });

  it("is not switched to when it grew by more than the bound, and is there when it is meant", async ({
    bed,
  }) => {
    bed.settings("max-growth: 1MiB");
    await bed.ascalon("rebuild");
    const before = bed.world.state();
    bed.flake("second", "fetch=34.5");
    const refused = await bed.ascalon("rebuild");
    expect(refused.err).toContain("the system would grow by more than 1 MiB");
    expect([refused.code, bed.world.state()]).toEqual([1, before]);
    bed.settings("max-growth: 1GiB");
    expect((await bed.ascalon("rebuild")).code).toBe(0);
    expect(bed.world.state().runs).not.toBe(before.runs);
  });

  it("why #11: is not begun above the bounds", async ({ bed }) => {
    bed.settings("max-builds: 1");
    bed.flake("builds=gjs-1", "builds=webkit-2");
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain("2 packages would be built in the guest, more than 1: gjs-1, webkit-2");
    expect(bed.world.commands.join("\n")).not.toContain("--out-link");
  });

  it.for<readonly [string, readonly string[], string]>([
    ["the switch fails", ["switch-fails"], "the switch to the new system failed (code 2)"],
    ["a unit fails", ["unit-fails=postgresql.service"], "units failed: postgresql.service"],
    [
      "the mux server never listens",
      ["mux-waits"],
      "the mux server is not running (wezterm-daemon is start-post)",
    ],
    ["/home is gone", ["loses-home"], "/home is not on its disk"],
  ])("%s: the guest goes back at once", async ([_name, words, shown], { bed }) => {
    const before = bed.world.state();
    bed.flake(...words);
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain(shown);
    expect(err).toContain(`the guest runs ${before.runs} again`);
    expect(err).not.toContain("--boot");
    expect(bed.world.state()).toEqual(before);
  });

  it("a switch that NixOS does not make live: what makes it is said", async ({ bed }) => {
    const before = bed.world.state();
    bed.flake("switch-inhibited");
    const { err } = await bed.ascalon("rebuild");
    expect(err).toContain("run: ascalon rebuild --boot");
    expect(bed.world.state()).toEqual(before);
  });

  it("a unit that failed before the switch too is no reason to go back", async ({ bed }) => {
    const before = bed.world.state();
    writeFileSync(`${bed.world.root}/run/failed-units`, "cups.service\n");
    bed.flake("unit-fails=cups.service");
    const { code, err } = await bed.ascalon("rebuild");
    expect([code, err]).toEqual([0, expect.stringContaining("Confirmed the system")]);
    expect(bed.world.state().profile).not.toBe(before.profile);
  });

  it("nor is a mux server that did not run before", async ({ bed }) => {
    writeFileSync(`${bed.world.root}/run/double-mux-state`, "dead\n");
    bed.flake("mux-waits");
    const { code, err } = await bed.ascalon("rebuild");
    expect([code, err]).toEqual([0, expect.stringContaining("Confirmed the system")]);
  });

  it("a check of the user's own fails: the guest goes back", async ({ bed }) => {
    const before = bed.world.state();
    bed.settings('checks: ["echo no daemon >&2; exit 3"]');
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain("`echo no daemon >&2; exit 3` exited with 3: no daemon");
    expect(bed.world.state()).toEqual(before);
  });

  it("goes back to a system that came by a switch too, without a restart", async ({ bed }) => {
    expect((await bed.ascalon("rebuild")).code).toBe(0);
    const before = bed.world.state();
    bed.flake("second", "unit-fails=postgresql.service");
    const { err } = await bed.ascalon("rebuild");
    expect(err).toContain(`the guest runs ${before.runs} again`);
    expect(bed.world.state()).toEqual(before);
    expect(bed.world.read("/reboot-asked")).toBeUndefined();
  });
});
