{
  description = "Checks of ascalon's modules against home-manager and nix-darwin, apart so that users do not lock these";

  inputs = {
    ascalon.url = "path:../..";
    nixpkgs.follows = "ascalon/nixpkgs";
    home-manager.url = "github:nix-community/home-manager/release-26.05";
    home-manager.inputs.nixpkgs.follows = "nixpkgs";
    nix-darwin.url = "github:nix-darwin/nix-darwin/nix-darwin-26.05";
    nix-darwin.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    {
      ascalon,
      nixpkgs,
      home-manager,
      nix-darwin,
      ...
    }:
    let
      home =
        system:
        home-manager.lib.homeManagerConfiguration {
          pkgs = nixpkgs.legacyPackages.${system};
          modules = [
            ascalon.homeModules.default
            {
              home = {
                username = "dev";
                homeDirectory = if nixpkgs.lib.hasSuffix "darwin" system then "/Users/dev" else "/home/dev";
                stateVersion = "26.05";
              };
              programs.wezterm = {
                enable = true;
                settings.font_size = 12;
              };
              programs.ascalon = {
                enable = true;
                wezterm.enable = true;
                settings.vm.cpus = 4;
              };
            }
          ];
        };
    in
    {
      homeConfigurations = {
        linux = home "x86_64-linux";
        mac = home "aarch64-darwin";
      };
      darwinConfigurations.mac = nix-darwin.lib.darwinSystem {
        modules = [
          ascalon.darwinModules.default
          {
            nixpkgs.hostPlatform = "aarch64-darwin";
            system.stateVersion = 6;
            system.primaryUser = "dev";
            programs.ascalon = {
              enable = true;
              settings.vm.cpus = 4;
            };
          }
        ];
      };
      checks.x86_64-linux.home = (home "x86_64-linux").activationPackage;
    };
}
