{
  description = "One persistent NixOS machine on a Mac, run by Lima, whose sessions live in a WezTerm mux server inside it";

  inputs = {
    # The release of the nixos-lima image: the first switch is then a small one.
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    # The tag whose image `ascalon up` starts from.
    nixos-lima.url = "github:nixos-lima/nixos-lima/v0.2.1";
    nixos-lima.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    {
      self,
      nixpkgs,
      nixos-lima,
      ...
    }:
    let
      inherit (nixpkgs) lib;
      guests = [
        "aarch64-linux"
        "x86_64-linux"
      ];
      # nixpkgs 26.11 is an error for a Mac with an Intel processor, and one such package all that `nix flake show` says.
      systems =
        guests
        ++ [ "aarch64-darwin" ]
        ++ lib.optional (lib.versionOlder lib.trivial.release "26.11") "x86_64-darwin";
      forEach = names: make: lib.genAttrs names (system: make nixpkgs.legacyPackages.${system});
      lists = import ./nix/lib/packages.nix { inherit lib; };

      # A module that takes a package of this flake where the user names none.
      withPackage = name: option: module: {
        imports = [
          module
          (
            { pkgs, ... }:
            lib.setAttrByPath (option ++ [ "package" ]) (
              lib.mkDefault self.packages.${pkgs.stdenv.hostPlatform.system}.${name}
            )
          )
        ];
      };

      # settings: ascalon.json, as a path or read. modules: the user's own. specialArgs: what those ask for by name, also
      # for what they import, such as the inputs of the user's flake.
      mkSystem =
        {
          settings,
          modules ? [ ],
          specialArgs ? { },
        }:
        let
          read = if builtins.isAttrs settings then settings else lib.importJSON settings;
        in
        lib.nixosSystem {
          inherit specialArgs;
          modules = [
            self.nixosModules.default
            {
              nixpkgs.hostPlatform = read.system;
              ascalon = {
                enable = true;
                settings = read;
              };
            }
          ]
          ++ modules;
        };

      example = lib.importJSON ./nix/ascalon.json;
    in
    {
      lib = { inherit mkSystem; };

      # In the guest only the far end of the bridge is needed, which is built in a moment.
      nixosModules.default = withPackage "guest" [ "ascalon" ] (
        import ./nix/modules { inherit nixos-lima; }
      );
      homeModules.default = withPackage "default" [ "programs" "ascalon" ] ./nix/home;
      darwinModules.default = withPackage "default" [ "programs" "ascalon" ] ./nix/darwin;

      # The guest as it is without a flake of one's own, on a Mac of today and on a PC.
      nixosConfigurations = {
        ascalon = mkSystem { settings = example; };
        ascalon-x86_64 = mkSystem {
          settings = example // {
            system = "x86_64-linux";
          };
        };
      };

      templates.default = {
        path = ./templates/flake;
        description = "A flake of one's own for the ascalon guest";
      };

      packages = forEach systems (pkgs: {
        default = pkgs.callPackage ./nix/package.nix { };
        guest = pkgs.callPackage ./nix/guest-package.nix { };
      });

      # For machines that are made for one project and thrown away: its languages come from its own shell.nix.
      devShells = forEach systems (pkgs: {
        default = pkgs.mkShell {
          packages = lists.packagesOf (lists.select pkgs lists.machines.ephemeral);
        };
      });

      checks = forEach guests (
        pkgs:
        let
          inherit (pkgs.stdenv.hostPlatform) system;
        in
        {
          package = self.packages.${system}.default;
          inherit (self.packages.${system}) guest;
        }
        # Tests in a virtual machine want KVM, which the hosted arm64 runners lack.
        // lib.optionalAttrs (system == "x86_64-linux") {
          wezterm-daemon = import ./nix/tests/wezterm-daemon.nix { inherit pkgs; };
          home-disk = import ./nix/tests/home-disk.nix { inherit pkgs; };
        }
      );

      formatter = forEach systems (pkgs: pkgs.nixfmt-tree);
    };
}
