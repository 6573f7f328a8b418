import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDryBuild, refusalsOfBuild } from "../../../src/cli/nixos/dry-build.ts";
import {
  lockedInputs,
  suggestedInput,
  unknownInput,
  unpinnedInputs,
  updatedInputs,
} from "../../../src/cli/nixos/flake-inputs.ts";
import { type Generation, parseGenerations, rollbackTarget } from "../../../src/cli/nixos/generations.ts";
import { newSystem, planRebuild } from "../../../src/cli/nixos/rebuild-plan.ts";
import { parseRollbackStatus, rollbackTimer } from "../../../src/cli/nixos/rollback-timer.ts";
import { root } from "../support/nix.ts";

const hash = "0".repeat(32);
const dryRun = `warning: Git tree '/etc/nixos' is dirty
these 3 derivations will be built:
  /nix/store/${hash}-unit-wezterm-daemon.service.drv
  /nix/store/${hash}-wezterm-0-unstable-2026-07-07.drv
  /nix/store/${hash}-nixos-system-ascalon-26.05.drv
these 2 paths will be fetched (34.5 MiB download, 1.2 GiB unpacked):
  /nix/store/${hash}-firefox-140.0
  /nix/store/${hash}-ripgrep-14.1.1
`;

describe("a dry build", () => {
  it("why #11: is read: what is built, what is fetched, how much", () => {
    expect(parseDryBuild(dryRun)).toEqual({
      built: ["unit-wezterm-daemon.service", "wezterm-0-unstable-2026-07-07", "nixos-system-ascalon-26.05"],
      fetched: ["firefox-140.0", "ripgrep-14.1.1"],
      downloadBytes: Math.round(34.5 * 1024 ** 2),
      unpackedBytes: Math.round(1.2 * 1024 ** 3),
    });
  });

  it("of one thing is read as well, and of nothing", () => {
    const one = `this derivation will be built:\n  /nix/store/${hash}-a.drv\nthis path will be fetched (0.5 KiB download, 1.0 KiB unpacked):\n  /nix/store/${hash}-b\n`;
    expect(parseDryBuild(one)).toEqual({
      built: ["a"],
      fetched: ["b"],
      downloadBytes: 512,
      unpackedBytes: 1024,
    });
    expect(parseDryBuild("")).toEqual({ built: [], fetched: [], downloadBytes: 0, unpackedBytes: 0 });
  });

  const bounds = { maxBuilt: 0, maxDownloadBytes: 1024 ** 3, freeBytes: 10 * 1024 ** 3 };
  const refused = (...args: Parameters<typeof refusalsOfBuild>) =>
    refusalsOfBuild(...args).map(({ what }) => what);

  it("why #11: is refused when packages would be built from source; units and /etc do not count", () => {
    const build = parseDryBuild(dryRun);
    expect(refused(build, { ...bounds, maxBuilt: 1 })).toEqual([]);
    expect(refused(build, bounds)).toEqual([
      "1 packages would be built in the guest, more than 0: wezterm-0-unstable-2026-07-07",
    ]);
  });

  it("what a first guest makes for itself and no cache has does not count", () => {
    const own = [
      "commander-14.0.2.tgz",
      "ascalon-guest-0.1.0",
      "linux-6.18.3-modules-shrunk",
      "op",
      "xdg-open",
    ];
    const made = [
      "initrd-linux-6.18.3",
      "security-wrapper-sudo-aarch64-unknown-linux-gnu",
      "python3-3.13.1-env",
    ];
    const build = {
      built: [...own, ...made, "linux-6.18.3"],
      fetched: [],
      downloadBytes: 0,
      unpackedBytes: 0,
    };
    expect(refused(build, bounds)).toEqual([
      "1 packages would be built in the guest, more than 0: linux-6.18.3",
    ]);
  });

  it("with fish as the shell, what NixOS writes of each installed package for it does not count", () => {
    // nixos/modules/programs/fish.nix: the package's name and `_fish-completions`, made on the spot and never fetched.
    const names = ["bat-0.26.1", "e2fsprogs-1.47.3", "git-2.54.0", "nix-2.34.8", "util-linux-2.42"];
    const build = {
      built: names.map((name) => `${name}_fish-completions`),
      fetched: [],
      downloadBytes: 0,
      unpackedBytes: 0,
    };
    expect(refused(build, bounds)).toEqual([]);
  });

  it("is refused when it does not fit", () => {
    const build = parseDryBuild(dryRun);
    const tight = { maxBuilt: 9, maxDownloadBytes: 1024, freeBytes: 1024 };
    expect(refused(build, tight)).toEqual([
      "35 MiB would be downloaded, more than 1 MiB",
      "1.2 GiB would be unpacked, but the guest has 1 MiB free",
    ]);
    // Each has a way out of its own: no bound makes room on a disk.
    const [download, space] = refusalsOfBuild(build, tight);
    expect(download?.run).toContain("rebuild.max-download");
    expect(space?.run).toMatch(/nix-collect-garbage.*vm\.disk/);
  });

  it("the way out of a bound is one that is wide enough", () => {
    const built = Array.from({ length: 1200 }, (_, count) => `package-${count}`);
    const build = { built, fetched: [], downloadBytes: 60.5 * 1024 ** 3, unpackedBytes: 0 };
    expect(refusalsOfBuild(build, bounds).map(({ run }) => run)).toEqual([
      "ascalon config set rebuild.max-builds 1200    (if this is intended)",
      "ascalon config set rebuild.max-download 61GiB    (if this is intended and there is room)",
    ]);
  });
});

