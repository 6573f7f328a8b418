import { expect, it } from "vitest";
import { describeWith, guest, settingsWith } from "./support/nix.ts";

const withMounts = (mounts: string): string => settingsWith(`s // { mounts = [ ${mounts} ]; }`);
const mount = (path: string): string =>
  `{ path = "${path}"; tag = "lima-0"; type = "virtiofs"; options = [ "rw" ]; link = null; }`;
const withExtra = (path: string): string =>
  settingsWith(
    `s // { sockets = s.sockets // { extra = [ { name = "x"; guest = "${path}"; bound = "guest"; } ]; }; }`,
  );

/** What a person could write, and the beginning of the one sentence that stops the build. */
const refusals: readonly (readonly [row: string, what: string, passed: string, sentence: string])[] = [
  [
    "#9",
    "the store on a share",
    'changes.fileSystems."/nix" = { device = "x"; fsType = "virtiofs"; };',
    "/nix is mounted from the host",
  ],
  [
    "#9",
    "a link below the store",
    'changes.fileSystems."/nix/store" = { device = "x"; fsType = "9p"; };',
    "/nix/store is mounted from the host",
  ],
  [
    "#9",
    "another disk for /home",
    'changes = { lib, ... }: { fileSystems."/home".device = lib.mkForce "/dev/vdb1"; };',
    "/home is mounted from /dev/vdb1",
  ],
  [
    "#9",
    "a /home that stops the boot",
    'changes = { lib, ... }: { fileSystems."/home".options = lib.mkForce [ "noatime" ]; };',
    'fileSystems."/home" has lost `nofail`',
  ],
  [
    "#10",
    "a host's store as a cache",
    'changes.nix.settings.substituters = [ "file:///nix-host/store" ];',
    "nix.settings.substituters holds file:///nix-host/store",
  ],
  [
    "#11",
    "a desktop",
    "changes = { lib, ... }: { services.xserver.enable = lib.mkForce true; };",
    "services.xserver.enable or hardware.graphics.enable is set",
  ],
  [
    "#11",
    "a desktop without X",
    "changes.hardware.graphics.enable = true;",
    "services.xserver.enable or hardware.graphics.enable is set",
  ],
  [
    "#7",
    "another name than the settings have",
    'changes = { lib, ... }: { networking.hostName = lib.mkForce "other"; };',
    "networking.hostName is other, and system.host in ascalon.yaml is ascalon",
  ],
  [
    "#12",
    "sshd on another port",
    "changes = { lib, ... }: { services.openssh.ports = lib.mkForce [ 55555 ]; };",
    "sshd does not listen on port 22",
  ],
  [
    "#12",
    "no sshd",
    "changes = { lib, ... }: { services.openssh.enable = lib.mkForce false; };",
    "sshd does not listen on port 22",
  ],
  [
    "#13",
    "nixos-lima turned off",
    "changes = { lib, ... }: { services.lima.enable = lib.mkForce false; };",
    "services.lima.enable is off",
  ],
  [
    "#13",
    "a nixos-lima without effect",
    "nixos-lima.nixosModules.lima = { };",
    "nixos-lima is enabled and has no effect",
  ],
  [
    "#13",
    "an /etc that Lima's boot service cannot write",
    "changes = { lib, ... }: { system.etc.overlay = { enable = lib.mkForce true; mutable = lib.mkForce false; }; };",
    "system.etc.overlay.mutable is off",
  ],
  [
    "#1",
    "another root",
    'changes = { lib, ... }: { fileSystems."/".device = lib.mkForce "/dev/sda1"; };',
    "The root file system is /dev/sda1",
  ],
  [
    "#1",
    "more generations than /boot holds",
    "changes = { lib, ... }: { boot.loader.grub.configurationLimit = lib.mkForce 50; };",
    "boot.loader.grub.configurationLimit is 50",
  ],
  [
    "#14",
    "immutable users",
    "changes = { lib, ... }: { users.mutableUsers = lib.mkForce false; };",
    "users.mutableUsers is false",
  ],
  [
    "#14",
    "keys from /etc alone",
    "changes = { lib, ... }: { services.openssh.authorizedKeysInHomedir = lib.mkForce false; };",
    "services.openssh.authorizedKeysInHomedir is off",
  ],
  [
    "#14",
    "a declared key",
    'changes.users.users.dev.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAA" ];',
    "users.users.dev.openssh.authorizedKeys.keys is set",
  ],
  [
    "#14",
    "home-manager's authorized_keys",
    'changes.home-manager.users.dev.home.file.".ssh/authorized_keys".text = "x";',
    "home-manager manages ~/.ssh/authorized_keys of dev",
  ],
  [
    "#8",
    "another home",
    'changes = { lib, ... }: { users.users.dev.home = lib.mkForce "/home/dev.linux"; };',
    "The home of dev is /home/dev.linux here and /home/dev in lima.yaml",
  ],
  [
    "#8",
    "a home beside the disk",
    settingsWith('s // { user = s.user // { home = "/srv/dev"; }; }'),
    "The home /srv/dev is not below /home",
  ],
  [
    "#8",
    "the Mac's user number",
    settingsWith("s // { user = s.user // { uid = 501; }; }"),
    "user.uid is 501",
  ],
  [
    "#16",
    "sudo with a password",
    "changes = { lib, ... }: { security.sudo.wheelNeedsPassword = lib.mkForce true; };",
    "dev cannot use sudo without a password",
  ],
  [
    "#16",
    "sudo-rs with a password",
    "changes = { lib, ... }: { security.sudo-rs.enable = lib.mkForce true; security.sudo.enable = lib.mkForce false; security.sudo-rs.wheelNeedsPassword = lib.mkForce true; };",
    "dev cannot use sudo without a password",
  ],
  [
    "#16",
    "no sudo",
    "changes = { lib, ... }: { security.sudo.enable = lib.mkForce false; };",
    "dev cannot use sudo without a password",
  ],
  [
    "#16",
    "a user outside wheel",
    "changes = { lib, ... }: { users.users.dev.extraGroups = lib.mkForce [ ]; };",
    "dev cannot use sudo without a password",
  ],
  [
    "#18",
    "a mux that a switch restarts",
    "changes = { lib, ... }: { systemd.user.services.wezterm-daemon.restartIfChanged = lib.mkForce true; };",
    "systemd.user.services.wezterm-daemon would be restarted by a switch",
  ],
  [
    "#18",
    "a PATH for every pane",
    'changes = { lib, ... }: { systemd.user.services.wezterm-daemon.path = lib.mkOverride 10 [ "x" ]; };',
    "systemd.user.services.wezterm-daemon.path is set",
  ],
  [
    "#18",
    "a mux that dies of a compiler",
    'changes = { lib, ... }: { systemd.user.services.wezterm-daemon.serviceConfig.OOMPolicy = lib.mkForce "stop"; };',
    "systemd.user.services.wezterm-daemon has another OOMPolicy",
  ],
  [
    "#18",
    "sessions that end with the login",
    "changes = { lib, ... }: { users.users.dev.linger = lib.mkForce false; };",
    "users.users.dev.linger is off",
  ],
  [
    "#4",
    "a Docker of the guest's own beside the host's",
    "changes = { lib, ... }: { virtualisation.docker.enable = lib.mkForce true; };",
    "virtualisation.docker.enable is set",
  ],
  [
    "#4",
    "podman in Docker's place",
    "changes = { lib, ... }: { virtualisation.podman.dockerSocket.enable = lib.mkForce true; };",
    "virtualisation.podman.dockerSocket.enable is set",
  ],
  [
    "#4",
    "stale sockets for ever",
    "changes = { lib, ... }: { services.openssh.settings.StreamLocalBindUnlink = lib.mkForce false; };",
    "services.openssh.settings.StreamLocalBindUnlink is off",
  ],
  [
    "#4",
    "an sshd that forwards no sockets",
    'changes.services.openssh.settings.AllowStreamLocalForwarding = "no";',
    "services.openssh.settings.AllowStreamLocalForwarding or DisableForwarding forbids",
  ],
  [
    "#4",
    "an sshd that forwards sockets in one direction",
    'changes.services.openssh.settings.AllowStreamLocalForwarding = "local";',
    "services.openssh.settings.AllowStreamLocalForwarding or DisableForwarding forbids",
  ],
  [
    "#4",
    "an sshd that forwards nothing",
    "changes.services.openssh.settings.DisableForwarding = true;",
    "services.openssh.settings.AllowStreamLocalForwarding or DisableForwarding forbids",
  ],
  [
    "#4",
    "a socket where only root may bind",
    withExtra("/var/run/pg.sock"),
    "The socket /var/run/pg.sock cannot be made by dev",
  ],
  [
    "#4",
    "two sockets at one path",
    withExtra("/run/ascalon/docker.sock"),
    "Two forwarded sockets have the same path in the guest",
  ],
  [
    "#19",
    "an empty agent in the guest",
    "changes = { lib, ... }: { programs.ssh.startAgent = lib.mkForce true; };",
    "programs.ssh.startAgent is set",
  ],
  [
    "#19",
    "home-manager's ssh-agent",
    "changes.home-manager.users.dev.services.ssh-agent.enable = true;",
    "home-manager gives dev an ssh agent of the guest's own",
  ],
  [
    "#19",
    "home-manager's gpg-agent in its place",
    "changes.home-manager.users.dev.services.gpg-agent = { enable = true; enableSshSupport = true; };",
    "home-manager gives dev an ssh agent of the guest's own",
  ],
  [
    "#19",
    "another agent that home-manager sets",
    "changes.home-manager.users.dev.sshAuthSock.enable = true;",
    "home-manager gives dev an ssh agent of the guest's own",
  ],
  [
    "#3",
    "a command the bridge lacks",
    settingsWith('s // { bridge.allow = [ "op" "sh" ]; }'),
    "bridge.allow names sh",
  ],
  [
    "#8",
    "a mount over the home",
    withMounts(mount("/home/dev")),
    "The host's folder cannot be mounted at /home/dev",
  ],
  [
    "#9",
    "a mount into the store",
    withMounts(mount("/nix/store")),
    "The host's folder cannot be mounted at /nix/store",
  ],
  [
    "#8",
    "the same mount twice",
    withMounts(`${mount("/srv/a")} ${mount("/srv/a")}`),
    "mounts names the same folder twice",
  ],
  [
    "#11",
    "programs for macOS",
    'changes.ascalon.packages.categories = [ "macos-tools" ];',
    "ascalon.packages.categories holds macos-tools",
  ],
  [
    "#20",
    "a file of another version",
    settingsWith("s // { schema = 2; }"),
    "ascalon.json has form 2 and these modules know form 1",
  ],
  [
    "#9",
    "a label that ext4 would cut",
    settingsWith('s // { home = s.home // { label = "ascalon-home-of-mine"; }; }'),
    "The label ascalon-home-of-mine is longer than the 16 bytes",
  ],
];

