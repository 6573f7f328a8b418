# The tools: the same lists that the Mac has, less what only a Mac can use.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.ascalon;
  packages = import ../lib/packages.nix { inherit lib; };
  entries = packages.select pkgs cfg.packages.categories;
in
{
  options.ascalon.packages = {
    enable = lib.mkEnableOption "the shared package lists" // {
      default = true;
    };
    categories = lib.mkOption {
      type = lib.types.listOf (lib.types.enum (lib.attrNames packages.lists));
      default = packages.machines.ascalon;
      description = "Which of the lists in nix/packages this machine has.";
    };
  };

  config = lib.mkIf (cfg.enable && cfg.packages.enable) {
    environment.systemPackages = packages.packagesOf entries;
    # For `ascalon parity`: what this system really has, and what its release lacks.
    environment.etc."ascalon/packages.json".text = packages.manifest "/run/current-system/sw" entries;

    assertions = [
      {
        assertion = !lib.elem "macos-tools" cfg.packages.categories;
        message = "ascalon.packages.categories holds macos-tools: those are programs for macOS, and this is the guest.";
      }
    ];
  };
}
