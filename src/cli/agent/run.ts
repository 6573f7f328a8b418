import type { PendingPlan } from "../../shared/status.ts";
import { bridgeLogPath, createBridgeLog } from "../bridge/log.ts";
import { createBridgeServer } from "../bridge/server.ts";
import type { Context } from "../context.ts";
import { keysBehind } from "../lifecycle/keys-behind.ts";
import { agentLockFolder, type LockRefusal, withLock } from "../lifecycle/lock.ts";
import { withWholeSettings } from "../lifecycle/session.ts";
import { atLogin, wasStoppedByHand } from "../lifecycle/stopped-by-hand.ts";
import type { MachineFacts } from "../machine/facts.ts";
import { pathsOf } from "../paths.ts";
import { changedKeys } from "../settings/diff.ts";
import { loadSettings } from "../settings/load.ts";
import type { EffectClass, Settings } from "../settings/settings.ts";
import { askGuest } from "../ssh/ask-guest.ts";
import { updatePluginSettings } from "../wezterm/plugin-files.ts";
import { createAgentPort } from "./agent-port.ts";
import { generationQuestion, readGeneration } from "./generation-watch.ts";
import { runAgent } from "./loop.ts";

export interface AgentRunOptions {
  /** argv of ascalon: how the agent starts the VM, in a process of its own that outlives it. */
  readonly program: readonly string[];
  /** Whether `vm.autostart` counts: for the agent of a login it does, for links held by hand it does not. */
  readonly startsVm: boolean;
  readonly log: (line: string) => void;
}

const questionTimeoutMs = 15_000;

/**
 * Until SIGTERM or SIGINT. A second agent is refused with E_LOCKED. Settings that are invalid at the start end it;
 * later they only leave the links as they are.
 */
export async function runAgentCommand(
  context: Context,
  { program, startsVm, log }: AgentRunOptions,
): Promise<void> {
  const paths = pathsOf(context);
  const { settings } = await loadSettings(context);
  const machine = await context.openMachine(context, async () => settings.vm.type);
  const [file = "", ...args] = program;
  const startVm = async (): Promise<void> => {
    const result = await context.processes.run(file, [...args, "start"], {
      onStderrLine: log,
      detached: true,
      env: { [atLogin]: "1" },
    });
    if (result.exitCode !== 0) throw new Error(`ascalon start exited with ${result.exitCode}`);
  };
  const tellWezTerm = wezTermTeller(context, log);
  const readSettings = async (): Promise<Settings> => {
    const { settings } = await loadSettings(context);
    await tellWezTerm(settings);
    return settings;
  };
  const { startPiped, ...sockets } = await context.linkTools();
  const bridge = createBridgeServer({
    context,
    startPiped,
    readSettings,
    log: createBridgeLog(context.files, context.clock, bridgeLogPath(paths.logDir)),
  });
  const { files, processes, clock } = context;
  const port = createAgentPort({
    context,
    adapters: { ...sockets, files, processes, clock },
    paths,
    machine,
    readSettings,
    pendingPlan: async (facts) => pendingOf(facts, await readSettings()),
    askGeneration: async () => {
      const { instanceDir } = paths;
      const { signal } = context;
      const said = await askGuest(context, instanceDir, generationQuestion, questionTimeoutMs, signal);
      return said ? readGeneration(said.exitCode, said.stdout) : "failed";
    },
    startVm: startsVm && settings.vm.autostart === "login" ? startVm : undefined,
    wasStopped: () => wasStoppedByHand(context, paths.stateDir),
    bridge,
    log,
  });
  const work = (): Promise<void> => runAgent(port, context.signal).finally(bridge.close);
  await withLock(context, agentLockFolder(paths.stateDir), "ascalon agent run", work, {
    refusal: besideAnother,
  });
}

/** Not to be waited for: it does not end by itself. */
const besideAnother: LockRefusal = {
  why: "only one at a time keeps the links up",
  run: () => "ascalon agent status",
};

/** WezTerm's part of the settings is live, also when an editor changed them. Asked at each look, it acts on a change. */
function wezTermTeller(context: Context, log: (line: string) => void): (settings: Settings) => Promise<void> {
  let told = "";
  return async (settings) => {
    const now = JSON.stringify(settings.wezterm);
    if (now === told) return;
    told = now;
    await updatePluginSettings(context, settings).catch((error) =>
      log(`plugin.json cannot be written: ${String(error)}`),
    );
  };
}

/** undefined: there is no VM of ours whose settings could differ. */
function pendingOf(facts: MachineFacts, settings: Settings): PendingPlan | undefined {
  const { applied } = withWholeSettings(facts, settings);
  if (facts.exists !== "ours" || !applied) return undefined;
  const changes = changedKeys(applied, settings);
  const count = (effect: EffectClass): number => changes.filter((one) => one.effect === effect).length;
  const rebuild = count("rebuild") + keysBehind(settings, { ...facts, applied }).length;
  return { restart: count("restart"), rebuild, recreate: count("recreate") };
}
