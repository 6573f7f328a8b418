import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { threadId } from "node:worker_threads";
import { describe, expect } from "vitest";
import { settingsOf } from "../support/machine-facts.ts";
import { it } from "./rebuild-bed.ts";

/** As write-file-atomic makes it (lib/index.js, getTmpname). */
const temporaryName = (path: string, count: number): string =>
  `${path}.${createHash("sha1")
    .update(createRequire(import.meta.url).resolve("write-file-atomic"))
    .update(String(process.pid))
    .update(String(threadId))
    .update(String(count))
    .digest()
    .readUInt32BE(0)}`;

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
    expect(err).toContain("Nix created a flake.lock");
    const made = readFileSync(`${bed.home}/flake/flake.lock`, "utf8");
    writeFileSync(`${bed.home}/flake/flake.lock`, `${made}\n`);
    bed.flake("second");
    await bed.ascalon("rebuild");
    expect(readFileSync(`${bed.home}/flake/flake.lock`, "utf8")).toBe(`${made}\n`);
  });

  it("an input that the flake.lock does not have: says how it is pinned, and pins it", async ({ bed }) => {
    await bed.ascalon("rebuild");
    const lock = `${bed.home}/flake/flake.lock`;
    const made = readFileSync(lock, "utf8");
    writeFileSync(
      `${bed.home}/flake/flake.nix`,
      '{\n  inputs.nixpkgs.url = "github:double/nixpkgs";\n  inputs.tools.url = "github:double/tools";\n  outputs = _: { };\n}\n',
    );
    const says = `${lock} does not have tools as flake.nix does, so each rebuild takes the newest. To pin: ascalon rebuild --update tools\n`;
    for (const argv of [["rebuild"], ["rebuild", "--dry-run"]]) {
      const { code, out, err } = await bed.ascalon(...argv);
      expect([code, `${out}${err}`]).toEqual([0, expect.stringContaining(says)]);
    }
    expect(readFileSync(lock, "utf8")).toBe(made);
    await bed.ascalon("rebuild", "--update", "tools");
    expect(readFileSync(lock, "utf8")).toContain('"tools": "tools"');
    expect((await bed.ascalon("rebuild")).err).not.toContain("To pin");
  });

  it("copies a clone in the flake's folder, by its own git's list", async ({ bed }) => {
    mkdirSync(`${bed.home}/flake/ascalon`);
    writeFileSync(`${bed.home}/flake/ascalon/flake.nix`, "{ }\n");
    writeFileSync(`${bed.home}/flake/ascalon/.gitignore`, "built\n");
    writeFileSync(`${bed.home}/flake/ascalon/built`, "much\n");
    bed.git("-C", "ascalon", "init", "-q");
    expect((await bed.ascalon("rebuild")).code).toBe(0);
    expect(bed.world.read("/etc/nixos/ascalon/flake.nix")).toBe("{ }\n");
    expect(bed.world.read("/etc/nixos/ascalon/built")).toBeUndefined();
    expect(bed.world.read("/etc/nixos/ascalon/.git/HEAD")).toBeUndefined();
  });

  it("a symlink out of the folder is named, and of flake.nix the folder that it leads to", async ({
    bed,
  }) => {
    mkdirSync(`${bed.home}/dot files`);
    for (const name of ["note", "flake.nix"]) {
      if (name === "note") writeFileSync(`${bed.home}/flake/note`, "");
      renameSync(`${bed.home}/flake/${name}`, `${bed.home}/dot files/${name}`);
      symlinkSync(`../dot files/${name}`, `${bed.home}/flake/${name}`);
      symlinkSync("guest.nix", `${bed.home}/flake/within-${name}`);
      const { code, err } = await bed.ascalon("rebuild");
      expect([code, err]).toEqual(
        name === "note"
          ? [0, expect.stringContaining(`which lead nowhere in the guest: note (${bed.home}/flake)\n`)]
          : [1, expect.stringContaining(`run: ascalon config set system.flake '${bed.home}/dot files'`)],
      );
    }
  });

  it("says that an ignored flake.lock pins nothing, and leaves it alone", async ({ bed }) => {
    const lock = `${bed.home}/flake/flake.lock`;
    writeFileSync(`${bed.home}/flake/.gitignore`, "secret.txt\nflake.lock\n");
    writeFileSync(lock, "mine\n");
    for (const more of [[], ["--update"]]) {
      const { code, err } = await bed.ascalon("rebuild", ...more);
      expect([code, err]).toEqual([0, expect.stringContaining(`${lock} is ignored by git`)]);
      expect(err).not.toContain("Nix created a flake.lock");
      expect(readFileSync(lock, "utf8")).toBe("mine\n");
    }
    writeFileSync(`${bed.home}/flake/.gitignore`, "secret.txt\n");
    expect((await bed.ascalon("rebuild")).err).not.toContain("ignored by git");
  });

  it("says what differs, what is built and how much larger the system gets", async ({ bed }) => {
    await bed.ascalon("rebuild");
    bed.flake("second", "builds=ripgrep-14", "fetch=34.5");
    const { err } = await bed.ascalon("rebuild");
    expect(err).toContain("Flake changed: guest.nix");
    expect(err).toContain("To build: 2. To fetch: 1 (35 MiB to download");
    expect(err).toMatch(/The system takes \d+ MiB, \d+ MiB more than the previous one/);
  });

  it("says when the mux server that runs is not the new system's, and leaves it alone", async ({ bed }) => {
    const said = "Another WezTerm server is waiting";
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
    expect(err).toContain("already runs this system");
    expect(bed.world.commands.slice(before).join("\n")).not.toMatch(/ test\n| arm /);
  });

  it("--update asks for newer inputs and brings their lock back", async ({ bed }) => {
    await bed.ascalon("rebuild");
    bed.flake("second");
    expect((await bed.ascalon("rebuild", "--update", "nixpkgs")).code).toBe(0);
    expect(readFileSync(`${bed.home}/flake/flake.lock`, "utf8")).toContain('"updated": "nixpkgs"');
  });

  it("--update writes no lock of the guest's through a symlink into another file of the host", async ({
    bed,
  }) => {
    await bed.ascalon("rebuild");
    const [lock, profile] = [`${bed.home}/flake/flake.lock`, `${bed.home}/.profile`];
    renameSync(lock, profile);
    symlinkSync("../.profile", lock);
    bed.git("add", ".");
    const before = readFileSync(profile, "utf8");
    bed.flake("second");
    const { code, err } = await bed.ascalon("rebuild", "--update", "nixpkgs");
    expect([code, err]).toEqual([
      0,
      expect.stringContaining(`${lock} is a symlink, so ascalon does not write to it`),
    ]);
    expect(readFileSync(profile, "utf8")).toBe(before);
  });

  it("--update replaces the lock itself, whatever the guest put where a new one might be written", async ({
    bed,
  }) => {
    await bed.ascalon("rebuild");
    const [lock, profile] = [`${bed.home}/flake/flake.lock`, `${bed.home}/.profile`];
    writeFileSync(profile, "mine\n");
    // Where write-file-atomic writes first: a name that follows from its place, our pid and a count.
    const names = Array.from({ length: 400 }, (_, count) => temporaryName(lock, count + 1));
    for (const name of names) symlinkSync(profile, name);
    writeFileSync(`${bed.home}/flake/.gitignore`, "secret.txt\nflake.lock.*\n");
    bed.flake("second");
    expect((await bed.ascalon("rebuild", "--update", "nixpkgs")).code).toBe(0);
    expect(readFileSync(profile, "utf8")).toBe("mine\n");
    expect(readFileSync(lock, "utf8")).toContain('"updated": "nixpkgs"');
    expect([lstatSync(lock).isFile(), lstatSync(lock).mode & 0o777]).toEqual([true, 0o644]);
    const left = readdirSync(`${bed.home}/flake`).filter((name) => name.startsWith("flake.lock."));
    expect(left).toHaveLength(names.length);
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

  it("--dry-run --update asks for newer inputs too, in its own copy", async ({ bed }) => {
    await bed.ascalon("rebuild");
    const lock = readFileSync(`${bed.home}/flake/flake.lock`, "utf8");
    const before = bed.world.commands.length;
    const { code, out } = await bed.ascalon("rebuild", "--dry-run", "--update", "nixpkgs");
    expect([code, out]).toEqual([0, expect.stringContaining("Newer inputs: nixpkgs\n")]);
    const asked = bed.world.commands.slice(before).join("\n");
    expect(asked).toMatch(/flake update nixpkgs --flake path:\/var\/tmp\/ascalon-dry-run\n/);
    expect(readFileSync(`${bed.home}/flake/flake.lock`, "utf8")).toBe(lock);
    expect(bed.world.read("/etc/nixos/flake.lock")).toBe(lock);
  });

  it.for([[], ["--dry-run"]])(
    "--update of an input that there is not is an error and no build, also with %j",
    async (more, { bed }) => {
      await bed.ascalon("rebuild");
      const before = bed.world.commands.length;
      const { code, err } = await bed.ascalon("rebuild", "--update", "nixpkg", ...more);
      expect(code).toBe(1);
      expect(err).toContain("the flake has no input nixpkg that could be updated");
      expect(err).toContain("why: its inputs are nixpkgs\n");
      expect(err).toContain("run: ascalon rebuild --update nixpkgs\n");
      expect(bed.world.commands.slice(before).join("\n")).not.toMatch(/nix-command flakes build/);
    },
  );

  it("is not taken back for a folder that only the VM's next start can bring", async ({ bed }) => {
    await bed.ascalon("rebuild");
    const folder = `${bed.home}/Projects`;
    mkdirSync(folder);
    bed.settings("", "mounts: [{ host: ~/Projects }]\n");
    const escaped = spawnSync("systemd-escape", ["--path", "--suffix=mount", folder], { encoding: "utf8" });
    const unit = escaped.stdout.trim();
    bed.flake("second", `unit-fails=${unit}`);
    const { code, err } = await bed.ascalon("rebuild");
    expect(err).toContain(`Only the VM's next start brings ${folder} into the guest: ascalon restart`);
    expect(code).toBe(0);
    expect((await bed.ascalon("plan")).out).toContain("mounts");
    // Once the VM offers it, a folder that cannot be mounted is a fault as any other.
    await bed.ascalon("restart");
    writeFileSync(`${bed.world.root}/run/failed-units`, "");
    bed.flake("third", `unit-fails=${unit}`);
    expect((await bed.ascalon("rebuild")).err).toContain(`units failed: ${unit}`);
  });

  it("tells the system of the user that the VM has: another one comes with another VM", async ({ bed }) => {
    bed.settings("", "user: { name: mia }\n");
    expect((await bed.ascalon("rebuild")).code).toBe(0);
    expect(JSON.parse(bed.world.read("/etc/nixos/ascalon.json") ?? "")).toMatchObject({
      user: { name: "dev", home: "/home/dev" },
    });
    expect((await bed.ascalon("plan")).out).toContain("user.name");
  });

  it("notes the flake as what the VM has", async ({ bed }) => {
    bed.machine.applied = settingsOf("system: { flake: ~/other }\n");
    await bed.ascalon("rebuild");
    expect(bed.machine.applied?.system.flake).toBe(`${bed.home}/flake`);
    expect((await bed.ascalon("plan")).out).not.toContain("system.flake");
  });
});

