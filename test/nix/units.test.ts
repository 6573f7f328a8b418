import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWith, type Guest, guest, root, settingsWith, withSbin } from "./support/nix.ts";
import { unitText } from "./support/unit-text.ts";
import { verifyUserUnit } from "./support/verify-user-unit.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ascalon-nix-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, args: readonly string[], env: Record<string, string> = {}) => {
  const result = spawnSync(command, args, { encoding: "utf8", env: { ...withSbin(), ...env } });
  if (result.error !== undefined) throw result.error;
  return { code: result.status, talk: `${result.stdout}${result.stderr}` };
};

const both = (): readonly Guest[] => [guest(), guest(`settings = ${root}test/golden/nix-json/mac.json;`)];

describeWith(["nix-instantiate", "systemd-analyze"], "units", () => {
  const ours = Object.entries(guest().config.systemd.services).filter(([name]) =>
    name.startsWith("ascalon-"),
  );

  it("of the system are those of the home disk and of the rollback", () => {
    expect(ours.map(([name]) => name)).toEqual(["ascalon-home-disk", "ascalon-rollback-resume"]);
  });

  it.each(ours)("%s is understood by systemd, to the last key", (name, unit) => {
    writeFileSync(join(folder, `${name}.service`), unitText(unit));
    // Unknown keys are a line of output and no failure.
    expect(run("systemd-analyze", ["verify", "--man=no", join(folder, `${name}.service`)])).toEqual({
      code: 0,
      talk: "",
    });
  });

  it("why #18: wezterm-daemon is understood by systemd as a unit of a user, to the last key", () => {
    const unit = guest().config.systemd.user.services["wezterm-daemon"];
    const file = join(folder, "wezterm-daemon.service");
    writeFileSync(file, unitText(unit ?? {}));
    expect(verifyUserUnit(file)).toEqual({ code: 0, talk: "" });
  });

  it("a unit with a misspelt key is noticed by this very test", () => {
    const file = join(folder, "x.service");
    writeFileSync(
      file,
      unitText({ description: "x", serviceConfig: { ExecStart: "/bin/true", OOMPolcy: "continue" } }),
    );
    expect(run("systemd-analyze", ["verify", "--man=no", file]).talk).toContain("OOMPolcy");
  });
});

describeWith(["nix-instantiate", "/lib/systemd/system-generators/systemd-fstab-generator"], "fstab", () => {
  const generate = (of: Guest): string => {
    const text = Object.entries(of.config.fileSystems)
      .map(([path, fs]) => `${fs.device} ${path} ${fs.fsType} ${(fs.options ?? ["defaults"]).join(",")} 0 0`)
      .join("\n");
    writeFileSync(join(folder, "fstab"), `${text}\n`);
    const made = run("/lib/systemd/system-generators/systemd-fstab-generator", [folder, folder, folder], {
      SYSTEMD_FSTAB: join(folder, "fstab"),
      SYSTEMD_LOG_TARGET: "console",
    });
    expect(made.code).toBe(0);
    return made.talk;
  };

  it("why #9: makes a /home that waits for its disk, comes before everything that needs a home, and is not required", () => {
    generate(guest());
    const unit = readFileSync(join(folder, "home.mount"), "utf8");
    expect(unit).toMatch(/^Requires=ascalon-home-disk\.service$/m);
    expect(unit).toMatch(/^After=ascalon-home-disk\.service$/m);
    expect(unit).toMatch(/^Before=local-fs\.target$/m);
    expect(readdirSync(join(folder, "local-fs.target.wants"))).toContain("home.mount");
    expect(readdirSync(join(folder, "local-fs.target.requires"))).not.toContain("home.mount");
  });

  it("why #9: has no circle in the order of the boot", () => {
    const verify = (unit: string): string => {
      writeFileSync(join(folder, "ascalon-home-disk.service"), unit);
      return run("systemd-analyze", ["verify", "--man=no", "multi-user.target"], {
        SYSTEMD_UNIT_PATH: `${folder}:`,
      }).talk;
    };
    generate(guest());
    const unit = unitText(guest().config.systemd.services["ascalon-home-disk"] ?? {});
    expect(verify(unit)).not.toContain("cycle");
    // The same question of a unit that does make one.
    expect(verify(unit.replace("After=", "After=multi-user.target "))).toContain("ordering cycle");
  });

  it("why #13: makes the host's folders wanted and not required", () => {
    generate(guest(`settings = ${root}test/golden/nix-json/mac.json;`));
    expect(readdirSync(join(folder, "local-fs.target.wants"))).toContain("Users-dev-Projects.mount");
    expect(readFileSync(join(folder, "Users-dev-Projects.mount"), "utf8")).toMatch(
      /^What=lima-4167fa32be11c36a$/m,
    );
  });
});

