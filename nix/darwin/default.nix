# For nix-darwin: the command line, its settings for everybody, and the agent of the login. Home-manager's module does
# the same for one user and WezTerm besides; have one of the two.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.programs.ascalon;
  options = import ../lib/options.nix { inherit lib; };
  agent = import ../lib/agent.nix { inherit lib; };
  packages = import ../lib/packages.nix { inherit lib; };
  entries = packages.select pkgs packages.machines.macos;

  inherit (pkgs.stdenv.hostPlatform) isDarwin system;
  settings = options.given cfg.settings;
  environment = lib.optionalAttrs (settings != { }) {
    ASCALON_CONFIG = "/etc/ascalon/ascalon.yaml";
  };
  # Without one an assertion speaks, which an error here must not forestall.
  user = toString config.system.primaryUser;
  # nix-darwin knows a user's home only where the configuration says it, and null stands for "not said".
  declared = config.users.users.${user}.home or null;
  home = if declared == null then "/Users/${user}" else declared;
in
{
  options.programs.ascalon = {
    enable = lib.mkEnableOption "ascalon, one persistent NixOS machine in Lima";
    package = lib.mkOption {
      type = lib.types.package;
      description = "The ascalon package.";
    };
    inherit (options) settings;
    agent.enable = lib.mkEnableOption "the agent that keeps the machine and its links up" // {
      default = true;
    };
    packages.enable = lib.mkEnableOption "the package lists that the guest has too, and those for macOS";
  };

  config = lib.mkIf cfg.enable (
    lib.mkMerge [
      {
        assertions = [
          {
            assertion = isDarwin;
            message = "ascalon's darwin module is used on ${system}: it is for nix-darwin on a Mac. On Linux use homeModules.default, in the guest nixosModules.default.";
          }
          {
            assertion = user != "";
            message = "programs.ascalon needs system.primaryUser: the agent belongs to a login, and Lima's files to a home.";
          }
        ];

        environment = {
          systemPackages = [ cfg.package ];
          variables = environment;
          etc = lib.optionalAttrs (settings != { }) {
            "ascalon/ascalon.yaml".source = (pkgs.formats.yaml { }).generate "ascalon.yaml" settings;
          };
        };
      }

      (lib.mkIf cfg.packages.enable {
        environment = {
          systemPackages = packages.packagesOf entries;
          etc."ascalon/packages.json".text = packages.manifest "/run/current-system/sw" entries;
        };
      })

      (lib.mkIf cfg.agent.enable {
        launchd.user.agents.ascalon = {
          # As `command`, because nix-darwin lets only that wait until /nix is mounted.
          command = lib.escapeShellArgs (agent.command cfg.package);
          serviceConfig = agent.launchd {
            inherit environment home user;
            profiles = [ ];
          };
        };
      })
    ]
  );
}
