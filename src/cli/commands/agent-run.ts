import { stateFiles } from "../../shared/plugin-contract.ts";
import {
  agentLogFile,
  installService,
  noManager,
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
import { printable } from "../printable.ts";
import { loadSettings } from "../settings/load.ts";
import { isPluginFileUseless, ownProgram, writePluginFiles } from "../wezterm/plugin-files.ts";
import { ownWords } from "./own-words.ts";

const servicePlan = async (context: Context) =>
  planService(context, pathsOf(context), await ownWords(context));

export const runAgentHere: CommandRun = async (context) => {
  refuseRoot(context);
  const log = (line: string): void => {
    context.stderr.write(`${new Date(context.clock.now()).toISOString()} ${printable(line)}\n`);
  };
  await mendPluginFiles(context, log);
  await runAgentCommand(context, { program: await ownWords(context), startsVm: true, log });
  return exitCodes.ok;
};

/** An agent that Nix installed may run before the first `ascalon up`: the key has to find ascalon then as well. */
async function mendPluginFiles(context: Context, log: (line: string) => void): Promise<void> {
  const { settings } = await loadSettings(context);
  try {
    if (!(await isPluginFileUseless(context))) return;
    const { commandTable } = await import("./table.ts");
    await writePluginFiles(context, settings, commandTable, ownProgram());
  } catch (error) {
    // A full disk: the links are worth more than WezTerm's file.
    log(`plugin.json cannot be written: ${String(error)}`);
  }
}

export const runAgentInstall: CommandRun = async (context) => {
  refuseRoot(context);
  const change = await installService(context, pathsOf(context), await servicePlan(context));
  if (change.kind === "failed") throw notInstalled(change.why);
  if (change.kind === "no-manager") throw notInstalled(noManager);
  context.stderr.write(
    change.kind === "done"
      ? "The agent runs, and will at each login. Next: ascalon status\n"
      : "The agent runs already, and is of this version: nothing to do.\n",
  );
  return exitCodes.ok;
};

function notInstalled(why: string): AscalonError {
  return new AscalonError("E_AGENT", {
    what: "the agent could not be installed",
    why,
    run: "ascalon agent run    (holds the links in this terminal instead)",
  });
}

export const runAgentUninstall: CommandRun = async (context) => {
  const change = await uninstallService(context, await servicePlan(context));
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
  const service = await observeService(context, await servicePlan(context));
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
  context.stdout.write(text.split("\n").slice(-201).map(printable).join("\n"));
  return exitCodes.ok;
};
