# The host's sockets in the guest: where they appear, and how programs learn of them.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.ascalon;
  inherit (cfg.settings) sockets bridge user;

  # Options that a project has for its own Node are not the client's, which gives them back to the program of `op run`. The
  # dashes: Node would take an `--env-file` of the command's for its own.
  client = words: ''
    export ASCALON_NODE_OPTIONS="''${NODE_OPTIONS-}" NODE_OPTIONS=
    exec ${pkgs.nodejs}/bin/node -- ${cfg.package}/lib/ascalon/dist/ascalon-guest.mjs ${words}"$@"
  '';
  shim = command: pkgs.writeShellScriptBin command (client "${command} ");
  shims = map shim (bridge.allow ++ lib.optional (lib.elem "open" bridge.allow) "xdg-open") ++ [
    (pkgs.writeShellScriptBin "ascalon-guest" (client ""))
  ];

  # What home-manager, as a module of NixOS's, has the user's shells and manager take for the ssh agent.
  managed = config.home-manager.users.${user.name} or { };
  gpgAgent = managed.services.gpg-agent or { };
  hasOwnAgent =
    managed.sshAuthSock.enable or false
    || managed.services.ssh-agent.enable or false
    || (gpgAgent.enable or false && gpgAgent.enableSshSupport or false);

  bindable = lib.filter (socket: socket.bound == "guest") sockets.extra;
  misplaced = lib.filter (
    socket:
    !(lib.hasPrefix "${sockets.folder}/" socket.guest || lib.hasPrefix "${user.home}/" socket.guest)
  ) bindable;
  paths = map (socket: socket.guest) sockets.extra ++ [
    "${sockets.folder}/docker.sock"
    "${sockets.folder}/ssh-agent.sock"
    "${sockets.folder}/bridge.sock"
  ];
in
{
  options.ascalon = {
    links.enable = lib.mkEnableOption "the host's sockets in the guest" // {
      default = true;
    };
    linkEnvironment = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      internal = true;
      default = { };
      description = "The variables by which programs find the sockets: for logins, the user's manager and panes alike.";
    };
  };

  config = lib.mkIf (cfg.enable && cfg.links.enable) {
    ascalon.linkEnvironment =
      lib.optionalAttrs sockets.docker { DOCKER_HOST = "unix://${sockets.folder}/docker.sock"; }
      // lib.optionalAttrs sockets.sshAgent { SSH_AUTH_SOCK = "${sockets.folder}/ssh-agent.sock"; };

    # Through PAM, so the user's manager and its services have them too, and not only shells.
    environment.sessionVariables = cfg.linkEnvironment;

    # sshd binds a forwarded socket as the user it logged in, so the folder is the user's. No age: nothing is cleaned.
    systemd.tmpfiles.settings."10-ascalon-links" = {
      ${sockets.folder}.d = {
        mode = "0700";
        user = user.name;
        group = "users";
      };
    }
    // lib.optionalAttrs sockets.docker {
      "/run/docker.sock"."L+".argument = "${sockets.folder}/docker.sock";
    };

    environment.systemPackages =
      lib.optional sockets.docker pkgs.docker-client ++ lib.optionals (cfg.package != null) shims;

    assertions = [
      {
        assertion = !(sockets.docker && config.virtualisation.docker.enable);
        message = "virtualisation.docker.enable is set: its socket unit owns /run/docker.sock, where the host's Docker appears. Set sockets.docker to off in ascalon.yaml to have a Docker of the guest's own.";
      }
      {
        assertion = !(sockets.docker && config.virtualisation.podman.dockerSocket.enable);
        message = "virtualisation.podman.dockerSocket.enable is set: it owns /run/docker.sock, where the host's Docker appears.";
      }
      {
        assertion = !(sockets.sshAgent && config.programs.ssh.startAgent);
        message = "programs.ssh.startAgent is set: it points SSH_AUTH_SOCK at an empty agent of the guest, and the host's keys would not be found.";
      }
      {
        assertion = !(sockets.sshAgent && hasOwnAgent);
        message = "home-manager gives ${user.name} an ssh agent of the guest's own (services.ssh-agent, services.gpg-agent.enableSshSupport or sshAuthSock): it points SSH_AUTH_SOCK of every pane there, and the host's keys would not be found. Turn it off in the guest, or set sockets.ssh-agent to off in ascalon.yaml.";
      }
      {
        assertion = misplaced == [ ];
        message = "The socket ${
          lib.concatMapStringsSep ", " (socket: socket.guest) misplaced
        } cannot be made by ${user.name}: place it below ${sockets.folder} or ${user.home}.";
      }
      {
        assertion = lib.length (lib.unique paths) == lib.length paths;
        message = "Two forwarded sockets have the same path in the guest: ${lib.concatStringsSep ", " paths}.";
      }
    ];
  };
}
