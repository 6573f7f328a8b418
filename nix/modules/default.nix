# The guest, whole. The flake passes nixos-lima in, because nobody but this module may decide whether it is in effect.
{ nixos-lima }:
{
  imports = [
    nixos-lima.nixosModules.lima
    ./settings.nix
    ./base.nix
    ./lima.nix
    ./user.nix
    ./home-disk.nix
    ./wezterm-daemon.nix
    ./links.nix
    ./mounts.nix
    ./time.nix
    ./reclaim.nix
    ./rollback.nix
    ./packages.nix
  ];
}