describe("a rebuild", () => {
  const wish = { host: "ascalon", boot: false, rollback: true, confirmSeconds: 90 };
  const facts = { currentSystem: "/nix/store/old", isAscalonSystem: true };
  const ids = (...args: Parameters<typeof planRebuild>) => planRebuild(...args).map((step) => step.id);

  it("arms the way back before the switch, and makes the new system the default only after all is well", () => {
    expect(ids(wish, facts)).toEqual([
      "dry-build",
      "build",
      "arm",
      "activate",
      "check",
      "confirm",
      "make-default",
    ]);
  });

  it("tries the new system without making it the default", () => {
    const activate = planRebuild(wish, facts).find((step) => step.id === "activate")?.argv;
    expect(activate?.slice(-2)).toEqual(["live", newSystem]);
  });

  it("without a rollback leaves the timer out, and nothing else", () => {
    expect(ids({ ...wish, rollback: false }, facts)).toEqual([
      "dry-build",
      "build",
      "activate",
      "check",
      "make-default",
    ]);
  });

  it("why #6: of the image's system waits for the next start, because a live switch would cut its own connection", () => {
    const steps = ["dry-build", "build", "arm", "make-default", "restart", "check", "confirm"];
    expect(ids(wish, { ...facts, isAscalonSystem: false })).toEqual(steps);
    expect(ids({ ...wish, boot: true }, facts)).toEqual(steps);
    expect(ids({ ...wish, boot: true, rollback: false }, facts)).toEqual(
      steps.filter((id) => id !== "arm" && id !== "confirm"),
    );
  });

  it("goes back to a generation by a start as well, with the number that it has", () => {
    const back = { ...wish, boot: true, generation: { number: 7, system: "/nix/store/seven" } };
    expect(ids(back, facts)).toEqual(["arm", "make-default", "restart", "check", "confirm"]);
    const makeDefault = planRebuild(back, facts).find(({ id }) => id === "make-default");
    expect(makeDefault?.argv?.slice(-2)).toEqual(["--switch-generation", "7"]);
  });

  it("updates inputs first, and only when asked", () => {
    const [first] = planRebuild({ ...wish, update: ["nixpkgs"] }, facts);
    expect(first?.argv?.slice(-4)).toEqual(["update", "nixpkgs", "--flake", "path:/var/lib/ascalon/flake"]);
  });

  it("why #7: always names the configuration, so that no host name is guessed from", () => {
    const toplevel = planRebuild({ ...wish, host: "devbox" }, facts)
      .find((step) => step.id === "build")
      ?.argv?.at(-1);
    expect(toplevel).toBe(
      'path:/var/lib/ascalon/flake#nixosConfigurations."devbox".config.system.build.toplevel',
    );
  });
});

describe("the inputs of a flake", () => {
  const node = (inputs: Record<string, string | readonly string[]>) => ({ inputs, locked: {}, original: {} });
  const lock = JSON.stringify({
    root: "root",
    version: 7,
    nodes: {
      root: { inputs: { ascalon: "ascalon", home: "home", tools: "tools", same: ["ascalon", "nixpkgs"] } },
      ascalon: node({ nixpkgs: "nixpkgs", "nixos-lima": "nixos-lima" }),
      home: node({ nixpkgs: ["ascalon", "nixpkgs"] }),
      tools: node({ nixpkgs: "nixpkgs_2" }),
      nixpkgs: {},
      nixpkgs_2: {},
      "nixos-lima": node({ nixpkgs: ["ascalon", "nixpkgs"] }),
    },
  });

  it("are those that have a version of their own, the flake's own first", () => {
    expect(lockedInputs(lock)).toEqual([
      "ascalon",
      "home",
      "tools",
      "ascalon/nixpkgs",
      "ascalon/nixos-lima",
      "tools/nixpkgs",
    ]);
  });

  it.each(["", "{", "[]", "null", "{}", '{"root":"root","nodes":{"root":{}}}'])("are none in %j", (text) => {
    expect(lockedInputs(text)).toEqual([]);
  });

  it.each([
    ["nixpkgs", "ascalon/nixpkgs"],
    ["ascallon", "ascalon"],
    ["ascalon/nixpkg", "ascalon/nixpkgs"],
    ["wezterm", undefined],
  ])("%s: what was meant is %s", (name, meant) => {
    expect(suggestedInput(name, lockedInputs(lock))).toBe(meant);
  });

  it("that Nix did not know, and those that are newer, are read from its words", () => {
    const words = `warning: 'nixpkgs' does not match any input of this flake
warning: updating lock file "/var/lib/ascalon/flake/flake.lock":
• Updated input 'ascalon':
    'github:mia/ascalon/1' (2026-06-01)
  → 'github:mia/ascalon/2' (2026-07-01)
• Added input 'ascalon/nixos-lima':
    follows 'nixos-lima'
`;
    expect([unknownInput(words), updatedInputs(words)]).toEqual([
      "nixpkgs",
      ["ascalon", "ascalon/nixos-lima"],
    ]);
    expect(unpinnedInputs(words)).toEqual(["ascalon"]);
    expect([unknownInput("building"), updatedInputs("")]).toEqual([undefined, []]);
  });
});

