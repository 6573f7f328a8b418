import { stateFiles } from "../../shared/plugin-contract.ts";
import type { StatusFile } from "../../shared/status.ts";
import type { Context } from "../context.ts";
import { readAgentStatus } from "./status-file.ts";

type Ports = Pick<Context, "files" | "clock">;

/** A person's wish, as a file: the agent looks for it once a second, and a dead agent leaves it lying there. */
const requestFile = (stateDir: string): string => `${stateDir}/heal`;

/** The agent's side: whether somebody asked since the last call. */
export async function takeHealRequest({ files }: Pick<Ports, "files">, stateDir: string): Promise<boolean> {
  if ((await files.info(requestFile(stateDir))) === undefined) return false;
  await files.remove(requestFile(stateDir));
  return true;
}

export type HealOutcome =
  /** Nobody took the request: no agent runs. */
  | { readonly kind: "no-agent" }
  | { readonly kind: "settled"; readonly status: StatusFile }
  /** Still healing when the time was over. */
  | { readonly kind: "late"; readonly status: StatusFile | undefined };

const takenWithinMs = 3_000;
const pollMs = 100;

const unsettled = new Set(["healing", "broken"]);

/** The person's side: asks the agent to prove and repair everything now, and waits until it has. */
export async function requestHeal(ports: Ports, stateDir: string, timeoutMs = 15_000): Promise<HealOutcome> {
  const { files, clock } = ports;
  const path = requestFile(stateDir);
  const startedMs = clock.monotonic();
  await files.writeAtomic(path, "", 0o600);
  while ((await files.info(path)) !== undefined) {
    if (clock.monotonic() - startedMs > takenWithinMs) {
      await files.remove(path);
      return { kind: "no-agent" };
    }
    await clock.sleep(pollMs);
  }
  // A proof takes up to two seconds: what is written in the first moment may be from before.
  await clock.sleep(500);
  for (;;) {
    const read = await readAgentStatus(ports, `${stateDir}/${stateFiles.status}`);
    const status = read.state === "none" ? undefined : read.status;
    if (status && !status.links.some((link) => unsettled.has(link.state))) return { kind: "settled", status };
    if (clock.monotonic() - startedMs > timeoutMs) return { kind: "late", status };
    await clock.sleep(pollMs);
  }
}
