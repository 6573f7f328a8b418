# The configuration of the mux server, as text. Only what a server heeds; colours, fonts and keys are the client's.
{
  lib,
  environment,
  extra,
}:
let
  quote = builtins.toJSON;
  variables = lib.mapAttrsToList (name: value: "  ${name} = ${quote value},") environment;
in
''
  -- The mux server of the ascalon guest. Written by NixOS; what to add goes into ascalon.wezterm.extraConfig.
  local wezterm = require("wezterm")
  local config = wezterm.config_builder and wezterm.config_builder() or {}

  -- No unix_domains here: the default one is at the path that ascalon forwards, and an empty list is no socket at all.

  config.set_environment_variables = {
  ${lib.concatStringsSep "\n" variables}
  }

  -- What belongs to the connection or the service that started the server, and would mislead programs in a pane.
  config.mux_env_remove = {
    "SSH_CLIENT",
    "SSH_CONNECTION",
    "SSH_TTY",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "SYSTEMD_EXEC_PID",
    "MANAGERPID",
    "NOTIFY_SOCKET",
  }

  -- The server would give panes the path of the client's agent, which is a path on the Mac. Versions of early 2024 lack
  -- the option and refuse its name.
  pcall(function()
    config.mux_enable_ssh_agent = false
  end)

  ${lib.optionalString (extra != "") "do\n${extra}\nend\n"}
  return config
''
