import type { Listen } from "../adapters/listen.ts";
import type { StartPiped } from "../adapters/process.ts";
import { bridgeLogPath, createBridgeLog } from "../bridge/log.ts";
import { createBridgeServer } from "../bridge/server.ts";
import type { Context } from "../context.ts";
import { withLock } from "../lifecycle/lock.ts";
import type { LinkAdapters } from "../links/links-port.ts";
import { pathsOf } from "../paths.ts";
import { loadSettings } from "../settings/load.ts";
import { createAgentPort } from "./agent-port.ts";
import { runAgent } from "./loop.ts";

export interface AgentRunOptions {
  readonly adapters: LinkAdapters & { readonly listen: Listen; readonly startPiped: StartPiped };
  /** Node and the bundle: how the agent starts the VM, in a process of its own that outlives it. */
  readonly program: readonly [string, ...string[]];
}

/**
 * `ascalon agent run`: until SIGTERM or SIGINT. A second agent is refused with E_LOCKED. Settings that are
 * invalid at the start end it; later they only leave the links as they are.
 */
export async function runAgentCommand(
  context: Context,
  { adapters, program }: AgentRunOptions,
): Promise<void> {
  const paths = pathsOf(context);
  const log = (line: string): void => {
    context.stderr.write(`${new Date(context.clock.now()).toISOString()} ${line}\n`);
  };
  const { settings } = await loadSettings(context);
  const machine = await context.openMachine(context, settings.vm.type);
  const [file, ...args] = program;
  const startVm = async (): Promise<void> => {
    const result = await context.processes.run(file, [...args, "start"], {
      onStderrLine: log,
      detached: true,
    });
    if (result.exitCode !== 0) throw new Error(`ascalon start ended with ${result.exitCode}`);
  };
  const readSettings = async () => (await loadSettings(context)).settings;
  const bridge = createBridgeServer({
    context,
    startPiped: adapters.startPiped,
    readSettings,
    log: createBridgeLog(context.files, context.clock, bridgeLogPath(paths.logDir)),
  });
  const port = createAgentPort({
    context,
    adapters,
    paths,
    machine,
    readSettings,
    startVm: settings.vm.autostart === "login" ? startVm : undefined,
    bridge,
    log,
  });
  // Not the lock of commands that change the VM: those run beside the agent.
  await withLock(context, `${paths.stateDir}/agent`, "ascalon agent run", () =>
    runAgent(port, context.signal).finally(bridge.close),
  );
}
