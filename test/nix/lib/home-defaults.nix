# What the host's modules read of home-manager and nix-darwin and do not set, with plausible values.
{ lib, ... }:
let
  unset = lib.mkOverride 1500;
in
{
  assertions = [ ];
  home = {
    profileDirectory = unset "/Users/dev/.nix-profile";
    homeDirectory = unset "/Users/dev";
    packages = [ ];
  };
  programs.wezterm = {
    enable = unset false;
    settings = { };
  };
  environment.systemPackages = [ ];
  system.primaryUser = unset "dev";
  users.users.dev.home = unset "/Users/dev";
}