describe.concurrent("what plan says of the guest's own system", () => {
  const allow = "bridge: { allow: [op, notify] }\nsockets: { docker: off }\n";

  it("is that it needs a rebuild, also after up brought what is live, and until it has it", async ({
    bed,
  }) => {
    await bed.ascalon("rebuild");
    expect(await bed.ascalon("plan")).toEqual({ code: 0, out: "Nothing is pending.\n", err: "" });
    bed.settings("", allow);
    const said =
      "The guest's own system has other values for sockets.docker, bridge.allow; update it with: ascalon rebuild\n";
    expect((await bed.ascalon("plan")).out).toContain(said);
    expect((await bed.ascalon("up")).err).toContain(said);
    expect(bed.world.read("/etc/ascalon/ascalon.json")).not.toContain("notify");
    expect(await bed.ascalon("plan")).toEqual({ code: 8, out: said, err: "" });
    const status = JSON.parse((await bed.ascalon("status", "--json")).out);
    expect((await bed.ascalon("status")).out).toContain(
      "  pending   the guest's own system has other values for sockets.docker, bridge.allow, and needs rebuild\n",
    );
    expect(status.settings).toMatchObject({ pending: [], rebuildToo: ["sockets.docker", "bridge.allow"] });
    await bed.ascalon("rebuild");
    expect(bed.world.read("/etc/ascalon/ascalon.json")).toContain("notify");
    expect(await bed.ascalon("plan")).toEqual({ code: 0, out: "Nothing is pending.\n", err: "" });
  });

  it("is the same of a folder that a restart mounted", async ({ bed }) => {
    await bed.ascalon("rebuild");
    mkdirSync(`${bed.home}/Projects`);
    bed.settings("", "mounts: [{ host: ~/Projects }]\n");
    expect((await bed.ascalon("restart")).code).toBe(0);
    const { code, out } = await bed.ascalon("plan");
    expect([code, out]).toEqual([
      8,
      expect.stringMatching(/^The guest's own system has other values for mounts;/),
    ]);
    await bed.ascalon("rebuild");
    expect((await bed.ascalon("plan")).code).toBe(0);
  });

  it("is true after a rollback too", async ({ bed }) => {
    await bed.ascalon("rebuild");
    bed.settings("", allow);
    await bed.ascalon("up");
    await bed.ascalon("rebuild");
    expect((await bed.ascalon("plan")).code).toBe(0);
    await bed.ascalon("rollback");
    expect((await bed.ascalon("plan")).out).toMatch(/has other values for sockets.docker, bridge.allow;/);
    await bed.ascalon("rollback", "3");
    expect((await bed.ascalon("plan")).code).toBe(0);
  });

  it("is nothing when the rebuild that would have brought it was taken back", async ({ bed }) => {
    await bed.ascalon("rebuild");
    bed.settings("", allow);
    bed.flake("second", "unit-fails=postgresql.service");
    expect((await bed.ascalon("rebuild")).code).toBe(1);
    await bed.ascalon("up");
    expect((await bed.ascalon("plan")).out).toMatch(/has other values for sockets.docker, bridge.allow;/);
  });
});

describe.concurrent("the flake of the guest", () => {
  it("is the confirmed system's: what was not built is named as different again", async ({ bed }) => {
    await bed.ascalon("rebuild");
    const before = bed.world.read("/etc/nixos/guest.nix");
    bed.flake("second", "breaks");
    for (const _ of [1, 2]) {
      const { code, err } = await bed.ascalon("rebuild");
      expect([code, err]).toEqual([1, expect.stringContaining("Flake changed: guest.nix")]);
    }
    expect(bed.world.read("/etc/nixos/guest.nix")).toBe(before);
  });

  it("is still that one after a way back", async ({ bed }) => {
    await bed.ascalon("rebuild");
    const before = bed.world.read("/etc/nixos/guest.nix");
    bed.flake("second", "unit-fails=postgresql.service");
    await bed.ascalon("rebuild");
    expect(bed.world.read("/etc/nixos/guest.nix")).toBe(before);
    expect((await bed.ascalon("rebuild")).err).toContain("Flake changed: guest.nix");
  });

  it("goes back with a rollback", async ({ bed }) => {
    await bed.ascalon("rebuild");
    const first = bed.world.read("/etc/nixos/guest.nix");
    bed.flake("second");
    await bed.ascalon("rebuild");
    const second = bed.world.read("/etc/nixos/guest.nix");
    expect(second).not.toBe(first);
    await bed.ascalon("rollback");
    expect(bed.world.read("/etc/nixos/guest.nix")).toBe(first);
    expect((await bed.ascalon("rebuild", "--dry-run")).out).toContain("Flake changed: guest.nix");
    await bed.ascalon("rollback", "3");
    expect(bed.world.read("/etc/nixos/guest.nix")).toBe(second);
    expect((await bed.ascalon("rebuild", "--dry-run")).out).not.toContain("Flake");
  });

  it("stays, with a word, when the system gone back to is of no flake that was kept", async ({ bed }) => {
    await bed.ascalon("rebuild");
    const flake = bed.world.read("/etc/nixos/guest.nix");
    const { code, err } = await bed.ascalon("rollback", "1");
    expect([code, err]).toEqual([0, expect.stringContaining("the one of generation 1 was not kept")]);
    expect(bed.world.read("/etc/nixos/guest.nix")).toBe(flake);
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

  it("a live rollback that NixOS does not make: --boot goes back by a restart, and that is said", async ({
    bed,
  }) => {
    bed.settings("", "", hostname());
    bed.flake("switch-inhibited");
    expect((await bed.ascalon("rebuild", "--boot")).code).toBe(0);
    const { runs } = bed.world.state();
    bed.flake("second");
    await bed.ascalon("rebuild");
    const live = await bed.ascalon("rollback");
    expect([live.code, live.err]).toEqual([
      1,
      expect.stringContaining("run: ascalon rollback 2 --boot\n       (it needs a restart)\n"),
    ]);
    expect(bed.world.state().runs).not.toBe(runs);
    const { code, err } = await bed.ascalon("rollback", "2", "--boot");
    expect([code, err]).toEqual([0, expect.stringMatching(/The guest runs generation 2\.\n$/)]);
    expect(bed.world.state()).toEqual({ runs, profile: runs, loader: runs });
    expect(bed.world.read("/var/lib/ascalon/rollback/armed")).toBeUndefined();
  });

  it("a rollback by a restart that is not well restarts into the system before", async ({ bed }) => {
    bed.flake("first");
    await bed.ascalon("rebuild");
    bed.flake("second");
    await bed.ascalon("rebuild");
    const before = bed.world.state();
    bed.settings('checks: ["false"]');
    const { code, err } = await bed.ascalon("rollback", "--boot");
    expect([code, err]).toEqual([1, expect.stringContaining("`false` exited with 1")]);
    expect(err).toContain(`the guest restarts with ${before.runs}`);
    await bed.world.restart();
    expect(bed.world.state()).toEqual(before);
  });

  it("refuses a number that is none", async ({ bed }) => {
    expect((await bed.ascalon("rollback", "7")).err).toContain("There is no generation 7; there are 1");
    expect((await bed.ascalon("rollback", "x")).code).toBe(2);
    expect((await bed.ascalon("rollback")).err).toContain("no older generation");
  });
});