describeWith(["nix-instantiate", "systemd-tmpfiles"], "tmpfiles", () => {
  const create = (of: Guest): { code: number | null; talk: string } => {
    const name = of.config.fileSystems["/Users/dev/Projects"] === undefined ? "dev" : "mia";
    const rules = Object.values(of.config.systemd.tmpfiles.settings).flatMap((paths) =>
      Object.entries(paths).flatMap(([path, types]) =>
        Object.entries(types).map(
          ([type, rule]) =>
            `'${type}' '${path}' '${rule.mode ?? "-"}' '${rule.user ?? "-"}' '${rule.group ?? "-"}' '-' ${rule.argument ?? ""}`,
        ),
      ),
    );
    mkdirSync(join(folder, "etc"), { recursive: true });
    mkdirSync(join(folder, "home"), { recursive: true });
    mkdirSync(join(folder, "run"), { recursive: true });
    // Numbers of whoever runs the test, so that it needs no root.
    writeFileSync(
      join(folder, "etc/passwd"),
      `${name}:x:${process.getuid?.()}:${process.getgid?.()}::/:/bin/sh\n`,
    );
    writeFileSync(join(folder, "etc/group"), `users:x:${process.getgid?.()}:\n`);
    writeFileSync(join(folder, "rules.conf"), `${rules.join("\n")}\n`);
    return run("systemd-tmpfiles", ["--create", `--root=${folder}`, join(folder, "rules.conf")]);
  };

  it("why #4: the folder of the sockets is made, for the user alone, and /run/docker.sock points into it", () => {
    for (const each of both().slice(0, 1)) expect(create(each)).toEqual({ code: 0, talk: "" });
    expect(lstatSync(join(folder, "run/ascalon")).mode & 0o777).toBe(0o700);
    expect(readlinkSync(join(folder, "run/docker.sock"))).toBe("/run/ascalon/docker.sock");
    expect(lstatSync(join(folder, "home/dev")).mode & 0o777).toBe(0o700);
  });

  it("why #4: run again by a switch, it leaves the sockets in the folder", () => {
    expect(create(guest()).code).toBe(0);
    writeFileSync(join(folder, "run/ascalon/docker.sock"), "");
    expect(create(guest())).toEqual({ code: 0, talk: "" });
    expect(readdirSync(join(folder, "run/ascalon"))).toEqual(["docker.sock"]);
  });

  it("links to mounted folders are made, with the folders between", () => {
    expect(create(both()[1] as Guest)).toEqual({ code: 0, talk: "" });
    expect(readlinkSync(join(folder, "home/mia/Projects"))).toBe("/Users/dev/Projects");
    expect(readlinkSync(join(folder, "home/mia/work/notes"))).toBe("/Users/dev/work/notes");
  });

  it("links to folders with a quote or a percent sign in their names are made as well", () => {
    const mount = (name: string): string =>
      `{ path = "/Users/dev/${name}"; tag = "lima-0"; type = "virtiofs"; options = [ "rw" ]; link = "/home/dev/${name}"; }`;
    const odd = guest(settingsWith(`s // { mounts = [ ${mount("Mia's/100%u")} ]; }`));
    expect(create(odd)).toEqual({ code: 0, talk: "" });
    expect(readlinkSync(join(folder, "home/dev/Mia's/100%u"))).toBe("/Users/dev/Mia's/100%u");
  });

  it("a folder of the user's where a link would go is left as it is", () => {
    mkdirSync(join(folder, "home/mia/Projects"), { recursive: true });
    writeFileSync(join(folder, "home/mia/Projects/work.txt"), "mine");
    create(both()[1] as Guest);
    expect(readFileSync(join(folder, "home/mia/Projects/work.txt"), "utf8")).toBe("mine");
  });
});

describeWith(["nix-instantiate", "sshd"], "sshd", () => {
  it("why #4: takes the settings, and has them in effect", () => {
    const { settings } = (guest().config.services as { openssh: { settings: Record<string, unknown> } })
      .openssh;
    const word = (value: unknown): string =>
      value === true ? "yes" : value === false ? "no" : String(value);
    const key = join(folder, "key");
    expect(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]).code).toBe(0);
    const file = join(folder, "sshd_config");
    const text = Object.entries(settings).map(([name, value]) => `${name} ${word(value)}`);
    expect(text).toContain("PerSourcePenalties no");
    // OpenSSH has that word since 9.8, and this host's may be older than the guest's.
    const release = Number(/OpenSSH_(\d+\.\d+)/.exec(run("/usr/sbin/sshd", ["-V"]).talk)?.[1]);
    const known = text.filter((line) => release >= 9.8 || !line.startsWith("PerSourcePenalties"));
    writeFileSync(file, `HostKey ${key}\n${known.join("\n")}\n`);
    // sshd wants its own folder even to check a file; only root can make it, and only root needs it.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
    expect(run("/usr/sbin/sshd", ["-t", "-f", file])).toEqual({ code: 0, talk: "" });
    const effective = run("/usr/sbin/sshd", ["-T", "-f", file]).talk;
    expect(effective).toMatch(/^streamlocalbindunlink yes$/m);
    expect(effective).toMatch(/^clientaliveinterval 15$/m);
    expect(effective).toMatch(/^allowstreamlocalforwarding yes$/m);
  });
});
