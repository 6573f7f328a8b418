# Space: the guest's disks are sparse files on a laptop, and give back only what is trimmed.
{ config, lib, ... }:
let
  cfg = config.ascalon;
in
{
  options.ascalon.reclaim.enable = lib.mkEnableOption "giving space back to the host" // {
    default = true;
  };

  config = lib.mkIf (cfg.enable && cfg.reclaim.enable) {
    # Defaults all of them: a module that somebody shares between machines has its own idea of garbage, which is as good.
    services.fstrim = {
      enable = lib.mkDefault true;
      interval = lib.mkDefault "daily";
    };

    nix = {
      gc = {
        automatic = lib.mkDefault true;
        dates = lib.mkDefault "weekly";
        # Long enough to go back to last month's system.
        options = lib.mkDefault "--delete-older-than 30d";
      };
      settings = {
        # In the middle of a build: below 2 GiB free, garbage goes until 8 GiB are.
        min-free = lib.mkDefault 2147483648;
        max-free = lib.mkDefault 8589934592;
      };
    };

    # A file and not an option: releases up to 26.05 take this as services.journald.extraConfig, later ones refuse that
    # and want services.journald.settings.
    environment.etc."systemd/journald.conf.d/50-ascalon.conf".text = ''
      [Journal]
      SystemMaxUse=512M
    '';
  };
}
