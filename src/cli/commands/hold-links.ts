import { stateFiles } from "../../shared/plugin-contract.ts";
import { type HealOutcome, requestHeal } from "../agent/heal.ts";
import { runAgentCommand } from "../agent/run.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../errors.ts";
import { agentLockFolder, lockHolder } from "../lifecycle/lock.ts";
import { pathsOf } from "../paths.ts";
import { linkLines } from "../present/links.ts";
import { loadSettings } from "../settings/load.ts";
import { ownWords } from "./own-words.ts";

/** Whether somebody keeps the links now: an agent, or another command that holds them. */
export async function linksAreKept(context: Context): Promise<boolean> {
  const path = `${pathsOf(context).stateDir}/${stateFiles.status}`;
  return (await readAgentStatus(context, path)).state === "fresh";
}

/** Asks whoever keeps the links to prove and repair everything now. Throws when the signal ends the wait. */
export async function heal(context: Context, signal = context.signal): Promise<HealOutcome> {
  const { stateDir } = pathsOf(context);
  const agentLives = async (): Promise<boolean> =>
    (await lockHolder(context, agentLockFolder(stateDir))) !== undefined;
  return await requestHeal({ ...context, agentLives, signal }, stateDir);
}

/** Whether the settings want no agent and nobody else keeps the links, so that a command that needs them has to. */
export async function mustHold(context: Context): Promise<boolean> {
  return !(await loadSettings(context)).settings.agent.enabled && !(await linksAreKept(context));
}

/**
 * Makes the links, does `work` once they are settled, and keeps them until Ctrl-C; an exit code of `work` ends them
 * at once. Connections that they carry outlive this command, each until it ends by itself.
 */
export async function holdLinks(
  context: Context,
  work: () => Promise<ExitCode | number | "stay">,
): Promise<number> {
  if (await linksAreKept(context)) {
    context.stderr.write("An agent already keeps the links up.\n");
    const done = await work();
    return done === "stay" ? exitCodes.ok : done;
  }
  const own = new AbortController();
  const held = { ...context, signal: AbortSignal.any([context.signal, own.signal]) };
  const keeping = runAgentCommand(held, { program: await ownWords(context), startsVm: false, log: () => {} });
  // Told by the await below.
  keeping.catch(() => {});
  try {
    // With Ctrl-C `keeping` ends in order; the question is over whenever the command is.
    const outcome = await Promise.race([heal(context, own.signal), keeping]);
    if (!outcome) return exitCodes.ok;
    const now = Math.floor(context.clock.now() / 1000);
    const links = outcome.kind === "no-agent" ? [] : (outcome.status?.links ?? []);
    const lines = linkLines(links, { colors: context.stderr.colors, now, home: context.host.home });
    context.stderr.write(`${[...lines, "The links are kept until Ctrl-C."].join("\n")}\n`);
    const done = await work();
    if (done !== "stay") return done;
    await keeping;
    return exitCodes.ok;
  } finally {
    own.abort();
    await keeping;
  }
}
