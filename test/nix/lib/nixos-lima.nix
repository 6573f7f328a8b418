# Stands in for the nixos-lima flake: what its module declares and sets, as far as ascalon's modules look at it.
{
  nixosModules.lima =
    { config, lib, ... }:
    {
      options.services.lima.enable = lib.mkEnableOption "Lima's boot service";
      config = lib.mkIf config.services.lima.enable {
        systemd.services.lima-init.description = "double";
        systemd.services.lima-guestagent.description = "double";
        fileSystems."/mnt/lima-cidata" = {
          device = "/dev/disk/by-label/cidata";
          fsType = "auto";
        };
      };
    };
}
