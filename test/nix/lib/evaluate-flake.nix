# The flake's outputs with doubles for its inputs, as plain data. own: the folder of a flake of a user's own, which takes
# ascalon from this one. release: of nixpkgs.
{
  own ? null,
  release ? "26.05",
}:
let
  lib = import ./.;
  flake = import ../../../flake.nix;
  systems = [
    "aarch64-linux"
    "x86_64-linux"
    "aarch64-darwin"
    "x86_64-darwin"
  ];
  nixpkgs = {
    lib = lib // {
      trivial = { inherit release; };
      # NixOS's own options that the flake sets, and what NixOS passes to modules.
      nixosSystem =
        {
          modules,
          specialArgs ? { },
        }:
        let
          hostPlatform = lib.last (
            lib.concatMap (m: lib.optional (m ? nixpkgs) m.nixpkgs.hostPlatform) modules
          );
          evaluated = lib.evalModules {
            arguments = {
              inherit lib;
              pkgs = import ./pkgs.nix {
                inherit lib;
                system = hostPlatform;
              };
              modulesPath = toString ./nixos-modules;
            }
            // specialArgs;
            modules = [ ./nixos-defaults.nix ] ++ modules;
          };
        in
        evaluated;
    };
    legacyPackages = lib.genAttrs systems (
      system:
      if system == "x86_64-darwin" && !lib.versionOlder release "26.11" then
        throw "Nixpkgs 26.11 has dropped support for x86_64-darwin."
      else
        import ./pkgs.nix { inherit lib system; }
    );
  };
  outputs = flake.outputs {
    self = outputs;
    inherit nixpkgs;
    nixos-lima = import ./nixos-lima.nix;
  };
  namesOf = lib.mapAttrs (_: lib.attrNames);
  failedOf = system: map (a: a.message) (lib.filter (a: !a.assertion) system.config.assertions);
  mine = outputs.lib.mkSystem {
    settings = ../../golden/nix-json/mac.json;
    modules = [ ({ inputs, ... }: { imports = [ inputs.mine ]; }) ];
    specialArgs.inputs.mine.system.stateVersion = "26.11";
  };
in
{
  inputs = lib.mapAttrs (_: input: input.url) flake.inputs;
  follows = flake.inputs.nixos-lima.inputs.nixpkgs.follows;
  names = lib.attrNames outputs;
  perSystem = {
    packages = namesOf outputs.packages;
    checks = namesOf outputs.checks;
    devShells = namesOf outputs.devShells;
    formatter = lib.attrNames outputs.formatter;
  };
  modules = map (kind: lib.attrNames outputs.${kind}) [
    "nixosModules"
    "homeModules"
    "darwinModules"
  ];
  guests = lib.mapAttrs (_: system: {
    inherit (system.config.nixpkgs) hostPlatform;
    package = "${system.config.ascalon.package}";
    failed = failedOf system;
  }) outputs.nixosConfigurations;
  mine = {
    inherit (mine.config.system) stateVersion;
    inherit (mine.config.nixpkgs) hostPlatform;
    failed = failedOf mine;
  };
  own =
    let
      made = import (own + "/flake.nix");
      guests = (made.outputs { ascalon = outputs; }).nixosConfigurations;
    in
    {
      inherit (made) inputs;
      guests = lib.mapAttrs (_: system: {
        inherit (system.config.networking) hostName;
        packages = map (package: package.name) system.config.environment.systemPackages;
        failed = failedOf system;
      }) guests;
    };
  ephemeral = map (package: package.name) outputs.devShells.aarch64-darwin.default.arguments.packages;
  template = "${toString outputs.templates.default.path}";
}
