# The settings of ascalon.yaml as typed options for home-manager and nix-darwin. Every one is null unless it is set: the
# command line owns the defaults, and a file that names only what differs stays true when they change.
{ lib }:
let
  inherit (lib) types;
  values = import ./setting-types.nix { inherit lib; };

  setting =
    type: description:
    lib.mkOption {
      type = types.nullOr type;
      default = null;
      inherit description;
    };

  # A member of a list's entry that the command line has no default for.
  required = type: description: lib.mkOption { inherit type description; };

  group =
    options: description:
    lib.mkOption {
      type = types.submodule { inherit options; };
      default = { };
      inherit description;
    };

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
      cpus = setting (types.ints.between 1 512) "Number of processors.";
      memory = setting (values.size "256MiB" "4096GiB") "Memory, such as 12GiB.";
      disk = setting (values.size "1GiB" "65536GiB") "Size of the system disk.";
      home = setting (values.size "64MiB" "65536GiB") "Size of the disk of /home. It only grows.";
      type = setting (types.enum [
        "auto"
        "vz"
        "qemu"
      ]) "How the machine is run.";
      autostart = setting (types.enum [
        "login"
        "off"
      ]) "Whether the machine starts with the login.";
      image = setting (values.orPath [
        "nixos-lima"
      ]) "nixos-lima, or the path of a file with a Lima image list.";
    } "The machine.";
    user = group { name = setting values.userName "Name of the user in the guest."; } "The user.";
    system = group {
      flake = setting (values.orPath [ "none" ]) "Folder of the flake that describes the guest, or none.";
      host = setting values.hostName "Name of the configuration in it, and of the machine.";
    } "The guest's system.";
    rebuild = group {
      checks = setting (types.listOf values.commandLine) "Your own health checks after a switch, as command lines.";
      confirm = setting (types.ints.between 10 3600) "Seconds until the guest returns by itself.";
      max-builds = setting (types.ints.between 0 100000) "How many derivations a rebuild may build.";
      max-download = setting (values.size "1MiB" "65536GiB") "How much a rebuild may fetch, such as 8GiB.";
      max-growth = setting (values.size "1MiB" "65536GiB") "By how much a system may be larger than the one before, such as 2GiB.";
    } "Changes of the guest's system.";
    mounts = setting (types.listOf (
      types.submodule {
        options = {
          host = required values.hostPath "Folder on this machine.";
          writable = setting types.bool "Whether the guest may write.";
        };
      }
    )) "Folders of this machine that the guest sees.";
    ports = group {
      forward = setting types.bool "Whether ports of the guest appear here.";
      ignore = setting (types.listOf values.port) "Ports that do not.";
    } "Ports.";
    sockets = group {
      docker = setting values.socketChoice "auto, off or the path of Docker's socket.";
      ssh-agent = setting values.socketChoice "auto, off or the path of an ssh agent's socket.";
      extra = setting (types.listOf (
        types.submodule {
          options = {
            name = required values.linkName "What `ascalon status` calls the link.";
            host = required values.hostSocket "The socket's path on this machine.";
            guest = required values.guestSocket "The socket's path in the guest.";
            direction =
              setting
                (types.enum [
                  "host-to-guest"
                  "guest-to-host"
                ])
                "host-to-guest, unless it is set: a program on this machine listens, programs in the guest connect.";
          };
        }
      )) "Further sockets.";
    } "Sockets.";
    bridge = group {
      allow = setting (types.listOf values.bridgeCommand) "Commands of this machine that the guest may ask for.";
      rules = setting (types.listOf (
        types.submodule {
          options = {
            command = required values.bridgeCommand "The command that the rule is about.";
            program = setting values.hostPath "This machine's program for it, where it is not in a usual place.";
            confirm = setting types.bool "Whether you are asked before each call.";
            subcommands = setting (types.listOf values.subcommand) "For op: the subcommands that remain allowed.";
            applications = setting (types.listOf values.application) "For open: the applications that may be named.";
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
      key = setting values.chord "The chord, such as CMD|SHIFT+A.";
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
