import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../src/cli/app.ts";
import { type FakeMachine, fakeMachine } from "../support/fake-machine.ts";
import { createGuestWorld, type GuestWorld } from "../support/guest-world.ts";
import { settingsOf } from "../support/machine-facts.ts";
import { realContext } from "../support/real-context.ts";

/**
 * The whole of `rebuild` against a guest in which the project's scripts run for real; Nix, systemd and the systems'
 * own switch scripts are doubles that keep generations, hold the real lock, fail, hang and cut the network.
 */
let home = "";
let world: GuestWorld;
let machine: FakeMachine;

const git = (...args: readonly string[]): void => {
  const who = ["-c", "user.name=mia", "-c", "user.email=mia@example.org"];
  const { status, stderr } = spawnSync("git", ["-C", `${home}/flake`, ...who, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
};

/** guest.nix with these words for the doubles. */
const flake = (...words: readonly string[]): void =>
  writeFileSync(`${home}/flake/guest.nix`, `${words.map((word) => `# double: ${word}\n`).join("")}{ }\n`);

const settings = (text = ""): void => {
  mkdirSync(`${home}/.config/ascalon`, { recursive: true });
  writeFileSync(
    `${home}/.config/ascalon/ascalon.yaml`,
    `system: { flake: ~/flake }\nrebuild: { confirm: 10${text === "" ? "" : `, ${text}`} }\n`,
  );
};

async function ascalon(...argv: readonly string[]) {
  const { context, out, err } = realContext({ home, machine, guest: world.port, env: { NO_COLOR: "1" } });
  const code = await run(argv, context);
  return { code, out: out(), err: err() };
}

beforeEach(() => {
  home = mkdtempSync("/tmp/asc-home-");
  world = createGuestWorld();
  const applied = settingsOf("system: { flake: ~/flake }\nrebuild: { confirm: 10 }\n");
  machine = fakeMachine({ exists: "ours", process: "running", applied, homeBytes: 50 * 1024 ** 3 });
  mkdirSync(`${home}/flake`);
  writeFileSync(`${home}/flake/flake.nix`, "{ outputs = _: { }; }\n");
  writeFileSync(`${home}/flake/.gitignore`, "secret.txt\n");
  writeFileSync(`${home}/flake/secret.txt`, "hunter2\n");
  flake("first");
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  settings();
});
afterEach(() => {
  world.close();
  rmSync(home, { recursive: true, force: true });
});

describe("a good rebuild", () => {
  it("runs the new system, makes it the default, and leaves nothing armed", async () => {
    const before = world.state().runs;
    const { code, err } = await ascalon("rebuild");
    expect(err).toContain("Confirmed the system");
    expect(code).toBe(0);
    const { runs, profile, loader } = world.state();
    expect(runs).not.toBe(before);
    expect([profile, loader]).toEqual([runs, runs]);
    expect(world.read("/var/lib/ascalon/rollback/armed")).toBeUndefined();
  });

  it("copies what git tracks and what is new, never what it ignores, and our ascalon.json", async () => {
    writeFileSync(`${home}/flake/new.nix`, "{ }\n");
    await ascalon("rebuild");
    expect(world.read("/etc/nixos/new.nix")).toBe("{ }\n");
    expect(world.read("/etc/nixos/secret.txt")).toBeUndefined();
    expect(world.read("/etc/nixos/.git/HEAD")).toBeUndefined();
    expect(JSON.parse(world.read("/etc/nixos/ascalon.json") ?? "")).toMatchObject({
      schema: 1,
      host: "ascalon",
    });
  });

  it("brings a flake.lock back only when there was none", async () => {
    const { err } = await ascalon("rebuild");
    expect(err).toContain("Nix made a flake.lock");
    const made = readFileSync(`${home}/flake/flake.lock`, "utf8");
    writeFileSync(`${home}/flake/flake.lock`, `${made}\n`);
    flake("second");
    await ascalon("rebuild");
    expect(readFileSync(`${home}/flake/flake.lock`, "utf8")).toBe(`${made}\n`);
  });

  it("says what differs, what is built and how much larger the system gets", async () => {
    await ascalon("rebuild");
    flake("second", "builds=ripgrep-14", "fetch=34.5");
    const { err } = await ascalon("rebuild");
    expect(err).toContain("Flake changed: guest.nix");
    expect(err).toContain("To build: 2. To fetch: 1 (35 MiB to download");
    expect(err).toMatch(/The system takes \d+ MiB, \d+ MiB more than the one before/);
  });

  it("of an unchanged flake changes nothing", async () => {
    await ascalon("rebuild");
    const before = world.commands.length;
    const { code, err } = await ascalon("rebuild");
    expect(code).toBe(0);
    expect(err).toContain("runs this very system already");
    expect(world.commands.slice(before).join("\n")).not.toMatch(/ test\n| arm /);
  });

  it("--update asks for newer inputs and brings their lock back", async () => {
    await ascalon("rebuild");
    flake("second");
    expect((await ascalon("rebuild", "--update", "nixpkgs")).code).toBe(0);
    expect(readFileSync(`${home}/flake/flake.lock`, "utf8")).toContain('"updated": "nixpkgs"');
  });

  it("--dry-run changes neither the system nor /etc/nixos", async () => {
    const before = world.state();
    flake("second", "builds=ripgrep-14");
    const { code, out } = await ascalon("rebuild", "--dry-run");
    expect(code).toBe(0);
    expect(out).toContain("build ripgrep-14");
    expect(world.state()).toEqual(before);
    expect(world.read("/etc/nixos/flake.nix")).toBeUndefined();
  });

  it("notes the flake as what the VM has", async () => {
    machine.applied = settingsOf("system: { flake: ~/other }\n");
    await ascalon("rebuild");
    expect(machine.applied?.system.flake).toBe(`${home}/flake`);
    expect((await ascalon("plan")).out).not.toContain("system.flake");
  });
});

describe("a rebuild that goes wrong", () => {
  it.each([
    ["cannot be evaluated", ["error"], "undefined variable"],
    ["cannot be built", ["breaks"], "make: *** [Makefile:2: all] Error 2"],
  ])("%s: the guest runs what it ran, and Nix's words are shown", async (_name, words, shown) => {
    const before = world.state();
    flake(...words);
    const { code, err } = await ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain(shown);
    expect(world.state()).toEqual(before);
  });

  it("is not switched to when it grew by more than the bound, and is there when it is meant", async () => {
    settings("max-growth: 1MiB");
    await ascalon("rebuild");
    const before = world.state();
    flake("second", "fetch=34.5");
    const refused = await ascalon("rebuild");
    expect(refused.err).toContain("the system would grow by more than 1 MiB");
    expect([refused.code, world.state()]).toEqual([1, before]);
    settings("max-growth: 1GiB");
    expect((await ascalon("rebuild")).code).toBe(0);
    expect(world.state().runs).not.toBe(before.runs);
  });

  it("why #11: is not begun above the bounds", async () => {
    settings("max-builds: 1");
    flake("builds=gjs-1", "builds=webkit-2");
    const { code, err } = await ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain("2 packages would be built in the guest, more than 1: gjs-1, webkit-2");
    expect(world.commands.join("\n")).not.toContain("--out-link");
  });

  it.each([
    ["the switch fails", ["switch-fails"], "the switch to the new system failed (code 4)"],
    ["a unit fails", ["unit-fails=postgresql.service"], "units failed: postgresql.service"],
    ["/home is gone", ["loses-home"], "/home is not on its disk"],
  ])("%s: the guest goes back at once", async (_name, words, shown) => {
    const before = world.state();
    flake(...words);
    const { code, err } = await ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain(shown);
    expect(err).toContain(`the guest runs ${before.runs} again`);
    expect(world.state()).toEqual(before);
  });

  it("a check of the user's own fails: the guest goes back", async () => {
    const before = world.state();
    settings('checks: ["echo no daemon >&2; exit 3"]');
    const { code, err } = await ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain("`echo no daemon >&2; exit 3` ended with 3: no daemon");
    expect(world.state()).toEqual(before);
  });

  it("goes back to a system that came by a switch too, without a restart", async () => {
    expect((await ascalon("rebuild")).code).toBe(0);
    const before = world.state();
    flake("second", "unit-fails=postgresql.service");
    const { err } = await ascalon("rebuild");
    expect(err).toContain(`the guest runs ${before.runs} again`);
    expect(world.state()).toEqual(before);
    expect(world.read("/reboot-asked")).toBeUndefined();
  });

  it("with --no-rollback stays, and the next start brings the old one", async () => {
    const before = world.state();
    flake("unit-fails=postgresql.service");
    const { code, err } = await ascalon("rebuild", "--no-rollback");
    expect(code).toBe(1);
    expect(err).toContain("asked not to go back");
    expect(world.state().runs).not.toBe(before.runs);
    await world.restart();
    expect(world.state()).toEqual(before);
  });

  it("the network goes with the switch: the guest's own timer brings it back", async () => {
    const before = world.state();
    flake("cuts-network");
    const { code, err } = await ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain(`the guest goes back to ${before.runs} by itself`);
    expect(world.state().runs).not.toBe(before.runs);
    await untilTrue(() => world.state().runs === before.runs);
    expect(world.state()).toEqual(before);
    await untilTrue(() => world.read("/var/lib/ascalon/rollback/fired") === "0\n");
    expect((await ascalon("generations")).code).toBe(0);
  });

  it("the switch hangs: the guest's own timer ends it and goes back", async () => {
    const before = world.state();
    flake("switch-hangs");
    const { code, err } = await ascalon("rebuild");
    expect(code).toBe(1);
    expect(err).toContain("the switch to the new system failed");
    expect(err).toContain(`the guest runs ${before.runs} again`);
    expect(world.state()).toEqual(before);
  });

  it("the power goes in the middle: what comes up is the system before, whole", async () => {
    const before = world.state();
    flake("switch-hangs");
    const rebuilding = ascalon("rebuild");
    await untilTrue(() => world.state().runs !== before.runs);
    await world.restart();
    expect(world.state()).toEqual(before);
    const { code } = await rebuilding;
    expect(code).toBe(1);
    // The next one works.
    flake("good");
    expect((await ascalon("rebuild")).code).toBe(0);
  });

  it("a secret that is not ignored, or no flake at all: nothing is copied", async () => {
    writeFileSync(`${home}/flake/id_ed25519`, "key");
    const secret = await ascalon("rebuild");
    expect([secret.code, secret.err]).toEqual([1, expect.stringContaining("id_ed25519 looks like a secret")]);
    rmSync(`${home}/flake`, { recursive: true });
    expect((await ascalon("rebuild")).err).toContain("there is no such folder");
    expect(world.read("/etc/nixos/flake.nix")).toBeUndefined();
  });
});

describe("rollback and generations", () => {
  it("lists them, goes back to the one before, and forth to a certain one", async () => {
    await ascalon("rebuild");
    flake("second");
    await ascalon("rebuild");
    const listed = await ascalon("generations", "--json");
    expect(JSON.parse(listed.out).generations).toMatchObject([
      { number: 3, current: true, next: true },
      { number: 2, current: false },
      { number: 1, booted: true },
    ]);
    const back = await ascalon("rollback");
    expect([back.code, back.err]).toEqual([0, expect.stringContaining("runs generation 2")]);
    expect((await ascalon("generations")).out).toMatch(/2 .* runs, next start\n/);
    expect((await ascalon("rollback", "3")).code).toBe(0);
    const { runs, profile, loader } = world.state();
    expect([profile, loader]).toEqual([runs, runs]);
  });

  it("refuses a number that is none", async () => {
    expect((await ascalon("rollback", "7")).err).toContain("There is no generation 7; there are 1");
    expect((await ascalon("rollback", "x")).code).toBe(2);
    expect((await ascalon("rollback")).err).toContain("no older generation");
  });
});

async function untilTrue(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !isTrue(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (!isTrue()) throw new Error("it did not come to that");
}