describe("the rollback timer's words", () => {
  it.each([
    ["none", { state: "none" }],
    ["armed /nix/store/old 90", { state: "armed", previous: "/nix/store/old", seconds: 90 }],
    ["fired /nix/store/old 4", { state: "fired", previous: "/nix/store/old", exitCode: 4 }],
  ])("%s", (line, status) => {
    expect(parseRollbackStatus(`${line}\n`)).toEqual(status);
  });

  it.each(["", "armed", "armed /nix/store/old x", "fired /a 1 2", "sh: not found"])(
    "%j is none of them",
    (line) => {
      expect(parseRollbackStatus(line)).toBeUndefined();
    },
  );

  it("are asked for as the script takes them", () => {
    expect(rollbackTimer.arm("/nix/store/old", 90).slice(-3)).toEqual(["arm", "/nix/store/old", "90"]);
  });
});

describe("generations", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ascalon-generations-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are listed by the guest's script and read back", () => {
    for (const number of [9, 10]) {
      const system = join(folder, `system-${number}`);
      mkdirSync(join(system, `kernel-modules/lib/modules/6.${number}.0`), { recursive: true });
      writeFileSync(join(system, "nixos-version"), `26.05.${number}`);
      mkdirSync(join(folder, "profiles"), { recursive: true });
      symlinkSync(system, join(folder, "profiles", `system-${number}-link`));
    }
    mkdirSync(join(folder, "system-10/etc/ascalon"), { recursive: true });
    writeFileSync(join(folder, "system-10/etc/ascalon/ascalon.json"), "{}");
    symlinkSync("/nowhere", join(folder, "profiles/system-8-link"));
    symlinkSync("system-10-link", join(folder, "profiles/system"));
    symlinkSync(join(folder, "system-9"), join(folder, "current-system"));
    symlinkSync(join(folder, "system-9"), join(folder, "booted-system"));
    const result = spawnSync("sh", [`${root}nix/guest/generations.sh`], {
      encoding: "utf8",
      env: { ...process.env, ASCALON_PROFILES: join(folder, "profiles"), ASCALON_RUN_DIR: folder },
    });
    expect([result.status, result.stderr]).toEqual([0, ""]);
    expect(parseGenerations(result.stdout)).toEqual([
      expect.objectContaining({
        number: 10,
        version: "26.05.10",
        kernel: "6.10.0",
        current: false,
        next: true,
        booted: false,
        foreign: false,
      }),
      expect.objectContaining({
        number: 9,
        system: join(folder, "system-9"),
        current: true,
        next: false,
        booted: true,
        foreign: true,
      }),
    ]);
  });

  const generation = (number: number, current = false, foreign = false): Generation => ({
    number,
    madeAtSeconds: 0,
    version: "",
    kernel: "",
    system: `/nix/store/${number}`,
    current,
    next: current,
    booted: current,
    foreign,
  });
  it("of the image's own system are no place to go back to from ascalon's, and to each other they are", () => {
    const image = generation(1, false, true);
    expect(rollbackTarget([generation(2, true), image])).toEqual({
      refusal: "There is no older generation to go back to",
    });
    expect(rollbackTarget([generation(2, true), image], 1)).toEqual({
      refusal: expect.stringContaining("not built with ascalon's modules"),
    });
    expect(rollbackTarget([generation(2, true, true), image])).toEqual({ generation: image });
  });

  const three = [generation(12), generation(11, true), generation(9)];

  it("goes back to the newest older one, or to the one that is named", () => {
    expect(rollbackTarget(three)).toEqual({ generation: three[2] });
    expect(rollbackTarget(three, 12)).toEqual({ generation: three[0] });
  });

  it("refuses with a sentence when there is no such one, or no older one", () => {
    expect(rollbackTarget(three, 7)).toEqual({ refusal: "There is no generation 7; there are 12, 11, 9" });
    expect(rollbackTarget(three, 11)).toEqual({ refusal: "Generation 11 is already running" });
    expect(rollbackTarget([generation(1, true)])).toEqual({
      refusal: "There is no older generation to go back to",
    });
  });

  it.each(["", "x\ty", "9\t1\tv\tk\tnot-a-path\t", "a\t1\tv\tk\t/s\t", "1\t99999999999999\tv\tk\t/s\t"])(
    "passes over %j",
    (line) => {
      expect(parseGenerations(line)).toEqual([]);
    },
  );
});
