{
  description = "My ascalon guest";

  inputs = {
    # What the guest's packages come from: `ascalon rebuild --update nixpkgs` brings newer ones of this release.
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    # Where the guest fetches ascalon from, without a key: a public repository, or path:./ascalon inside this folder.
    ascalon.url = "github:OWNER/ascalon";
    ascalon.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    { ascalon, ... }:
    {
      nixosConfigurations.ascalon = ascalon.lib.mkSystem {
        # Written by the ascalon command line from ascalon.yaml: change it there.
        settings = ./ascalon.json;
        modules = [ ./guest.nix ];
      };
    };
}
