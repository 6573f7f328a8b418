import type { Clock } from "../adapters/clock.ts";
import type { Converse } from "../adapters/converse.ts";
import type { Files } from "../adapters/files.ts";
import type { LongOptions, LongProcess, Processes } from "../adapters/process.ts";
import type { SocketFiles } from "../adapters/socket-files.ts";
import { readSshTarget } from "../ssh/target.ts";
import { type LinksPort, turnTargets } from "./links.ts";
import { prove } from "./probes/prove.ts";
import { prepareSocketFolder } from "./socket-folder.ts";

/** The adapters that links need; the context has them. */
export interface LinkAdapters {
  readonly converse: Converse;
  readonly files: Files;
  readonly socketFiles: SocketFiles;
  readonly processes: Pick<Processes, "run">;
  readonly startLong: (file: string, args: readonly string[], options: LongOptions) => LongProcess;
  readonly clock: Clock;
}

export interface LinkPlaces {
  /** Lima's folder of the instance: ssh.config. */
  readonly instanceDir: string;
  readonly sockDir: string;
  readonly uid: number;
}

/** How long a living ssh server may take for its first line. Under emulation 30 ms are usual. */
const greetTimeoutMs = 1_000;

export function createLinksPort(adapters: LinkAdapters, places: LinkPlaces): LinksPort {
  const { converse, files, socketFiles, processes, startLong, clock } = adapters;
  const nothing = new Uint8Array();
  return {
    clock,
    startSsh: (args, options) => startLong("ssh", args, options),
    runSsh: (args, timeoutMs) => processes.run("ssh", args, { timeoutMs }),
    target: () => readSshTarget({ files }, places.instanceDir),
    greets: async (port) => {
      const to = { host: "127.0.0.1", port };
      const said = await converse({ to, request: nothing, timeoutMs: greetTimeoutMs }, (chunk) =>
        Buffer.from(chunk).toString("latin1", 0, 4),
      );
      return said.kind === "answer" && said.value === "SSH-";
    },
    accepts: async (path) => {
      const said = await converse({ to: path, request: nothing, timeoutMs: 100 }, () => true);
      return said.kind !== "absent" && said.kind !== "refused";
    },
    prepare: async (links) => {
      const problem = await prepareSocketFolder(files, places.sockDir, places.uid);
      if (problem === undefined) await turnTargets(socketFiles, links);
      return problem;
    },
    prove: (protocol, path) => prove(converse, protocol, path),
    identity: socketFiles.identity,
    turnLink: socketFiles.turnLink,
  };
}
