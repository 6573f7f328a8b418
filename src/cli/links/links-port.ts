import type { Processes } from "../adapters/process.ts";
import type { Context, LinkTools } from "../context.ts";
import { isOwnPort } from "../ssh/port-owner.ts";
import { readSshTarget } from "../ssh/target.ts";
import { vmLives } from "../ssh/vm-lives.ts";
import { deadSockets } from "./dead-sockets.ts";
import type { Link, RefusedLink } from "./link.ts";
import type { LinksPort } from "./links.ts";
import { listensAt, obstacleAt } from "./obstacles.ts";
import { prove } from "./probes/prove.ts";
import { prepareSocketFolder } from "./socket-folder.ts";
import { turnTarget } from "./symlinks.ts";

/** The adapters that links need; the context has them. */
export interface LinkAdapters
  extends Pick<LinkTools, "converse" | "socketFiles" | "startLong">,
    Pick<Context, "files" | "clock"> {
  readonly processes: Pick<Processes, "run" | "owns">;
}

export interface LinkPlaces {
  /** Lima's folder of the instance: ssh.config. */
  readonly instanceDir: string;
  readonly sockDir: string;
  readonly uid: number;
  readonly platform: "darwin" | "linux";
}

/** How long a living ssh server may take for its first line. Under emulation 30 ms are usual. */
const greetTimeoutMs = 1_000;
/** What the guest may say to a question; more fails it. */
const mostSaidBytes = 256 * 1024;

export function createLinksPort(adapters: LinkAdapters, places: LinkPlaces): LinksPort {
  const { converse, files, socketFiles, processes, startLong, clock } = adapters;
  const nothing = new Uint8Array();
  return {
    clock,
    startSsh: (args, options) => startLong("ssh", args, options),
    runSsh: (args, timeoutMs, signal) =>
      processes.run("ssh", args, { timeoutMs, maxBytes: mostSaidBytes, ...(signal ? { signal } : {}) }),
    target: async () =>
      (await vmLives({ files, processes }, places.instanceDir))
        ? readSshTarget({ files }, places.instanceDir)
        : undefined,
    greets: async (port) => {
      const to = { host: "127.0.0.1", port };
      const said = await converse({ to, request: nothing, timeoutMs: greetTimeoutMs }, (chunk) =>
        Buffer.from(chunk).toString("latin1", 0, 4),
      );
      // Last, because what greets now may be another program than a moment ago.
      const { platform, uid } = places;
      return (
        said.kind === "answer" &&
        said.value === "SSH-" &&
        (await isOwnPort({ files, processes, platform }, port, uid))
      );
    },
    prepare: async (links) => {
      const problem = await prepareSocketFolder(files, places.sockDir, places.uid);
      if (problem !== undefined) return { problem, refused: [] };
      const refused: RefusedLink[] = [];
      for (const link of links) {
        const why = await hostProblem(adapters, link);
        if (why !== undefined) refused.push({ name: link.name, why });
      }
      return { refused };
    },
    prove: (protocol, path) => prove(converse, protocol, path),
    identity: socketFiles.identity,
    turnLink: socketFiles.turnLink,
    removeDead: async () => {
      try {
        const ports = { files, converse, processes, platform: places.platform };
        for (const path of await deadSockets(ports, places.sockDir)) await files.remove(path);
      } catch {
        // A folder that cannot be read or changed: the next ssh takes their places as well.
      }
    },
  };
}

/** Makes the host's end ready; a clause says why it cannot be. */
async function hostProblem(
  { files, socketFiles }: Pick<LinkAdapters, "files" | "socketFiles">,
  link: Link,
): Promise<string | undefined> {
  try {
    const there = await files.info(listensAt(link));
    if (there && there.kind !== "socket") return obstacleAt(listensAt(link));
    await turnTarget(socketFiles, link);
    return undefined;
  } catch (error) {
    return `${link.hostEnd} cannot be made (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}
