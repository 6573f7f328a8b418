# What every ascalon guest is, whoever uses it: its name, its Nix, and that it has no desktop.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.ascalon;
  raw = lib.filter (lib.hasPrefix "file://") config.nix.settings.substituters;
in
{
  config = lib.mkIf cfg.enable {
    networking.hostName = cfg.settings.host;

    # It names the form of the state on disk, so it stays when nixpkgs moves on.
    system.stateVersion = lib.mkDefault "26.05";

    nix = {
      # As text, which adds to whatever else is said: many write the setting as a string, and of a string and a list NixOS
      # takes neither.
      extraOptions = "extra-experimental-features = nix-command flakes";
      settings.trusted-users = [ "@wheel" ];
    };

    # A flake that is a git checkout needs git to be read at all. Behind every other git, that of the package lists too:
    # of two packages of one rank NixOS takes either, and this one lacks `send-email`, `svn` and `grep -P`.
    environment.systemPackages = [
      (lib.setPrio (lib.meta.defaultPriority + 10) pkgs.gitMinimal)
    ];

    # Programs that are not of Nix: downloaded language servers and toolchains look for a loader where Debian has it.
    programs.nix-ld.enable = true;

    documentation.nixos.enable = lib.mkDefault false;

    assertions = [
      {
        # Said before the build: after its first start the guest would be found to be another than the one that was meant.
        assertion = config.networking.hostName == cfg.settings.host;
        message = "networking.hostName is ${config.networking.hostName}, and system.host in ascalon.yaml is ${cfg.settings.host}: after a restart the guest would be taken for another machine, and go back. Let ascalon name it (ascalon config set system.host NAME), and remove your own networking.hostName.";
      }
      {
        assertion = !(config.services.xserver.enable || (config.hardware.graphics.enable or false));
        message = "services.xserver.enable or hardware.graphics.enable is set in the ascalon guest, which has no screen: desktop packages would be built and never seen. Keep the desktop part of your configuration out of the guest's modules.";
      }
      {
        assertion = raw == [ ];
        message = "nix.settings.substituters holds ${lib.concatStringsSep ", " raw}: a host's store is not a binary cache, and on a Mac it holds programs for macOS. Remove it.";
      }
    ];
  };
}
