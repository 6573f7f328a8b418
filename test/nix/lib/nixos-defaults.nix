# The options of NixOS that the modules read and do not set, with NixOS's own defaults.
{ lib, ... }:
let
  unset = lib.mkOverride 1500;
in
{
  assertions = [ ];
  environment.systemPackages = [ ];
  nix.settings.substituters = [ "https://cache.nixos.org/" ];
  services.xserver.enable = unset false;
  system.etc.overlay = {
    enable = unset false;
    mutable = unset true;
  };
  services.openssh.ports = unset [ 22 ];
  services.openssh.startWhenNeeded = unset false;
  security.sudo.enable = unset true;
  security.sudo-rs.enable = unset false;
  virtualisation.docker.enable = unset false;
  virtualisation.podman.dockerSocket.enable = unset false;
  programs.ssh.startAgent = unset false;
}
