# For home-manager on the host: the command line, its settings, the agent, and WezTerm's two lines.
{
  config,
  lib,
  pkgs,
  osConfig ? null,
  ...
}:
let
  cfg = config.programs.ascalon;
  options = import ../lib/options.nix { inherit lib; };
  agent = import ../lib/agent.nix { inherit lib; };
  packages = import ../lib/packages.nix { inherit lib; };
  entries = packages.select pkgs packages.machines.macos;

  inherit (pkgs.stdenv.hostPlatform) isDarwin isLinux system;
  settings = options.given cfg.settings;
  home = config.home.homeDirectory;
  service = {
    inherit home;
    user = config.home.username;
    profiles = [ "${config.home.profileDirectory}/bin" ];
    # A service has no variables of a shell's, and the agent must use the folders that ascalon uses there.
    environment = lib.filterAttrs (name: folder: folder != "${home}/${usualFolders.${name}}") {
      XDG_CONFIG_HOME = config.xdg.configHome;
      XDG_STATE_HOME = config.xdg.stateHome;
      XDG_CACHE_HOME = config.xdg.cacheHome;
    };
  };
  # WezTerm is started from the Dock, without a shell's variables; and before the first `ascalon up` nothing but this
  # line tells it where ascalon is.
  pluginOptions = lib.concatStringsSep ", " (
    [ "cli = { ${lib.concatMapStringsSep ", " builtins.toJSON cli} }" ]
    ++ lib.optional (
      service.environment ? XDG_STATE_HOME
    ) "plugin_json = ${builtins.toJSON "${config.xdg.stateHome}/ascalon/wezterm/plugin.json"}"
  );
  cli = [
    "/usr/bin/env"
    "PATH=${agent.searchPath { inherit (service) home user profiles; }}"
  ]
  ++ lib.mapAttrsToList (name: folder: "${name}=${folder}") service.environment
  ++ [ "${cfg.package}/bin/ascalon" ];
  usualFolders = {
    XDG_CONFIG_HOME = ".config";
    XDG_STATE_HOME = ".local/state";
    XDG_CACHE_HOME = ".cache";
  };
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
    wezterm = {
      enable = lib.mkEnableOption "ascalon's lines in home-manager's WezTerm configuration";
      lines = lib.mkOption {
        type = lib.types.lines;
        readOnly = true;
        description = "The line for a wezterm.lua of one's own, to stand before its `return config`.";
        default = ''dofile("${cfg.package}/lib/ascalon/lua-out/ascalon.lua").apply_to_config(config, { ${pluginOptions} })'';
      };
    };
  };

  config = lib.mkIf cfg.enable (
    lib.mkMerge [
      {
        assertions = [
          {
            assertion = lib.elem system options.hosts;
            message = "programs.ascalon does not run on ${system}: Lima, which runs the machine, exists for macOS and Linux on arm64 and x86_64.";
          }
          {
            assertion = !(osConfig.services.lima.enable or false);
            message = "programs.ascalon is enabled inside the guest: it belongs to the host. In the guest use ascalon's NixOS module, which this system has already.";
          }
        ];

        home.packages = [ cfg.package ];
        xdg.configFile = lib.optionalAttrs (settings != { }) {
          "ascalon/ascalon.yaml".source = (pkgs.formats.yaml { }).generate "ascalon.yaml" settings;
        };
      }

      (lib.mkIf cfg.packages.enable {
        home.packages = packages.packagesOf entries;
        xdg.configFile."ascalon/packages.json".text =
          packages.manifest config.home.profileDirectory entries;
      })

      (lib.mkIf (cfg.agent.enable && isDarwin) {
        launchd.agents.ascalon = {
          enable = true;
          # Home-manager itself lets every job wait until /nix is mounted.
          config = agent.launchd service // {
            ProgramArguments = agent.command cfg.package;
          };
        };
      })

      (lib.mkIf (cfg.agent.enable && isLinux) {
        systemd.user.services = agent.systemd (
          service
          // {
            inherit pkgs;
            inherit (cfg) package;
            inherit (config.xdg) stateHome;
          }
        );
      })

      (lib.mkIf cfg.wezterm.enable {
        assertions = [
          {
            assertion = config.programs.wezterm.enable && config.programs.wezterm.settings != { };
            message = "programs.ascalon.wezterm.enable needs programs.wezterm.enable with programs.wezterm.settings: only then does home-manager write a configuration that lines can be added to. With a wezterm.lua of your own, put programs.ascalon.wezterm.lines into it.";
          }
        ];
        # Home-manager runs this text as a function with `config` in scope, and lays what that returns over `config`. Our
        # line must come last, when keys and domains are there, and what is returned would be laid over it. So everybody
        # else's text becomes a function within, and what it returns is laid over first, as home-manager does it.
        programs.wezterm.extraConfig = lib.mkMerge [
          (lib.mkOrder 0 "local ascalon_others = (function()")
          (lib.mkOrder 100000 ''
            end)()
            if type(ascalon_others) == "table" then
              for name, value in pairs(ascalon_others) do
                config[name] = value
              end
            end
            ${cfg.wezterm.lines}'')
        ];
      })
    ]
  );
}
