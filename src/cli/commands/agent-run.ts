import { stateFiles } from "../../shared/plugin-contract.ts";
import { guardedPlaceOf, guardedSentence } from "../agent/guarded-place.ts";
import { installService, noManagerWhy, observeService, uninstallService } from "../agent/install.ts";
import { keepLogsShort } from "../agent/keep-logs-short.ts";
import { findNixService } from "../agent/nix-service.ts";
import { runAgentCommand } from "../agent/run.ts";
import { identityOf, removalOf } from "../agent/service-identity.ts";
import { isOfThisBuild, readAgentStatus } from "../agent/status-file.ts";
import { waitForSettings } from "../agent/wait-for-settings.ts";
import { runInTurn } from "../agent/wait-for-turn.ts";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { refuseRoot } from "../lifecycle/preflight.ts";
import { agentLogFiles, pathsOf, weztermLogFile } from "../paths.ts";
import { printable } from "../printable.ts";
import type { DescribedService } from "../projections/described-service.ts";
import { withSameSettings } from "../same-settings.ts";
import { loadSettings } from "../settings/load.ts";
import { version } from "../version.ts";
import { isPluginFileUseless, ownProgram, writePluginFiles } from "../wezterm/plugin-files.ts";
import { ownWords } from "./own-words.ts";
import { servicePlanOf } from "./service-plan.ts";

export const runAgentHere: CommandRun = async (context) => {
  refuseRoot(context);
  const log = (line: string): void => {
    context.stderr.write(`${new Date(context.clock.now()).toISOString()} ${printable(line)}\n`);
  };
  const over = new AbortController();
  const paths = pathsOf(context);
  const logs = [...agentLogFiles(paths, context.host), weztermLogFile(paths)];
  void keepLogsShort(context, logs, over.signal);
  try {
    // Whoever starts it by hand is told at once; launchd and systemd would start it anew every few seconds.
    const isServed = isService(context.env);
    if (isServed && !(await waitForSettings(context, log))) return exitCodes.ok;
    await mendPluginFiles(context, log);
    const program = await ownWords(context);
    const run = (): Promise<void> => runAgentCommand(context, { program, startsVm: true, log });
    await (isServed ? runInTurn(context, log, run) : run());
    return exitCodes.ok;
  } finally {
    over.abort();
  }
};

/** Variables that systemd and launchd give what they start; a terminal on a Mac has the second too, with another value. */
const isService = ({ INVOCATION_ID, XPC_SERVICE_NAME }: Context["env"]): boolean =>
  (INVOCATION_ID ?? "") !== "" || (XPC_SERVICE_NAME ?? "").includes("ascalon");

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
  const plan = await servicePlanOf(context, { keeps: false });
  const change = await installService(context, pathsOf(context), plan);
  if (change.kind === "foreign") throw foreign(context, plan.file, change.described);
  if (change.kind === "failed") throw notInstalled(change.why);
  if (change.kind === "no-manager") throw notInstalled(noManagerWhy(context));
  const text =
    change.kind === "done"
      ? "The agent is running and starts at each login. Next: ascalon status\n"
      : change.kind === "nix"
        ? "The agent is already running, from the Nix configuration: nothing to do.\n"
        : "The agent is already running and is of this version: nothing to do.\n";
  context.stderr.write(withSameSettings(text, context.configFlag));
  const place = change.kind === "done" ? await guardedPlaceOf(context, plan.service.argv) : undefined;
  if (place !== undefined) context.stderr.write(`${guardedSentence(place)}\n`);
  return exitCodes.ok;
};

function notInstalled(why: string): AscalonError {
  return new AscalonError("E_AGENT", {
    what: "the agent could not be installed",
    why,
    run: "ascalon agent run    (keeps the links up from this terminal instead)",
  });
}

function foreign(context: Context, file: string, described: DescribedService): AscalonError {
  const { configFile, stateDir } = identityOf(described, context.host);
  return new AscalonError("E_AGENT", {
    what: "the agent of this login belongs to another configuration",
    why: `${file} starts it with the settings ${configFile} and the state folder ${stateDir}`,
    run: `${removalOf(described, context)}    (removes that one)`,
  });
}

