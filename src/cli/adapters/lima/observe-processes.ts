import type { Context } from "../../context.ts";
import type { PidFact } from "../../machine/facts.ts";
import { readPidFiles } from "./pid-file.ts";

export interface ProcessFacts {
  readonly hostAgent: PidFact;
  readonly driver: PidFact;
  /** The driver's pid file. */
  readonly driverFile: string;
  readonly isVz: boolean;
}

const none: PidFact = { pid: undefined, state: "absent" };

/**
 * Lima's two processes. Both are started with the path of their own pid file (lima pkg/instance/start.go,
 * pkg/driver/qemu), which tells them from every other program, another instance's too. Lima resolves the symlinks of
 * LIMA_HOME in it, and of the instance's own folder not.
 */
export async function observeProcesses(
  context: Context,
  folder: string,
  options: { readonly anew?: boolean } = {},
): Promise<ProcessFacts> {
  const { files } = context;
  const isVz = (await files.info(`${folder}/vz.pid`)) !== undefined;
  const hostAgentCommand = { commandWords: ["hostagent"], commandFile: `${folder}/ha.pid` };
  const driverFile = `${folder}/${isVz ? "vz.pid" : "qemu.pid"}`;
  // The vz driver lives in the host agent's own process.
  const driverCommand = isVz
    ? hostAgentCommand
    : { commandWords: ["qemu"], commandFile: `${folder}/qemu.pid` };
  const [hostAgent = none, driver = none] = await readPidFiles(
    [
      { path: `${folder}/ha.pid`, ...hostAgentCommand },
      { path: driverFile, ...driverCommand },
    ],
    context,
    options,
  );
  return { hostAgent, driver, driverFile, isVz };
}

/** A question that every host agent answers (lima pkg/hostagent/api/server). */
const question = Buffer.from("GET /v1/info HTTP/1.1\r\nHost: lima\r\n\r\n");

/** Between the end of its pid file and its own end a host agent listens for a moment. */
const endMs = 200;

/**
 * Whether a host agent runs that no pid file names, because somebody removed them: a second one beside it would give the
 * disks to a second VM. The socket of one that is dead refuses. One that was started since the files were read is named
 * by now.
 */
export async function runsUnnamed(context: Context, folder: string): Promise<boolean> {
  const { sockets, clock, signal } = context;
  const listens = async (): Promise<boolean> => {
    const reply = await sockets.exchange(`${folder}/ha.sock`, question, { timeoutMs: 1000, maxBytes: 1 });
    return reply.kind !== "absent" && reply.kind !== "refused";
  };
  if (!(await listens())) return false;
  await clock.sleep(endMs, signal);
  if (!(await listens())) return false;
  const { hostAgent, driver } = await observeProcesses(context, folder);
  return hostAgent.state !== "alive" && driver.state !== "alive";
}

/**
 * Removes pid files that name another program's process, so that Lima does not take it for its own: `stop --force`
 * and `delete` send SIGKILL to whatever process the files name (lima#5075). Returns the names of what was removed.
 */
export const dropReusedPids = (context: Context, folder: string): Promise<readonly string[]> =>
  dropPids(context, folder, ({ state }) => state === "reused");

/**
 * Removes pid files that name a zombie. Where nobody waits for the dead, as in a container without an init, it stays
 * for good, and Lima, which only asks whether the number is taken (pkg/store.ReadPIDFile), calls the VM Broken.
 */
export const dropZombiePids = (context: Context, folder: string): Promise<readonly string[]> =>
  dropPids(
    context,
    folder,
    ({ state, pid }) => state === "stale" && pid !== undefined && context.processes.exists(pid),
  );

async function dropPids(
  context: Context,
  folder: string,
  isToGo: (fact: PidFact) => boolean,
): Promise<readonly string[]> {
  const { hostAgent, driver, isVz } = await observeProcesses(context, folder, { anew: true });
  const names = [
    ...(isToGo(hostAgent) ? ["ha.pid", "ha.sock"] : []),
    ...(isToGo(driver) ? [isVz ? "vz.pid" : "qemu.pid"] : []),
  ];
  for (const name of names) await context.files.remove(`${folder}/${name}`);
  return names;
}
