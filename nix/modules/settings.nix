# The shape of ascalon.json. No option here has a default: a value that is missing is a mistake of the file.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.ascalon;

  required = type: description: mkOption { inherit type description; };
  record = options: types.submodule { inherit options; };

  commands = import ../lib/bridge-commands.nix;
  strangers = lib.subtractLists commands cfg.settings.bridge.allow;
in
{
  options.ascalon = {
    enable = lib.mkEnableOption "the ascalon guest";

    package = mkOption {
      type = types.nullOr types.package;
      default = null;
      description = ''
        What has the guest's side of the bridge in lib/ascalon/dist/ascalon-guest.mjs: this flake's `guest` package, or
        the whole `default` one. Without it the bridge has no client.
      '';
    };

    settings = mkOption {
      description = "The content of ascalon.json, which the ascalon command line writes from ascalon.yaml.";
      type = record {
        schema = required types.int "Version of the file's form.";
        system = required types.str "The guest's platform.";
        host = required types.str "The guest's host name.";
        user = required (record {
          name = required types.str "Login name.";
          uid = required types.int "Its number, the same as in lima.yaml.";
          home = required types.str "Its home, the same as in lima.yaml.";
        }) "The one user of the guest.";
        home = required (record {
          disk = required types.str "Name of the Lima disk that holds /home.";
          label = required types.str "Label of the filesystem on it.";
        }) "Where /home lives.";
        mounts = required (types.listOf (record {
          path = required types.str "The folder, at the same path on host and guest.";
          tag = required types.str "The device by which Lima offers it.";
          type = required (types.enum [
            "virtiofs"
            "9p"
          ]) "The file system.";
          options = required (types.listOf types.str) "The mount options, as Lima gives them.";
          link = required (types.nullOr types.str) "A link to the folder in the guest's home.";
        })) "The host's folders.";
        sockets = required (record {
          folder = required types.str "Where the host's sockets appear in the guest.";
          docker = required types.bool "Whether the host's Docker is forwarded.";
          sshAgent = required types.bool "Whether the host's ssh agent is forwarded.";
          extra = required (types.listOf (record {
            name = required types.str "Name of the link.";
            guest = required types.str "The socket in the guest.";
            bound = required (types.enum [
              "guest"
              "host"
            ]) "On which side the socket is created.";
          })) "Further sockets.";
        }) "The forwarded sockets.";
        bridge = required (record {
          allow = required (types.listOf types.str) "The host's commands that the guest may ask for.";
        }) "The bridge to the host.";
      };
    };
  };

  config = lib.mkIf cfg.enable {
    # What this system was built from: the host compares it with what ascalon.yaml says now.
    environment.etc."ascalon/ascalon.json".text = builtins.toJSON cfg.settings;

    assertions = [
      {
        assertion = cfg.settings.schema == 1;
        message = "ascalon.json has form ${toString cfg.settings.schema} and these modules know form 1: update the ascalon input of your flake, or the ascalon command line, so that both are of one version.";
      }
      {
        assertion = strangers == [ ];
        message = "bridge.allow names ${lib.concatStringsSep ", " strangers}: the host's side knows only ${lib.concatStringsSep ", " commands}.";
      }
    ];
  };
}
