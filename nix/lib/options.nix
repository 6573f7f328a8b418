# The settings of ascalon.yaml as typed options for home-manager and nix-darwin. Every one is null unless it is set: the
# command line owns the defaults, and a file that names only what differs stays true when they change.
{ lib }:
let
  inherit (lib) types;

  setting =
    type: description:
    lib.mkOption {
      type = types.nullOr type;
      default = null;
      inherit description;
    };

  group =
    options: description:
    lib.mkOption {
      type = types.submodule { inherit options; };
      default = { };
      inherit description;
    };

  size = types.strMatching "[0-9]+(\\.[0-9]+)?(GiB|MiB)";

  # Without the keys that were not set, and without the groups that are empty then.
  given =
    value:
    if builtins.isAttrs value then
      lib.filterAttrs (_: member: member != null && member != { }) (lib.mapAttrs (_: given) value)
    else if builtins.isList value then
      map given value
    else
      value;
in
{
  inherit given;

  settings = {
    vm = group {
      cpus = setting types.ints.positive "Number of processors.";
      memory = setting size "Memory, such as 12GiB.";
      disk = setting size "Size of the system disk.";
      home = setting size "Size of the disk of /home. It only grows.";
      type = setting (types.enum [
        "auto"
        "vz"
        "qemu"
      ]) "How the machine is run.";
      autostart = setting (types.enum [
        "login"
        "off"
      ]) "Whether the machine starts with the login.";
      image = setting types.str "nixos-lima, or the path of a file with a Lima image list.";
    } "The machine.";
    user = group { name = setting types.str "Name of the user in the guest."; } "The user.";
    system = group {
      flake = setting types.str "Folder of the flake that describes the guest, or none.";
      host = setting types.str "Name of the configuration in it, and of the machine.";
    } "The guest's system.";
    rebuild = group {
      checks = setting (types.listOf types.str) "Your own health checks after a switch, as command lines.";
      confirm = setting types.ints.positive "Seconds until the guest returns by itself.";
      max-builds = setting types.int "How many derivations a rebuild may build.";
      max-download = setting types.str "How much a rebuild may fetch, such as 8GiB.";
      max-growth = setting types.str "By how much a system may be larger than the one before, such as 2GiB.";
    } "Changes of the guest's system.";
    mounts = setting (types.listOf (
      types.submodule {
        options = {
          host = lib.mkOption {
            type = types.str;
            description = "Folder on this machine.";
          };
          writable = setting types.bool "Whether the guest may write.";
        };
      }
    )) "Folders of this machine that the guest sees.";
    ports = group {
      forward = setting types.bool "Whether ports of the guest appear here.";
      ignore = setting (types.listOf types.port) "Ports that do not.";
    } "Ports.";
    sockets = group {
      docker = setting types.str "auto, off or the path of Docker's socket.";
      ssh-agent = setting types.str "auto, off or the path of an ssh agent's socket.";
      extra = setting (types.listOf (
        types.submodule {
          options = lib.genAttrs [ "name" "host" "guest" "direction" ] (
            name:
            lib.mkOption {
              type = types.str;
              description = "The ${name} of the socket.";
            }
          );
        }
      )) "Further sockets.";
    } "Sockets.";
    bridge = group {
      allow = setting (types.listOf types.str) "Commands of this machine that the guest may ask for.";
      rules = setting (types.listOf (
        types.submodule {
          options = {
            command = lib.mkOption {
              type = types.str;
              description = "The command that the rule is about.";
            };
            program = setting types.str "This machine's program for it, where it is not in a usual place.";
            confirm = setting types.bool "Whether you are asked before each call.";
            subcommands = setting (types.listOf types.str) "For op: the subcommands that remain allowed.";
            applications = setting (types.listOf types.str) "For open: the applications that may be named.";
          };
        }
      )) "What is different for single commands of the bridge.";
    } "The bridge.";
    agent = group { enabled = setting types.bool "Whether the agent runs."; } "The agent.";
    wezterm = group {
      attach = setting (types.enum [
        "key"
        "startup"
      ]) "When WezTerm attaches.";
      key = setting types.str "The chord, such as CMD|SHIFT+A.";
    } "WezTerm.";
  };

  # The machines that Lima runs on.
  hosts = [
    "aarch64-darwin"
    "x86_64-darwin"
    "aarch64-linux"
    "x86_64-linux"
  ];
}
