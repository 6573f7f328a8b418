# Your part of the guest: any option of NixOS. `ascalon rebuild` brings a change into the running machine.
{ pkgs, ... }:
{
  environment.systemPackages = [
    pkgs.hello
  ];

  # time.timeZone = "Europe/Berlin";
  # ascalon.user.shell = "zsh";
}
