# The agent as a service of the login: the same command under launchd and systemd, and the same fields as the service
# that the command line installs by itself (src/cli/projections); a test compares the two.
{ lib }:
let
  command = package: [
    "${package}/bin/ascalon"
    "agent"
    "run"
  ];

  # Lima calls programs of macOS by name (sw_vers), and launchd gives a job almost no PATH. After the profiles the folders
  # of src/cli/agent/search-path.ts.
  searchPath =
    {
      home,
      user,
      profiles,
    }:
    lib.concatStringsSep ":" (
      lib.unique (
        profiles
        ++ [
          "${home}/.nix-profile/bin"
          "/etc/profiles/per-user/${user}/bin"
          "/run/wrappers/bin"
          "/run/current-system/sw/bin"
          "/nix/var/nix/profiles/default/bin"
          "/opt/homebrew/bin"
          "/usr/local/bin"
          "${home}/.local/bin"
          "/usr/bin"
          "/bin"
          "/usr/sbin"
          "/sbin"
        ]
      )
    );

  # systemd.syntax(7): its specifiers begin with a percent sign.
  plain = lib.replaceStrings [ "%" ] [ "%%" ];
  quoted = text: ''"${plain (lib.replaceStrings [ "\\" "\"" ] [ "\\\\" "\\\"" ] text)}"'';

  # A status is written and ssh let go, nothing more.
  stopSeconds = 30;

  logFolderUnit = "ascalon-log-folder";
in
{
  inherit command searchPath;

  # Without the command, which home-manager and nix-darwin take in two places.
  launchd =
    {
      home,
      user,
      environment,
      profiles,
    }:
    let
      log = "${home}/Library/Logs/ascalon-agent.log";
    in
    {
      WorkingDirectory = home;
      RunAtLoad = true;
      # A stop on purpose ends with 0 and stays one.
      KeepAlive.SuccessfulExit = false;
      ThrottleInterval = 5;
      # A new version of the agent must not take the machine down with it.
      AbandonProcessGroup = true;
      ExitTimeOut = stopSeconds;
      ProcessType = "Interactive";
      # 077: a plist knows decimal numbers only.
      Umask = 63;
      EnvironmentVariables = {
        PATH = searchPath { inherit home user profiles; };
        LIMA_HOME = "${home}/.lima";
        # launchd gives a job none, and pbcopy takes text for MacRoman then.
        LANG = "en_US.UTF-8";
      }
      // environment;
      # This folder is always there, and launchd makes none.
      StandardOutPath = log;
      StandardErrorPath = log;
    };

  # Units by their names.
  systemd =
    {
      pkgs,
      package,
      home,
      user,
      stateHome,
      environment,
      profiles,
    }:
    let
      logFolder = "${stateHome}/ascalon/log";
    in
    {
      ascalon = {
        Unit = {
          Description = "ascalon: keeps the VM's links alive";
          # A crash loop is throttled by RestartSec and never given up.
          StartLimitIntervalSec = 0;
          Requires = [ "${logFolderUnit}.service" ];
          After = [ "${logFolderUnit}.service" ];
          # A new version must not take the machine down with it.
          X-SwitchMethod = "keep-old";
        };
        Service = {
          Type = "exec";
          ExecStart = lib.concatStringsSep " " (command package);
          WorkingDirectory = plain home;
          Restart = "on-failure";
          RestartSec = 2;
          # limactl's processes are children of the agent that started the VM: they must outlive its restart.
          KillMode = "process";
          TimeoutStopSec = stopSeconds;
          UMask = "0077";
          # Where `ascalon logs agent` looks.
          StandardOutput = "append:${plain logFolder}/agent.log";
          StandardError = "inherit";
          Environment = lib.mapAttrsToList (name: value: quoted "${name}=${value}") (
            { PATH = searchPath { inherit home user profiles; }; } // environment
          );
        };
        Install.WantedBy = [ "default.target" ];
      };

      # systemd opens the log before it runs anything of the unit itself, and makes no folder for it.
      ${logFolderUnit} = {
        Unit.Description = "ascalon: the folder of the agent's log";
        Service = {
          Type = "oneshot";
          UMask = "0077";
          ExecStart = "${pkgs.coreutils}/bin/mkdir -p ${quoted logFolder}";
        };
      };
    };
}
