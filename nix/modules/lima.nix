# What Lima needs of the guest, and the disk layout of the nixos-lima image that this system replaces.
{
  config,
  lib,
  modulesPath,
  pkgs,
  ...
}:
let
  cfg = config.ascalon;
  ssh = config.services.openssh;
  etc = config.system.etc.overlay;
  # As sshd_config(5) has the words; NixOS writes true as yes, and leaves null out.
  mayForward =
    lib.elem (ssh.settings.AllowStreamLocalForwarding or null) [
      null
      true
      "yes"
      "all"
    ]
    && lib.elem (ssh.settings.DisableForwarding or null) [
      null
      false
      "no"
    ];
  isArm = pkgs.stdenv.hostPlatform.isAarch64;
  # Generations whose kernels the image's EFI partition of 236 MiB holds: on arm64 a kernel is not compressed (near 70
  # MiB, and 20 of an initrd). `ascalon rebuild` makes room before it adds one, `nixos-rebuild` in the guest does not.
  roomFor = if isArm then 2 else 6;
  shared = [
    "virtiofs"
    "9p"
    "fuse.sshfs"
  ];
  storeMounts = lib.filter (path: lib.elem (config.fileSystems.${path}.fsType or "auto") shared) (
    lib.filter (path: path == "/nix" || lib.hasPrefix "/nix/" path) (lib.attrNames config.fileSystems)
  );
in
{
  imports = [ "${modulesPath}/profiles/qemu-guest.nix" ];

  config = lib.mkIf cfg.enable {
    services.lima.enable = true;

    services.openssh = {
      enable = true;
      # Lima's boot service writes the key to the home of the user, so sshd has to look there.
      authorizedKeysInHomedir = true;
      settings = {
        # A killed forward leaves its socket file behind; without this the next one cannot bind the path.
        StreamLocalBindUnlink = true;
        # A host that went to sleep is noticed after two minutes, so its forwards do not keep their sockets for ever.
        ClientAliveInterval = lib.mkDefault 15;
        ClientAliveCountMax = lib.mkDefault 8;
        # Only the host reaches this sshd, and all of it from one address: whoever looks whether it answers would be
        # counted against Lima's connections and ascalon's links, which then are refused for 15 s.
        PerSourcePenalties = "no";
      };
    };

    # An sshd that comes with each connection is an instance of this unit, and a switch with another OpenSSH would restart
    # it: every session and link with it.
    systemd.services."sshd@" = lib.mkIf ssh.startWhenNeeded { restartIfChanged = false; };

    # Lima's boot service may have to make the user; a rebuild must not remove it.
    users.mutableUsers = true;

    # A guest that waits on a console that nobody has is lost: without a file system it can still be reached by ssh.
    systemd.enableEmergencyMode = lib.mkDefault false;

    boot = {
      growPartition = true;
      # The menu is shown to nobody.
      loader.timeout = lib.mkDefault 1;
      # Lima keeps what is said on these in serial.log and serialv.log, which `ascalon logs vm` shows and `ascalon up`
      # watches; the kernel leaves out the ones that a machine does not have. The last is /dev/console.
      kernelParams = [
        "console=tty0"
        (if isArm then "console=ttyAMA0" else "console=ttyS0")
        "console=hvc0"
        # Seconds after which a kernel that panicked starts the guest anew, where it would stand for ever.
        "panic=10"
      ];
      loader.grub = {
        device = "nodev";
        efiSupport = true;
        efiInstallAsRemovable = true;
        configurationLimit = if isArm then 2 else 4;
      };
    };

    fileSystems = {
      "/" = {
        device = "/dev/disk/by-label/nixos";
        fsType = "ext4";
        autoResize = true;
        options = [
          "noatime"
          "discard"
        ];
      };
      "/boot" = {
        device = "/dev/vda1";
        fsType = "vfat";
      };
    };

    assertions = [
      {
        assertion = config.services.lima.enable;
        message = "services.lima.enable is off: without nixos-lima the guest has no user, no ssh key and no guest agent, and the next boot locks you out. Remove the line that turns it off.";
      }
      {
        assertion = config.systemd.services ? lima-init && config.fileSystems ? "/mnt/lima-cidata";
        message = "nixos-lima is enabled and has no effect (no lima-init service, or no mount of /mnt/lima-cidata): the nixos-lima input is not the one that ascalon was made for. Let it follow ascalon's.";
      }
      {
        assertion = ssh.enable && lib.elem 22 ssh.ports;
        message = "sshd does not listen on port 22: Lima connects to port 22 of the guest, whatever port the host shows. Remove services.openssh.ports.";
      }
      {
        assertion = ssh.authorizedKeysInHomedir;
        message = "services.openssh.authorizedKeysInHomedir is off: Lima's key is in ~/.ssh/authorized_keys and nowhere else that sshd can read, so the next connection would be refused.";
      }
      {
        assertion = ssh.settings.StreamLocalBindUnlink;
        message = "services.openssh.settings.StreamLocalBindUnlink is off: after an interrupted connection no forward to the guest could be made again.";
      }
      {
        assertion = mayForward;
        message = "services.openssh.settings.AllowStreamLocalForwarding or DisableForwarding forbids forwarded sockets: what is connected goes on, so the switch would look well, and after the next start neither the mux nor Docker nor the ssh agent could be reached. Remove that line.";
      }
      {
        assertion = !etc.enable || etc.mutable;
        message = "system.etc.overlay.mutable is off: Lima's boot service writes the host's folders into /etc/fstab at each start, fails where it cannot, and the machine would never count as ready. Leave system.etc.overlay.mutable on.";
      }
      {
        assertion = config.users.mutableUsers;
        message = "users.mutableUsers is false: Lima's boot service adds the user at boot, and a rebuild would take it away again.";
      }
      {
        assertion = config.fileSystems."/".device == "/dev/disk/by-label/nixos";
        message = "The root file system is ${config.fileSystems."/".device}: the nixos-lima image has it at /dev/disk/by-label/nixos, and another one does not boot.";
      }
      {
        assertion = config.boot.loader.grub.configurationLimit <= roomFor;
        message = "boot.loader.grub.configurationLimit is ${toString config.boot.loader.grub.configurationLimit}: the image's EFI partition has no room for more than ${toString roomFor} generations.";
      }
      {
        assertion = storeMounts == [ ];
        message = "${lib.concatStringsSep ", " storeMounts} is mounted from the host: the store is needed before any share is there, and sharing it breaks both sides. Keep /nix on the guest's disk; /home is what persists.";
      }
    ];
  };
}