export const runAgentUninstall: CommandRun = async (context) => {
  const plan = await servicePlanOf(context);
  const change = await uninstallService(context, plan);
  if (change.kind === "foreign") throw foreign(context, plan.file, change.described);
  if (change.kind === "failed") {
    throw new AscalonError("E_AGENT", { what: "the agent could not be stopped", why: change.why });
  }
  context.stderr.write(
    change.kind === "done"
      ? "The agent is stopped and removed; the VM keeps running.\n"
      : "No agent is installed.\n",
  );
  return exitCodes.ok;
};

export const runAgentStatus: CommandRun = async (context, flags) => {
  const { foreign, ...service } = await observeService(context, await servicePlanOf(context));
  const paths = pathsOf(context);
  const nix = await findNixService(context, paths);
  const read = await readAgentStatus(context, `${paths.stateDir}/${stateFiles.status}`);
  const { state } = read;
  const other = read.state === "fresh" && !isOfThisBuild(read.status) ? read.status.ascalon : undefined;
  const current = service.current && other === undefined;
  const more = { ...(foreign ? { foreign } : {}), ...(nix ? { nix: nix.file } : {}) };
  const document = { schema: 1, ...service, current, ...more, statusFile: state };
  const words = (yes: boolean, yesText: string, noText: string): string => (yes ? yesText : noText);
  context.stdout.write(
    flags.json === true
      ? `${JSON.stringify(document)}\n`
      : withSameSettings(
          [
            `installed    ${words(service.installed, foreign ? "yes, for another configuration" : "yes", nix ? "by the Nix configuration" : "no: ascalon agent install")}`,
            ...(nix && service.installed
              ? [`and by Nix   ${nix.file}; keep one: ascalon agent uninstall`]
              : []),
            `this version ${words(current, "yes", foreign || !service.installed ? "-" : `no${other === undefined ? "" : `, ${other === version ? "another build of " : ""}${other} runs`}: ascalon agent install`)}`,
            `running      ${service.running === null ? muteWords(context) : words(service.running, "yes", "not by launchd or systemd")}`,
            `status.json  ${{ fresh: "fresh", stale: "stale: no agent writes it", none: "none yet" }[state]}`,
            "",
          ].join("\n"),
          context.configFlag,
        ),
  );
  // As E_AGENT ends: the code of a VM that does not run would say something of the VM.
  return state === "fresh" ? exitCodes.ok : exitCodes.failed;
};

const muteWords = ({ host }: Pick<Context, "host">): string =>
  `not known: ${host.platform === "darwin" ? "launchctl" : "systemctl"} does not answer`;

/** What a person reads at once; 200 lines are never longer than this. */
const tailBytes = 64 * 1024;

export const runAgentLogs: CommandRun = async (context) => {
  const paths = agentLogFiles(pathsOf(context), context.host);
  const infos = await Promise.all(
    paths.map(async (path) => ({ path, info: await context.files.info(path) })),
  );
  // The one that was written to last is of the agent that runs.
  const [newest] = infos
    .flatMap(({ path, info }) => (info ? [{ path, at: info.modifiedAt, size: info.sizeBytes }] : []))
    .sort((a, b) => b.at - a.at);
  const text = newest && (await context.files.readTail(newest.path, tailBytes));
  if (newest === undefined || text === undefined) throw noLog(paths[0]);
  // What was in it when it grew too long comes before it.
  const isWhole = newest.size <= tailBytes;
  const older = (isWhole && (await context.files.readTail(`${newest.path}.1`, tailBytes))) || "";
  context.stdout.write((older + text).split("\n").slice(-201).map(printable).join("\n"));
  return exitCodes.ok;
};

function noLog(path: string): AscalonError {
  return new AscalonError("E_AGENT", { what: `there is no ${path} yet`, run: "ascalon agent install" });
}
