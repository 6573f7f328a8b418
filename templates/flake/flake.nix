{
  description = "My ascalon guest";

  # Where you have ascalon from: a repository, or path:/a/folder.
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
