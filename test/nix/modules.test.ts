import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeWith, guest, root } from "./support/nix.ts";

/** What Nix itself reads of a nix.conf as NixOS writes it: the settings, and the text at its end. */
function featuresOf(nix: unknown): readonly string[] {
  const { settings, extraOptions } = nix as { settings: Record<string, unknown>; extraOptions?: string };
  const features = [settings["experimental-features"] ?? ""].flat().join(" ");
  const folder = mkdtempSync(join(tmpdir(), "ascalon-nix-conf-"));
  writeFileSync(join(folder, "nix.conf"), `experimental-features = ${features}\n${extraOptions ?? ""}\n`);
  const { stdout, stderr } = spawnSync("nix", ["show-config"], {
    encoding: "utf8",
    env: { ...process.env, NIX_CONF_DIR: folder, NIX_USER_CONF_FILES: "", NIX_CONFIG: "build-users-group =" },
  });
  rmSync(folder, { recursive: true });
  const found = /^experimental-features = (.*)$/m.exec(stdout)?.[1];
  if (found === undefined) throw new Error(stderr);
  return found.split(" ");
}

describeWith(["nix", "nix-instantiate"], "the guest", () => {
  const plain = guest();
  const mac = guest(`settings = ${root}test/golden/nix-json/mac.json;`);
  const { fileSystems, systemd } = plain.config;
  const mux = systemd.user.services["wezterm-daemon"];
  const member = (path: string, from: unknown = plain.config): unknown =>
    path.split("/").reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], from);

  it("of the default settings breaks none of its own rules", () => {
    expect(plain.failed).toEqual([]);
  });

  it("emits nothing when ascalon.enable is false", () => {
    const { config, defaults, failed, packages } = guest("enable = false;");
    const { ascalon: _, boot, services, ...others } = config as Record<string, Record<string, unknown>>;
    const { lima, ...otherServices } = services as Record<string, unknown>;
    expect(lima).toEqual({ enable: false });
    // A profile of NixOS's is imported or not, on no condition.
    expect(Object.keys(boot ?? {})).toEqual(["initrd"]);
    expect({ ...others, services: otherServices }).toEqual(defaults);
    expect([failed, packages]).toEqual([[], []]);
  });

  it.each([
    ["homeDisk", "systemd/services/ascalon-home-disk", "fileSystems//home"],
    ["wezterm", "systemd/user/services/wezterm-daemon", "environment/etc/ascalon~wezterm.lua"],
    ["links", "environment/sessionVariables/DOCKER_HOST", "systemd/tmpfiles/settings/10-ascalon-links"],
    ["time", "services/timesyncd/enable", "services/timesyncd/enable"],
    ["reclaim", "services/fstrim/enable", "nix/gc/automatic"],
    ["rollback", "systemd/services/ascalon-rollback-resume", "systemd/services/ascalon-rollback-resume"],
    ["packages", "environment/etc/ascalon~packages.json", "environment/etc/ascalon~packages.json"],
  ])("emits nothing of %s when that part alone is off", (part, ...paths) => {
    const { config, failed } = guest(`changes = { ascalon.${part}.enable = false; };`);
    for (const path of paths) {
      const at = (from: unknown) =>
        path
          .replace("//", "/~")
          .split("/")
          .reduce<unknown>(
            (value, name) => (value as Record<string, unknown>)?.[name.replaceAll("~", "/")],
            from,
          );
      expect(at(plain.config), path).toBeDefined();
      expect(at(config), path).toBeUndefined();
    }
    expect(failed).toEqual([]);
  });

  it("why #1: takes the root file systems from where the nixos-lima image has them", () => {
    expect(fileSystems["/"]).toMatchObject({
      device: "/dev/disk/by-label/nixos",
      fsType: "ext4",
      autoResize: true,
      options: ["noatime", "discard"],
    });
    expect(fileSystems["/boot"]).toEqual({ device: "/dev/vda1", fsType: "vfat" });
    expect(member("boot/growPartition")).toBe(true);
    expect(member("boot/initrd/availableKernelModules")).toContain("virtio_blk");
    expect(member("boot/loader/grub")).toEqual({
      configurationLimit: 2,
      device: "nodev",
      efiInstallAsRemovable: true,
      efiSupport: true,
    });
  });

  it("why #16: speaks on the consoles that Lima keeps, and starts anew after a kernel panic", () => {
    expect(member("boot/kernelParams")).toEqual([
      "console=tty0",
      "console=ttyAMA0",
      "console=hvc0",
      "panic=10",
    ]);
  });

  it("why #4, #5: has a folder that the user owns for the host's sockets, and /run/docker.sock points into it", () => {
    expect(systemd.tmpfiles.settings["10-ascalon-links"]).toEqual({
      "/run/ascalon": { d: { mode: "0700", user: "dev", group: "users" } },
      "/run/docker.sock": { "L+": { argument: "/run/ascalon/docker.sock" } },
    });
    expect(member("services/openssh/settings/StreamLocalBindUnlink")).toBe(true);
  });

  it("why #5, #19: tells logins, the user's manager and panes the same agent and Docker", () => {
    const expected = {
      DOCKER_HOST: "unix:///run/ascalon/docker.sock",
      SSH_AUTH_SOCK: "/run/ascalon/ssh-agent.sock",
    };
    expect(member("environment/sessionVariables")).toEqual(expected);
    expect(member("ascalon/linkEnvironment")).toEqual(expected);
  });

  it("says nothing of a Docker that the settings turned off", () => {
    expect(member("environment/sessionVariables", mac.config)).toEqual({
      SSH_AUTH_SOCK: "/run/ascalon/ssh-agent.sock",
    });
    expect(mac.config.systemd.tmpfiles.settings["10-ascalon-links"]).not.toHaveProperty(["/run/docker.sock"]);
  });

  it("why #3: offers the bridge's commands by name, those that the settings allow and no other", () => {
    const shims = ["op", "open", "pbcopy", "pbpaste", "notify"];
    expect(plain.packages.filter((name) => shims.includes(name))).toEqual(["op", "open", "pbcopy"]);
    expect(mac.packages.filter((name) => shims.includes(name))).toEqual(["op", "notify"]);
  });

  it("why #8: has the user of lima.yaml, by name, number and home", () => {
    expect(member("users/users/dev")).toEqual({
      isNormalUser: true,
      uid: 1000,
      home: "/home/dev",
      createHome: true,
      homeMode: "700",
      extraGroups: ["wheel"],
      linger: true,
      shell: expect.stringMatching(/-bashInteractive$/),
    });
    expect(systemd.tmpfiles.settings["10-ascalon-home"]).toEqual({
      "/home/dev": { d: { mode: ":700", user: "dev", group: "users" } },
    });
  });

  it.each(["fish", "zsh"])("has another login shell when it is asked for, set up by NixOS: %s", (shell) => {
    const { config, failed } = guest(`changes.ascalon.user.shell = "${shell}";`);
    expect(failed).toEqual([]);
    expect(member("users/users/dev/shell", config)).toMatch(new RegExp(`-${shell}$`));
    expect(member(`programs/${shell}/enable`, config)).toBe(true);
    expect(member("programs")).not.toHaveProperty(`${shell}.enable`);
  });

  it.each([
    // What NixOS itself defines of a normal user, from users.defaultUserShell.
    ["users.defaultUserShell where none is named", "lib.mkDefault", "", "tmux"],
    [
      "the one that is named before users.defaultUserShell",
      "lib.mkDefault",
      'ascalon.user.shell = "zsh";',
      "zsh",
    ],
    ["a line of the user's own before both", "", 'ascalon.user.shell = "zsh";', "tmux"],
  ])("lets the login shell be %s", (_what, priority, more, shell) => {
    const own = `users.users.dev.shell = ${priority} pkgs.tmux;`;
    const { config } = guest(`changes = { lib, pkgs, ... }: { ${own} ${more} };`);
    expect(member("users/users/dev/shell", config)).toMatch(new RegExp(`-${shell}$`));
  });

  it("makes the home as open as the user's own option says, which each switch applies again", () => {
    const { config } = guest('changes.users.users.dev.homeMode = "750";');
    expect(member("users/users/dev/homeMode", config)).toBe("750");
    expect(config.systemd.tmpfiles.settings["10-ascalon-home"]).toMatchObject({
      "/home/dev": { d: { mode: ":750" } },
    });
  });

  it("why #9: keeps /home on a labelled disk, made ready before the mount, and boots without it too", () => {
    expect(fileSystems["/home"]).toEqual({
      device: "/dev/disk/by-label/ascalon-home",
      fsType: "ext4",
      noCheck: true,
      options: [
        "noatime",
        "nofail",
        "x-systemd.before=local-fs.target",
        "x-systemd.requires=ascalon-home-disk.service",
        "x-systemd.device-timeout=2min",
      ],
    });
    expect(systemd.services["ascalon-home-disk"]).toMatchObject({
      before: ["home.mount", "shutdown.target"],
      restartIfChanged: false,
      unitConfig: { DefaultDependencies: false, RequiresMountsFor: "/mnt/lima-cidata" },
      environment: { ASCALON_HOME_DISK: "ascalon-home", ASCALON_HOME_LABEL: "ascalon-home" },
      serviceConfig: {
        Type: "oneshot",
        // A switch starts whatever a mount wants and is not active: it would run under a mounted /home.
        RemainAfterExit: true,
        TimeoutStartSec: "15min",
        ExecStart: [
          expect.stringMatching(/\/bin\/ascalon-home-disk$/),
          expect.stringMatching(/\/bin\/ascalon-home-move \/dev\/disk\/by-label\/ascalon-home ascalon-home$/),
        ],
      },
    });
  });

  it("why #9: waits for the label of /home as long as the script may take to make it, and not much longer", () => {
    const script = readFileSync(`${root}nix/guest/home-disk.sh`, "utf8");
    const seconds = [/ASCALON_HOME_WAIT:-(\d+)/, /flock -w (\d+)/, /settle --timeout=(\d+)/].map((wait) =>
      Number(wait.exec(script)?.[1]),
    );
    const longest = seconds.reduce((sum, one) => sum + one, 0);
    const minutes = /device-timeout=(\d+)min/.exec(fileSystems["/home"]?.options.join() ?? "")?.[1];
    expect(Number(minutes)).toBe(Math.ceil(longest / 60));
  });

  it("has flakes in the guest itself, and trusts its user, for whoever builds there", () => {
    expect(member("nix/settings")).toMatchObject({ "trusted-users": ["@wheel"] });
    expect(featuresOf(plain.config.nix)).toEqual(expect.arrayContaining(["nix-command", "flakes"]));
  });

  it.each(['"ca-derivations"', '[ "ca-derivations" ]'])(
    "adds them to the features that somebody has asked for as %s",
    (written) => {
      const { config } = guest(`changes.nix.settings.experimental-features = ${written};`);
      const features = ["ca-derivations", "flakes", "nix-command"];
      expect(featuresOf(config.nix)).toEqual(expect.arrayContaining(features));
    },
  );

  it("keeps the connections over a switch where sshd comes with each of them, and makes no such unit elsewhere", () => {
    const socket = guest("changes = { lib, ... }: { services.openssh.startWhenNeeded = lib.mkForce true; };");
    expect(socket.config.systemd.services["sshd@"]).toEqual({ restartIfChanged: false });
    expect(guest().config.systemd.services).not.toHaveProperty(["sshd@"]);
  });

  it("notices within two minutes that the host is gone, and frees the sockets of its forwards", () => {
    const { ClientAliveInterval, ClientAliveCountMax } = member("services/openssh/settings") as Record<
      string,
      number
    >;
    expect((ClientAliveInterval ?? 0) * (ClientAliveCountMax ?? 0)).toBe(120);
  });

  it("why #10, #11: has the public cache alone, and a desktop in no list", () => {
    expect(member("nix/settings/substituters")).toEqual(["https://cache.nixos.org/"]);
    expect(member("services/xserver/enable")).toBe(false);
  });

  it("why #13: turns nixos-lima on by itself, so that no flag of one's own can be forgotten", () => {
    expect(member("services/lima/enable")).toBe(true);
    expect(systemd.services).toHaveProperty("lima-init");
  });

  it("why #13: mounts the host's folders by Lima's own names and options, so that a switch leaves them mounted", () => {
    expect(mac.config.fileSystems["/Users/dev/Projects"]).toEqual({
      device: "lima-4167fa32be11c36a",
      fsType: "virtiofs",
      noCheck: true,
      options: ["rw", "nofail"],
    });
  });

  it("links a mounted folder into the home and never replaces what is there", () => {
    expect(mac.config.systemd.tmpfiles.settings["20-ascalon-mounts"]).toEqual({
      "/home/mia/Projects": { L: { argument: "/Users/dev/Projects" } },
      "/home/mia/work": { d: { mode: "0755", user: "mia", group: "users" } },
      "/home/mia/work/notes": { L: { argument: "/Users/dev/work/notes" } },
    });
  });

  it("why #14: lets Lima's boot service own the keys", () => {
    expect(member("users/mutableUsers")).toBe(true);
    expect(member("services/openssh/authorizedKeysInHomedir")).toBe(true);
    expect(member("users/users/dev")).not.toHaveProperty("openssh");
  });

  it("why #17: gives space back, every day, and in the middle of a build", () => {
    expect(member("services/fstrim")).toEqual({ enable: true, interval: "daily" });
    expect(member("nix/gc")).toEqual({
      automatic: true,
      dates: "weekly",
      options: "--delete-older-than 30d",
    });
    expect(member("nix/settings/min-free")).toBe(2 * 1024 ** 3);
  });

  it("leaves a module that is shared with other machines its own garbage collection and sshd", () => {
    const { config, failed } = guest(`changes = {
      nix.gc = { automatic = false; dates = "daily"; options = "--delete-older-than 7d"; };
      nix.settings.min-free = 1;
      services.fstrim.interval = "weekly";
      services.openssh.settings.ClientAliveInterval = 300;
    };`);
    expect(failed).toEqual([]);
    expect(config).toMatchObject({
      nix: {
        gc: { automatic: false, dates: "daily", options: "--delete-older-than 7d" },
        settings: { "min-free": 1, "max-free": 8 * 1024 ** 3 },
      },
      services: {
        fstrim: { enable: true, interval: "weekly" },
        openssh: { settings: { ClientAliveInterval: 300, ClientAliveCountMax: 8 } },
      },
    });
  });

  it("why #18: runs the mux for one user, from boot, and no switch restarts it", () => {
    expect(mux).toMatchObject({
      wantedBy: ["default.target"],
      unitConfig: { ConditionUser: "dev" },
      restartIfChanged: false,
      stopIfChanged: false,
      path: [],
    });
    expect(mux?.serviceConfig).toMatchObject({
      // Ready when its socket is there, which a unit of the user's own may wait for.
      ExecStartPost: expect.stringMatching(/\/bin\/ascalon-wait-for-socket %t\/wezterm\/sock$/),
      RestartSec: 2,
      LimitNOFILE: 524288,
      UnsetEnvironment: "__NIXOS_SET_ENVIRONMENT_DONE",
      Restart: "on-failure",
      OOMPolicy: "continue",
      KillMode: "process",
      TasksMax: "infinity",
    });
  });

  it("why #18: has WezTerm's own programs and terminfo, and the one that a rebuild asks whether a newer server waits", () => {
    expect(plain.packages).toEqual(expect.arrayContaining(["wezterm", "ascalon-mux-pending"]));
  });

  it("why #18: takes another WezTerm without a change of the unit's name", () => {
    const other = guest(
      'changes = { pkgs, ... }: { ascalon.wezterm.package = pkgs.writeText "headless" ""; };',
    );
    expect(other.config.systemd.user.services["wezterm-daemon"]?.serviceConfig).toMatchObject({
      ExecStart: expect.stringContaining(
        "-headless/bin/wezterm-mux-server --config-file /etc/ascalon/wezterm.lua",
      ),
    });
  });

  it("tells the host what it was built from", () => {
    expect(JSON.parse(plain.files["ascalon/ascalon.json"] ?? "")).toEqual(member("ascalon/settings"));
  });

  it("has its own small git behind every other one: two of one rank, and NixOS takes either", () => {
    const { gitMinimal = 0, ...others } = plain.ranks;
    expect(others).toMatchObject({ git: 10 });
    expect(gitMinimal).toBeGreaterThan(Math.max(...Object.values(others)));
  });

  it("says on every terminal that /home is not on its disk", () => {
    expect(member("environment/interactiveShellInit")).toMatch(
      /ascalon-home\.failed[\s\S]*NOT on its disk[\s\S]*>&2/,
    );
  });

  it("follows a user's own module", () => {
    const { config, failed } = guest(`
      changes = { lib, ... }: {
        services.timesyncd.enable = false;
        system.stateVersion = "26.11";
        ascalon.wezterm.extraConfig = "config.scrollback_lines = 20000";
      };`);
    expect(member("system/stateVersion", config)).toBe("26.11");
    expect(member("services/timesyncd/enable", config)).toBe(false);
    expect(failed).toEqual([]);
  });
});
