# The agent as a service of the login: the same command under launchd and systemd.
{ lib }:
let
  command = package: [
    "${package}/bin/ascalon"
    "agent"
    "run"
  ];
  # Lima calls programs of macOS by name (sw_vers), and launchd gives a job almost no PATH.
  searchPath =
    profiles:
    lib.concatStringsSep ":" (
      profiles
      ++ [
        "/run/current-system/sw/bin"
        "/nix/var/nix/profiles/default/bin"
        "/opt/homebrew/bin"
        "/usr/local/bin"
        "/usr/bin"
        "/bin"
        "/usr/sbin"
        "/sbin"
      ]
    );
in
{
  launchd =
    {
      package,
      home,
      environment,
      profiles,
    }:
    {
      ProgramArguments = command package;
      RunAtLoad = true;
      # A stop on purpose ends with 0 and stays one.
      KeepAlive.SuccessfulExit = false;
      # A new version of the agent must not take the machine down with it.
      AbandonProcessGroup = true;
      # A status is written and ssh let go, nothing more: as src/cli/projections/agent-service.ts has it.
      ExitTimeOut = 30;
      ProcessType = "Interactive";
      EnvironmentVariables = {
        PATH = searchPath profiles;
        LIMA_HOME = "${home}/.lima";
        # launchd gives a job none, and pbcopy takes text for MacRoman then.
        LANG = "en_US.UTF-8";
      }
      // environment;
      StandardErrorPath = "${home}/Library/Logs/ascalon-agent.log";
    };

  systemd =
    {
      package,
      environment,
      profiles,
    }:
    {
      Unit = {
        Description = "ascalon agent: keeps the machine and its links up";
        # A new version must not take the machine down with it.
        X-SwitchMethod = "keep-old";
      };
      Service = {
        ExecStart = lib.concatStringsSep " " (command package);
        Restart = "on-failure";
        RestartSec = 2;
        KillMode = "process";
        TimeoutStopSec = 30;
        Environment = lib.mapAttrsToList (name: value: "${name}=${value}") (
          { PATH = searchPath profiles; } // environment
        );
      };
      Install.WantedBy = [ "default.target" ];
    };
}
