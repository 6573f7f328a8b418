import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { settingsOf } from "../support/machine-facts.ts";
import { it } from "./rebuild-bed.ts";

describe.concurrent("a good rebuild", () => {
  it("runs the new system, makes it the default, and leaves nothing armed", async ({ bed }) => {
    const before = bed.world.state().runs;
    const { code, err } = await bed.ascalon("rebuild");
    expect(err).toContain("Confirmed the system");
    expect(code).toBe(0);
    const { runs, profile, loader } = bed.world.state();
    expect(runs).not.toBe(before);
    expect([profile, loader]).toEqual([runs, runs]);
    expect(bed.world.read("/var/lib/ascalon/rollback/armed")).toBeUndefined();
  });

  it("copies what git tracks and what is new, never what it ignores, and our ascalon.json", async ({
    bed,
  }) => {
    writeFileSync(`${bed.home}/flake/new.nix`, "{ }\n");
    await bed.ascalon("rebuild");
    expect(bed.world.read("/etc/nixos/new.nix")).toBe("{ }\n");
    expect(bed.world.read("/etc/nixos/secret.txt")).toBeUndefined();
    expect(bed.world.read("/etc/nixos/.git/HEAD")).toBeUndefined();
    expect(JSON.parse(bed.world.read("/etc/nixos/ascalon.json") ?? "")).toMatchObject({
      schema: 1,
      host: "ascalon",
    });
  });

  it("brings a flake.lock back only when there was none", async ({ bed }) => {
    const { err } = await bed.ascalon("rebuild");
    expect(err).toContain("Nix made a flake.lock");
    const made = readFileSync(`${bed.home}/flake/flake.lock`, "utf8");
    writeFileSync(`${bed.home}/flake/flake.lock`, `${made}\n`);
    bed.flake("second");
    await bed.ascalon("rebuild");
    expect(readFileSync(`${bed.home}/flake/flake.lock`, "utf8")).toBe(`${made}\n`);
  });

  it("says what differs, what is built and how much larger the system gets", async ({ bed }) => {
    await bed.ascalon("rebuild");
    bed.flake("second", "builds=ripgrep-14", "fetch=34.5");
    const { err } = await bed.ascalon("rebuild");
    expect(err).toContain("Flake changed: guest.nix");
    expect(err).toContain("To build: 2. To fetch: 1 (35 MiB to download");
    expect(err).toMatch(/The system takes \d+ MiB, \d+ MiB more than the one before/);
  });

  it("says when the mux server that runs is not the new system's, and leaves it alone", async ({ bed }) => {
    const said = "Another WezTerm server waits";
    const program = `${bed.world.root}/bin/ascalon-mux-pending`;
    writeFileSync(program, "#!/bin/sh\necho pending /nix/store/a /nix/store/b\n", { mode: 0o755 });
    expect((await bed.ascalon("rebuild")).err).toContain(said);
    writeFileSync(program, "#!/bin/sh\necho current\n", { mode: 0o755 });
    bed.flake("second");
    expect((await bed.ascalon("rebuild")).err).not.toContain(said);
    expect(bed.world.commands.join("\n")).not.toContain("restart wezterm-daemon");
  });

  it("of an unchanged flake changes nothing", async ({ bed }) => {
    await bed.ascalon("rebuild");
    const before = bed.world.commands.length;
    const { code, err } = await bed.ascalon("rebuild");
    expect(code).toBe(0);
    expect(err).toContain("runs this very system already");
    expect(bed.world.commands.slice(before).join("\n")).not.toMatch(/ test\n| arm /);
  });

  it("--update asks for newer inputs and brings their lock back", async ({ bed }) => {
    await bed.ascalon("rebuild");
    bed.flake("second");
    expect((await bed.ascalon("rebuild", "--update", "nixpkgs")).code).toBe(0);
    expect(readFileSync(`${bed.home}/flake/flake.lock`, "utf8")).toContain('"updated": "nixpkgs"');
  });

  it("--dry-run changes neither the system nor /etc/nixos", async ({ bed }) => {
    const before = bed.world.state();
    bed.flake("second", "builds=ripgrep-14");
    const { code, out } = await bed.ascalon("rebuild", "--dry-run");
    expect(code).toBe(0);
    expect(out).toContain("build ripgrep-14");
    expect(bed.world.state()).toEqual(before);
    expect(bed.world.read("/etc/nixos/flake.nix")).toBeUndefined();
  });

  it("notes the flake as what the VM has", async ({ bed }) => {
    bed.machine.applied = settingsOf("system: { flake: ~/other }\n");
    await bed.ascalon("rebuild");
    expect(bed.machine.applied?.system.flake).toBe(`${bed.home}/flake`);
    expect((await bed.ascalon("plan")).out).not.toContain("system.flake");
  });
});

describe.concurrent("rollback and generations", () => {
  it("lists them, goes back to the one before, and forth to a certain one", async ({ bed }) => {
    await bed.ascalon("rebuild");
    bed.flake("second");
    await bed.ascalon("rebuild");
    const listed = await bed.ascalon("generations", "--json");
    expect(JSON.parse(listed.out).generations).toMatchObject([
      { number: 3, current: true, next: true },
      { number: 2, current: false },
      { number: 1, booted: true },
    ]);
    const back = await bed.ascalon("rollback");
    expect([back.code, back.err]).toEqual([0, expect.stringContaining("runs generation 2")]);
    expect((await bed.ascalon("generations")).out).toMatch(/2 .* runs, next start\n/);
    expect((await bed.ascalon("rollback", "3")).code).toBe(0);
    const { runs, profile, loader } = bed.world.state();
    expect([profile, loader]).toEqual([runs, runs]);
  });

  it("refuses a number that is none", async ({ bed }) => {
    expect((await bed.ascalon("rollback", "7")).err).toContain("There is no generation 7; there are 1");
    expect((await bed.ascalon("rollback", "x")).code).toBe(2);
    expect((await bed.ascalon("rollback")).err).toContain("no older generation");
  });
});
