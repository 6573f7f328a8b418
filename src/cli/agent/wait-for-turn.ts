import { stateFiles } from "../../shared/plugin-contract.ts";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { readAgentStatus } from "./status-file.ts";

const lookEveryMs = 5_000;

/**
 * For the agent that launchd or systemd started, which they would start anew every few seconds: another one of the same
 * login, or a command that holds the links, is waited for. That it works is read in its status.json, which costs less
 * than its lock.
 */
export async function runInTurn(
  context: Context,
  log: (line: string) => void,
  run: () => Promise<void>,
): Promise<void> {
  const { clock, signal } = context;
  const statusPath = `${pathsOf(context).stateDir}/${stateFiles.status}`;
  let told: string | undefined;
  while (!signal.aborted) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof AscalonError) || error.code !== "E_LOCKED") throw error;
      if (error.message !== told) log(`waiting until it ends: ${error.message}`);
      told = error.message;
    }
    do await clock.sleep(lookEveryMs, signal).catch(() => {});
    while (!signal.aborted && (await readAgentStatus(context, statusPath)).state === "fresh");
  }
}
