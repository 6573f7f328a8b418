# The way back from a switch that was never confirmed, also over a power cut in the middle of it.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.ascalon;
  script = import ../lib/guest-script.nix { inherit lib pkgs; };
  timer = script "ascalon-rollback-timer" [
    pkgs.coreutils
    pkgs.gnused
    pkgs.systemd
  ] ../guest/rollback-timer.sh;
in
{
  options.ascalon.rollback.enable =
    lib.mkEnableOption "the return to the previous system after an unconfirmed switch"
    // {
      default = true;
    };

  config = lib.mkIf (cfg.enable && cfg.rollback.enable) {
    environment.systemPackages = [ timer ];

    systemd.services.ascalon-rollback-resume = {
      description = "Unconfirmed switch: its time runs on after a restart";
      wantedBy = [ "multi-user.target" ];
      # During a switch the timer that the host armed is running already. Active from the start on, because a switch
      # starts whatever a target wants and is not.
      restartIfChanged = false;
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = "${timer}/bin/ascalon-rollback-timer resume";
      };
    };
  };
}
