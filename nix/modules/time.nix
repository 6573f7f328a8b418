# The clock. Lima's guest agent sets it from the host every ten seconds; this is for the time when the agent is gone,
# which is when the skew after a night's sleep would break TLS and `make`.
{ config, lib, ... }:
let
  cfg = config.ascalon;
in
{
  options.ascalon.time.enable = lib.mkEnableOption "a clock of the guest's own" // {
    default = true;
  };

  config = lib.mkIf (cfg.enable && cfg.time.enable) {
    # A default, so that whoever has another clock (or a virtual machine of NixOS's tests, which takes the host's) says
    # so in one line.
    services.timesyncd.enable = lib.mkDefault true;
  };
}