describeWith(["nix-instantiate"], "refused with a sentence", () => {
  it.each(refusals)("why %s: %s", (_row, _what, passed, sentence) => {
    const { failed } = guest(passed);
    expect(failed.map((message) => message.slice(0, sentence.length))).toContain(sentence);
    for (const message of failed) expect(message).toMatch(/^\S[^\n]{40,}\.$/);
  });

  it.each(["/etc", "/home", "/nix", "/nix/store", "/run", "/usr", "/var", "/home/dev"])(
    "a folder of the host at %s, which is the guest's own",
    (path) => {
      // Only the rule: two definitions of one file system would disagree before it speaks.
      const { failed } = guest(`${withMounts(mount(path))} changes.ascalon.homeDisk.enable = false;`);
      expect(failed.join("\n")).toContain(`The host's folder cannot be mounted at ${path}:`);
    },
  );

  it("why #16: but sudo-rs is taken, which needs a rule of its own for no password", () => {
    const { failed, config } = guest(
      "changes = { lib, ... }: { security.sudo-rs.enable = lib.mkForce true; security.sudo.enable = lib.mkForce false; };",
    );
    expect(failed).toEqual([]);
    expect(config.security).toMatchObject({ "sudo-rs": { wheelNeedsPassword: false } });
  });

  it("why #19: but a gpg-agent for keys of gpg alone is taken, and any agent where the host's is not forwarded", () => {
    const home = "changes.home-manager.users.dev.services";
    expect(guest(`${home}.gpg-agent = { enable = true; enableSshSupport = false; };`).failed).toEqual([]);
    const without = settingsWith("s // { sockets = s.sockets // { sshAgent = false; }; }");
    expect(guest(`${without} ${home}.ssh-agent.enable = true;`).failed).toEqual([]);
  });

  it("why #4: but an sshd that is told to forward sockets is taken", () => {
    const settings =
      'AllowStreamLocalForwarding = "yes"; DisableForwarding = false; AllowTcpForwarding = false;';
    expect(guest(`changes.services.openssh.settings = { ${settings} };`).failed).toEqual([]);
  });

  it.each(["docker", "ssh-agent", "bridge"])(
    "a socket of one's own in the place of ascalon's %s.sock",
    (name) => {
      const { failed } = guest(withExtra(`/run/ascalon/${name}.sock`));
      expect(failed.join("\n")).toContain("Two forwarded sockets have the same path");
    },
  );

  it("a value of the wrong type, by its path", () => {
    expect(() => guest(settingsWith('s // { bridge.allow = "op"; }'))).toThrow(
      'ascalon.settings.bridge.allow: expected a list of a string, got "op"',
    );
    expect(() => guest('changes.ascalon.links.enable = "yes";')).toThrow(
      "ascalon.links.enable: expected true or false",
    );
  });

  it("two modules that disagree about what neither forces", () => {
    expect(() => guest('changes.networking.hostName = "other";')).toThrow(
      "networking.hostName has conflicting definitions",
    );
  });
});
