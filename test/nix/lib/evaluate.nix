# The guest, evaluated to plain data.
#
# changes: a NixOS module on top, as a user would write one. settings: ascalon.json, as a path or read.
{
  settings ? ../../../nix/ascalon.json,
  changes ? { },
  enable ? true,
  nixos-lima ? import ./nixos-lima.nix,
  missing ? [ ],
  refused ? [ ],
}:
let
  lib = import ./.;
  read = if builtins.isAttrs settings then settings else lib.importJSON settings;
  pkgs = import ./pkgs.nix {
    inherit lib missing refused;
    inherit (read) system;
  };
  arguments = {
    inherit lib pkgs;
    modulesPath = toString ./nixos-modules;
  };
  onlyDefaults = lib.evalModules {
    inherit arguments;
    modules = [ ./nixos-defaults.nix ];
  };
  evaluated = lib.evalModules {
    inherit arguments;
    modules = [
      ./nixos-defaults.nix
      (import ../../../nix/modules { inherit nixos-lima; })
      {
        ascalon = {
          inherit enable;
          settings = read;
          package = lib.mkDefault (pkgs.writeText "ascalon" "");
        };
      }
      changes
    ];
  };
  inherit (evaluated) config;
  # Text of the scripts that units run, by the name of the program.
  textOf = package: package.text or (package.arguments.written or package).text or "";
in
{
  config = lib.settled config;
  failed = map (assertion: assertion.message) (
    lib.filter (assertion: !assertion.assertion) config.assertions
  );
  defaults = lib.settled onlyDefaults.config;
  files = lib.genAttrs (lib.attrNames ((lib.settled config).environment.etc or { })) (
    name:
    let
      file = config.environment.etc.${name};
    in
    if file ? source then textOf file.source else file.text
  );
  packages = map (package: package.name) config.environment.systemPackages;
  # Whose programs the check of the mux server's configuration has while it runs.
  checkers = map (package: package.name) (
    config.environment.etc."ascalon/wezterm.lua".source.arguments.nativeBuildInputs or [ ]
  );
  # Which package wins where two have one file: the lower number.
  ranks = lib.listToAttrs (
    map (
      package: lib.nameValuePair package.name (package.meta.priority or lib.meta.defaultPriority)
    ) config.environment.systemPackages
  );
}
