# The module for the host, evaluated to plain data. kind: home or darwin.
{
  kind,
  system ? "aarch64-darwin",
  changes ? { },
  osConfig ? null,
}:
let
  lib = import ./.;
  pkgs = import ./pkgs.nix { inherit lib system; };
  evaluated = lib.evalModules {
    arguments = {
      inherit lib pkgs osConfig;
    };
    modules = [
      ./home-defaults.nix
      (if kind == "home" then ../../../nix/home else ../../../nix/darwin)
      { programs.ascalon.package = pkgs.writeText "ascalon" ""; }
      changes
    ];
  };
  inherit (evaluated) config;
  settled = lib.settled config;
  packages = if kind == "home" then config.home.packages else config.environment.systemPackages;
  yaml =
    if kind == "home" then
      (config.xdg or { }).configFile."ascalon/ascalon.yaml".source.text or null
    else
      (config.environment or { }).etc."ascalon/ascalon.yaml".source.text or null;
in
{
  config = settled;
  failed = map (assertion: assertion.message) (
    lib.filter (assertion: !assertion.assertion) config.assertions
  );
  # Which package wins where two have one file: the lower number.
  ranks = lib.listToAttrs (
    map (
      package: lib.nameValuePair package.name (package.meta.priority or lib.meta.defaultPriority)
    ) packages
  );
  settings = if yaml == null then null else builtins.fromJSON yaml;
}
