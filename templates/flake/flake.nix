{
  description = "My ascalon guest";

  # Where the guest fetches ascalon from, without a key: a public repository, or path:./ascalon inside this folder.
  inputs.ascalon.url = "github:OWNER/ascalon";

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
