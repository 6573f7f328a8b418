import { stateFiles } from "../../shared/plugin-contract.ts";
import {
  agentLogFile,
  installService,
  observeService,
  planService,
  uninstallService,
} from "../agent/install.ts";
import { runAgentCommand } from "../agent/run.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { refuseRoot } from "../lifecycle/preflight.ts";
import { pathsOf } from "../paths.ts";
import { ownProgram } from "../wezterm/plugin-files.ts";

/** Node and the script that runs now, as launchd and systemd are told. */
export function programWords(): readonly [string, ...string[]] {
  const { node, script } = ownProgram();
  return [node, script];
}

const servicePlan = (context: Context) => planService(context, pathsOf(context), programWords());

export const runAgentHere: CommandRun = async (context) => {
  refuseRoot(context);
  const { files, processes, clock } = context;
  const adapters = { ...(await context.linkTools()), files, processes, clock };
  await runAgentCommand(context, { adapters, program: programWords() });
  return exitCodes.ok;
};

export const runAgentInstall: CommandRun = async (context) => {
  refuseRoot(context);
  const change = await installService(context, pathsOf(context), servicePlan(context));
  if (change.kind === "failed") throw notInstalled(change.why);
  context.stderr.write(
    change.kind === "done"
      ? "The agent runs, and will at each login. Next: ascalon status\n"
      : "The agent runs already, and is of this version: nothing to do.\n",
  );
  return exitCodes.ok;
};

export function notInstalled(why: string): AscalonError {
  return new AscalonError("E_AGENT", {
    what: "the agent could not be installed",
    why,
    run: "ascalon agent run    (holds the links in this terminal instead)",
  });
}

export const runAgentUninstall: CommandRun = async (context) => {
  const change = await uninstallService(context, servicePlan(context));
  if (change.kind === "failed") {
    throw new AscalonError("E_AGENT", { what: "the agent could not be stopped", why: change.why });
  }
  context.stderr.write(
    change.kind === "done"
      ? "The agent is stopped and removed; the VM goes on.\n"
      : "No agent is installed.\n",
  );
  return exitCodes.ok;
};

export const runAgentStatus: CommandRun = async (context, flags) => {
  const service = await observeService(context, servicePlan(context));
  const { state } = await readAgentStatus(context, `${pathsOf(context).stateDir}/${stateFiles.status}`);
  const document = { schema: 1, ...service, statusFile: state };
  const words = (yes: boolean, yesText: string, noText: string): string => (yes ? yesText : noText);
  context.stdout.write(
    flags.json === true
      ? `${JSON.stringify(document)}\n`
      : [
          `installed    ${words(service.installed, "yes", "no: ascalon agent install")}`,
          `this version ${words(service.current, "yes", service.installed ? "no: ascalon agent install" : "-")}`,
          `running      ${words(service.running, "yes", "not by launchd or systemd")}`,
          `status.json  ${{ fresh: "fresh", stale: "stale: no agent writes it", none: "none yet" }[state]}`,
          "",
        ].join("\n"),
  );
  return state === "fresh" ? exitCodes.ok : exitCodes.notRunning;
};

/** What a person reads at once; 200 lines are never longer than this. */
const tailBytes = 64 * 1024;

export const runAgentLogs: CommandRun = async (context) => {
  const file = agentLogFile(pathsOf(context));
  const text = await context.files.readTail(file, tailBytes);
  if (text === undefined)
    throw new AscalonError("E_AGENT", { what: `there is no ${file} yet`, run: "ascalon agent install" });
  context.stdout.write(text.split("\n").slice(-201).join("\n"));
  return exitCodes.ok;
};
