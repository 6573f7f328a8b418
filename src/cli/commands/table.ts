import type { CommandSpec } from "../command.ts";
import { agentCommand, doctorCommand, healCommand } from "./agent.ts";
import { attachCommand } from "./attach.ts";
import { bridgeCommand } from "./bridge.ts";
import { completionCommand } from "./completion.ts";
import { configCommand } from "./config.ts";
import { destroyCommand } from "./destroy.ts";
import { initCommand, parityCommand } from "./init.ts";
import { logsCommand } from "./logs.ts";
import { planCommand } from "./plan.ts";
import { generationsCommand, rebuildCommand, rollbackCommand } from "./rebuild.ts";
import { shellCommand } from "./shell.ts";
import { sshConfigCommand } from "./ssh-config.ts";
import { restartCommand, startCommand, stopCommand } from "./start.ts";
import { statusCommand } from "./status.ts";
import { upCommand } from "./up.ts";
import { versionCommand } from "./version.ts";
import { weztermCommand } from "./wezterm.ts";

/** Every command, in the order `ascalon help` shows them. */
export const commandTable: readonly CommandSpec[] = [
  upCommand,
  shellCommand,
  attachCommand,
  statusCommand,
  planCommand,
  startCommand,
  stopCommand,
  restartCommand,
  rebuildCommand,
  rollbackCommand,
  generationsCommand,
  initCommand,
  parityCommand,
  healCommand,
  doctorCommand,
  logsCommand,
  agentCommand,
  configCommand,
  bridgeCommand,
  destroyCommand,
  weztermCommand,
  sshConfigCommand,
  completionCommand,
  versionCommand,
];
