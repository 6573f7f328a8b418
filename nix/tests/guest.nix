# The guest for tests in a virtual machine: all but what needs Lima itself. A test brings its own disks, so the layout of
# the image and nixos-lima are left out, and lima.env is a file of the test's. host: its name, another one for each machine.
{ host }:
{ lib, pkgs, ... }:
{
  imports = [
    ../modules/settings.nix
    ../modules/base.nix
    ../modules/user.nix
    ../modules/home-disk.nix
    ../modules/wezterm-daemon.nix
    ../modules/links.nix
    ../modules/mounts.nix
    ../modules/time.nix
    ../modules/reclaim.nix
    ../modules/rollback.nix
    ../modules/packages.nix
  ];

  ascalon = {
    enable = true;
    settings = lib.importJSON ../ascalon.json // {
      inherit (pkgs.stdenv.hostPlatform) system;
      inherit host;
    };
    packages.enable = false;
    homeDisk.enable = lib.mkDefault false;
    wezterm.enable = lib.mkDefault false;
  };

  services.openssh.enable = true;
}
