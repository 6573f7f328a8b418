import { randomUUID } from "node:crypto";
import { stateFiles } from "../../shared/plugin-contract.ts";
import type { StatusFile } from "../../shared/status.ts";
import type { Context } from "../context.ts";
import { readAgentStatus } from "./status-file.ts";

interface Ports extends Pick<Context, "files" | "clock"> {
  /** Whether a process holds the agent's lock. One that is busy takes a request late, and writes late what came of it. */
  readonly agentLives?: () => Promise<boolean>;
  /** Whoever waits for the answer goes. */
  readonly signal?: AbortSignal;
}

/**
 * A person's wish, as a file with a name for it: the agent looks for it once a second, and says that name in
 * status.json when everything was proved anew. A dead agent leaves the file lying there.
 */
const requestFile = (stateDir: string): string => `${stateDir}/heal`;

/** The agent's side: the name of what was asked for since the last call. */
export async function takeHealRequest(
  { files }: Pick<Ports, "files">,
  stateDir: string,
): Promise<string | undefined> {
  const text = await files.readText(requestFile(stateDir));
  if (text === undefined) return undefined;
  await files.remove(requestFile(stateDir));
  return text.trim().slice(0, 100);
}

export type HealOutcome =
  /** Nobody took the request, or nobody writes what came of it: no agent runs. */
  | { readonly kind: "no-agent" }
  | { readonly kind: "settled"; readonly status: StatusFile }
  /** Still healing when the time was over. */
  | { readonly kind: "late"; readonly status: StatusFile | undefined };

const takenWithinMs = 3_000;
/** As often as it is looked whether an agent lives after that. */
const livesEveryMs = 3_000;
const pollMs = 100;

const unsettled = new Set(["healing", "broken"]);

/** Returns the request's name. One that nobody has taken yet is as good as one of our own: its proofs are to come. */
async function placeRequest(files: Ports["files"], stateDir: string): Promise<string> {
  const path = requestFile(stateDir);
  const own = randomUUID();
  await files.makeFolder(stateDir);
  for (;;) {
    if (await files.linkExclusive(path, own)) return own;
    const there = (await files.readText(path))?.trim();
    if (there) return there;
    // An older ascalon gives its requests no name.
    if (there === "") await files.remove(path);
  }
}

/** The person's side: asks the agent to prove and repair everything now, and waits until it has. */
export async function requestHeal(ports: Ports, stateDir: string, timeoutMs = 15_000): Promise<HealOutcome> {
  const { files, clock, signal } = ports;
  const startedMs = clock.monotonic();
  const name = await placeRequest(files, stateDir);
  let patienceMs = takenWithinMs;
  for (;;) {
    const read = await readAgentStatus(ports, `${stateDir}/${stateFiles.status}`);
    const status = read.state === "fresh" ? read.status : undefined;
    const isProved =
      status?.healed?.includes(name) && !status.links.some((link) => unsettled.has(link.state));
    if (status && isProved) return { kind: "settled", status };
    const passedMs = clock.monotonic() - startedMs;
    if (passedMs > patienceMs && (await ports.agentLives?.())) patienceMs = passedMs + livesEveryMs;
    if (passedMs > patienceMs) {
      const waits = (await files.readText(requestFile(stateDir)))?.trim() === name;
      if (waits) await files.remove(requestFile(stateDir));
      if (waits || !status) return { kind: "no-agent" };
    }
    if (passedMs > timeoutMs) return { kind: "late", status };
    await clock.sleep(pollMs, signal);
  }
}
