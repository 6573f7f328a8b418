# The options of NixOS that the modules read and do not set, with NixOS's own defaults.
{
  nix.settings.substituters = [ "https://cache.nixos.org/" ];
  services.xserver.enable = false;
  services.openssh.ports = [ 22 ];
  virtualisation.docker.enable = false;
  virtualisation.podman.dockerSocket.enable = false;
  programs.ssh.startAgent = false;
}
