# WezTerm's mux server as a service of the user. The name of the unit is part of the interface: renaming it stops it,
# and with it every session.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.ascalon;
  inherit (cfg.settings) user;
  unit = config.systemd.user.services.wezterm-daemon;
  script = import ../lib/guest-script.nix { inherit lib pkgs; };

  written = pkgs.writeText "ascalon-wezterm.lua" (
    import ../lib/wezterm-config.nix {
      inherit lib;
      environment = cfg.linkEnvironment;
      extra = cfg.wezterm.extraConfig;
    }
  );

  # A server whose configuration is broken starts with WezTerm's defaults and says nothing, so the file is read by the
  # very server that will run it, before the system exists.
  checked =
    pkgs.runCommand "ascalon-wezterm.lua"
      {
        inherit written;
        nativeBuildInputs = [ cfg.wezterm.package ];
      }
      ''
        sh ${../guest/check-wezterm-config.sh} $written
        cp $written $out
      '';

  ready = script "ascalon-wait-for-socket" [ pkgs.coreutils ] ../guest/wait-for-socket.sh;
  pending = script "ascalon-mux-pending" [
    pkgs.coreutils
    pkgs.gnused
    pkgs.systemd
  ] ../guest/mux-pending.sh;
  report = builtins.readFile ../guest/folder-report.sh;
in
{
  options.ascalon.wezterm = {
    enable = lib.mkEnableOption "WezTerm's mux server as a service" // {
      default = true;
    };
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.wezterm;
      description = ''
        The WezTerm of the guest. It must speak the codec of the one on the host: the same nixpkgs on both sides does.
        `pkgs.wezterm.headless` is smaller and is usually built from source, because the binary cache lacks it.
      '';
    };
    extraConfig = lib.mkOption {
      type = lib.types.lines;
      default = "";
      description = "Lua for the server's configuration, run with `config` and `wezterm` in scope.";
    };
  };

  config = lib.mkIf (cfg.enable && cfg.wezterm.enable) {
    environment.etc."ascalon/wezterm.lua".source = checked;
    environment.systemPackages = [
      cfg.wezterm.package
      pending
    ];
    # Not environment.interactiveShellInit: fish reads that too, and it is to hold nothing that only bash and zsh know.
    programs.bash.interactiveShellInit = report;
    programs.zsh.interactiveShellInit = report;

    systemd.user.services.wezterm-daemon = {
      description = "WezTerm mux server: the sessions of this machine";
      wantedBy = [ "default.target" ];
      # Every user's manager reads this unit; it is for one.
      unitConfig.ConditionUser = user.name;
      # A switch that changes WezTerm would otherwise restart the unit and end every session. The old server goes on
      # from its own store path; `ascalon-mux-pending` says that a newer one waits.
      restartIfChanged = false;
      stopIfChanged = false;
      # NixOS would set PATH to five packages, and every pane would inherit it. Without this line the manager's holds.
      path = lib.mkForce [ ];
      serviceConfig = {
        Type = "simple";
        ExecStart = "${cfg.wezterm.package}/bin/wezterm-mux-server --config-file /etc/ascalon/wezterm.lua";
        ExecStartPost = "${ready}/bin/ascalon-wait-for-socket %t/wezterm/sock";
        # A server that was stopped on purpose stays stopped, until the next switch: that starts the user's
        # default.target anew, which wants this unit.
        Restart = "on-failure";
        RestartSec = 2;
        # By default one process that runs out of memory takes the whole unit with it.
        OOMPolicy = "continue";
        # Whatever was started to outlive its terminal outlives the server as well.
        KillMode = "process";
        TasksMax = "infinity";
        LimitNOFILE = 524288;
        UnsetEnvironment = "__NIXOS_SET_ENVIRONMENT_DONE";
      };
    };

    assertions = [
      {
        assertion = !unit.restartIfChanged && !unit.stopIfChanged;
        message = "systemd.user.services.wezterm-daemon would be restarted by a switch: that ends every session in the guest.";
      }
      {
        assertion = unit.path == [ ];
        message = "systemd.user.services.wezterm-daemon.path is set: every pane would start with that PATH in place of the system's.";
      }
      {
        assertion = unit.serviceConfig.OOMPolicy == "continue";
        message = "systemd.user.services.wezterm-daemon has another OOMPolicy than `continue`: one compiler that runs out of memory would end every session.";
      }
    ];
  };
}
