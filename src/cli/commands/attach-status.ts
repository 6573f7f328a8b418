import { posix } from "node:path";
import { stateFiles } from "../../shared/plugin-contract.ts";
import type { StatusFile } from "../../shared/status.ts";
import { findGuis, wezTermRuntimeDir } from "../agent/gui-sockets.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import { vmStatusOf } from "../agent/vm-status.ts";
import type { Context } from "../context.ts";
import { openSession } from "../lifecycle/session.ts";
import { probeMux } from "../links/probes/mux.ts";
import { pathsOf } from "../paths.ts";
import { version } from "../version.ts";
import { converseBy } from "../wezterm/converse-by.ts";
import { observedStatus } from "../wezterm/observed-status.ts";

const probeTimeoutMs = 1500;

/** The agent's status when it is fresh, else the same facts looked up now. */
export async function statusNow(context: Context): Promise<StatusFile> {
  const { stateDir } = pathsOf(context);
  const written = await readAgentStatus(context, posix.join(stateDir, stateFiles.status));
  if (written.state === "fresh") return written.status;
  const now = Math.floor(context.clock.now() / 1000);
  const muxSocket = posix.join(stateDir, stateFiles.socket);
  const { env, host, files, uid } = context;
  const converse = converseBy(context);
  const runtimeDir = wezTermRuntimeDir(env, host.home, host.platform);
  const [session, mux, guis] = await Promise.all([
    openSession(context),
    probeMux(converse, muxSocket, probeTimeoutMs),
    findGuis({ converse, files }, runtimeDir, uid),
  ]);
  return observedStatus({
    now,
    version,
    muxSocket,
    vm: vmStatusOf(session.facts),
    mux: mux.kind === "up" ? mux.facts : "nothing answers at its socket",
    guis,
  });
}
