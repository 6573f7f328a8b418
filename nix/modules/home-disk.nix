# /home on its own disk, found by the name that Lima gives it and mounted by label.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.ascalon;
  inherit (cfg.settings) home user;
  script = import ../lib/guest-script.nix { inherit lib pkgs; };
  mount = import ../lib/home-mount.nix { inherit (home) label; };
  inherit (mount) device;

  prepare = script "ascalon-home-disk" [
    pkgs.coreutils
    pkgs.diffutils
    pkgs.e2fsprogs
    pkgs.gnugrep
    pkgs.gnused
    pkgs.systemd
    pkgs.util-linux
  ] ../guest/home-disk.sh;

  move = script "ascalon-home-move" [
    pkgs.coreutils
    pkgs.util-linux
  ] ../guest/home-move.sh;
in
{
  options.ascalon.homeDisk.enable = lib.mkEnableOption "/home on a disk of its own" // {
    default = true;
  };

  config = lib.mkIf (cfg.enable && cfg.homeDisk.enable) {
    systemd.services.ascalon-home-disk = {
      description = "Disk of /home: formatted once, checked, grown";
      before = [
        "home.mount"
        "shutdown.target"
      ];
      conflicts = [ "shutdown.target" ];
      after = [ "systemd-udevd.service" ];
      unitConfig = {
        DefaultDependencies = false;
        RequiresMountsFor = "/mnt/lima-cidata";
      };
      # A switch must never run it again under a mounted /home.
      restartIfChanged = false;
      environment = {
        ASCALON_HOME_DISK = home.disk;
        ASCALON_HOME_LABEL = home.label;
      };
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        # Checking a large disk after a crash takes its time; the mount waits for it.
        TimeoutStartSec = "15min";
        ExecStart = [
          "${prepare}/bin/ascalon-home-disk"
          "${move}/bin/ascalon-home-move ${device} ${home.label}"
        ];
      };
    };

    fileSystems."/home" = mount;

    # On the new disk /home is empty. Made here, the home belongs to its user; Lima's boot service would make it root's.
    systemd.tmpfiles.settings."10-ascalon-home".${user.home}.d = {
      # The colon: only when it is made. To open the home to others, set users.users.NAME.homeMode and not the mode of the
      # folder, which each switch sets to that option again (createHome).
      mode = ":${config.users.users.${user.name}.homeMode}";
      user = user.name;
      group = "users";
    };

    # Work done on the system disk while /home is missing would be lost with it, so every terminal says so.
    environment.interactiveShellInit = ''
      if [ -r /run/ascalon-home.failed ]; then
        printf 'ascalon: /home is NOT on its disk: %s\n' "$(cat /run/ascalon-home.failed)" >&2
      fi
    '';

    assertions = [
      {
        assertion = config.fileSystems."/home".device == device;
        message = "/home is mounted from ${
          config.fileSystems."/home".device
        } and not from ascalon's disk (${device}): it would not survive the system disk. Remove your own fileSystems.\"/home\", or set ascalon.homeDisk.enable = false and care for it yourself.";
      }
      {
        assertion = lib.stringLength home.label <= 16;
        message = "The label ${home.label} is longer than the 16 bytes that ext4 keeps: the disk would not be found again.";
      }
      {
        assertion = lib.elem "nofail" config.fileSystems."/home".options;
        message = "fileSystems.\"/home\" has lost `nofail`: a missing disk would stop the boot before ssh.";
      }
    ];
  };
}
