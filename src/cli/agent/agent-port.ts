import { stateFiles } from "../../shared/plugin-contract.ts";
import type { PendingPlan } from "../../shared/status.ts";
import type { Listen, Listener } from "../adapters/listen.ts";
import { greetBridge } from "../bridge/endpoint.ts";
import type { BridgeServer } from "../bridge/server.ts";
import type { Context } from "../context.ts";
import { isHeld } from "../links/dead-sockets.ts";
import { createLinks } from "../links/links.ts";
import { createLinksPort, type LinkAdapters } from "../links/links-port.ts";
import { hostPathProblem } from "../links/path-rules.ts";
import { prove } from "../links/probes/prove.ts";
import { prepareSocketFolder } from "../links/socket-folder.ts";
import { bridgeSocketPath, muxSocketPath } from "../links/table.ts";
import type { MachineFacts } from "../machine/facts.ts";
import type { Machine } from "../machine/machine.ts";
import type { Paths } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { version } from "../version.ts";
import { discoveryPort, findLinks } from "./find-links.ts";
import type { GenerationAnswer } from "./generation-watch.ts";
import { findGuis, wezTermRuntimeDir } from "./gui-sockets.ts";
import { takeHealRequest } from "./heal.ts";
import type { AgentPort } from "./loop.ts";
import { createStatusWriter } from "./status-file.ts";
import { vmStatusOf } from "./vm-status.ts";

export interface AgentParts {
  readonly context: Pick<Context, "env" | "host" | "uid" | "files" | "clock">;
  readonly adapters: LinkAdapters & { readonly listen: Listen };
  readonly paths: Pick<Paths, "stateDir" | "sockDir" | "instanceDir">;
  readonly machine: Pick<Machine, "observe" | "resume">;
  /** Read anew each time: links follow the settings while the agent runs. */
  readonly readSettings: () => Promise<Pick<Settings, "sockets">>;
  /** What of the settings waits for a step, on a VM of which this is true. */
  readonly pendingPlan: (facts: MachineFacts) => Promise<PendingPlan | undefined>;
  readonly askGeneration: () => Promise<GenerationAnswer>;
  readonly startVm: (() => Promise<void>) | undefined;
  readonly wasStopped?: () => Promise<boolean>;
  /** What answers at the bridge; without it the bridge says hello and no more. */
  readonly bridge?: Pick<BridgeServer, "serve">;
  readonly log: (line: string) => void;
}

/** The agent's port on the real world. */
export function createAgentPort(parts: AgentParts): AgentPort {
  const { context, adapters, paths, machine, log } = parts;
  const { env, host, uid, files, clock } = context;
  const { converse } = adapters;
  const discovery = discoveryPort(
    converse,
    files,
    async (path) => host.platform === "darwin" && (await isHeld(adapters.processes, path)),
  );
  const where = { env, home: host.home, platform: host.platform, uid };
  const places = { instanceDir: paths.instanceDir, sockDir: paths.sockDir, uid, platform: host.platform };
  const writer = createStatusWriter(files, `${paths.stateDir}/${stateFiles.status}`, log);
  const bridge = bridgeSocketPath(paths.sockDir);
  let listener: Listener | undefined;
  /** The socket that we made. */
  let made: string | undefined;
  /**
   * Silent or full is still ours: a busy machine, or a guest that holds every connection. A new listener would cut all
   * calls. A full queue is told as a refusal (EAGAIN, on a Mac ECONNREFUSED), and so is a lack of descriptors here.
   */
  const isServed = async (): Promise<boolean> => {
    const proof = await prove(converse, "bridge", bridge);
    if (proof.kind !== "refused") return proof.kind !== "absent" && proof.kind !== "malformed";
    const mayBeUsed = proof.code !== "EACCES" && proof.code !== "EPERM";
    return mayBeUsed && (await adapters.socketFiles.identity(bridge)) === made;
  };
  let facts: MachineFacts | undefined;
  let hasSaid = false;
  /** It may have to be tried again and again. */
  const sayOnce = (line: string): void => {
    if (!hasSaid) log(line);
    hasSaid = true;
  };
  return {
    clock,
    version,
    muxSocket: muxSocketPath(paths.sockDir),
    observeVm: async () => {
      facts = await machine.observe();
      // It throws while there is no room, which the status has to tell as the reason.
      if (facts.halted) await machine.resume(facts.halted, sayOnce).catch(() => {});
      else if (facts.ssh.state === "up") hasSaid = false;
      return vmStatusOf(facts);
    },
    pendingPlan: async () => (facts ? parts.pendingPlan(facts) : undefined),
    askGeneration: parts.askGeneration,
    startVm: parts.startVm,
    wasStopped: parts.wasStopped ?? (async () => false),
    findLinks: async () => findLinks(discovery, where, await parts.readSettings(), paths.sockDir),
    createLinks: (options) => createLinks(createLinksPort(adapters, places), options),
    findGuis: () => findGuis({ converse, files }, wezTermRuntimeDir(env, host.home, host.platform), uid),
    keepBridge: async () => {
      if (listener && (await isServed())) return false;
      // Of a path that is too long the system says that it may not be used.
      const problem =
        hostPathProblem(bridge, host.platform) ?? (await prepareSocketFolder(files, paths.sockDir, uid));
      if (problem !== undefined) throw new Error(problem);
      await listener?.close();
      listener = await adapters.listen(bridge, parts.bridge?.serve ?? greetBridge);
      made = await adapters.socketFiles.identity(bridge);
      return true;
    },
    close: async () => listener?.close(),
    writeStatus: (status) => writer.write(status),
    healWanted: () => takeHealRequest({ files }, paths.stateDir),
    log,
  };
}
