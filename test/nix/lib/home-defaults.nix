# What the host's modules read of home-manager and nix-darwin and do not set, with plausible values.
{ lib, ... }:
let
  unset = lib.mkOverride 1500;
in
{
  assertions = [ ];
  home = {
    username = unset "dev";
    profileDirectory = unset "/Users/dev/.nix-profile";
    homeDirectory = unset "/Users/dev";
    packages = [ ];
  };
  xdg = {
    cacheHome = unset "/Users/dev/.cache";
    configHome = unset "/Users/dev/.config";
    stateHome = unset "/Users/dev/.local/state";
  };
  programs.wezterm = {
    enable = unset false;
    settings = { };
  };
  environment.systemPackages = [ ];
  system.primaryUser = unset "dev";
  # nix-darwin has an entry for nobody whom the configuration does not name.
  users.users = { };
}
