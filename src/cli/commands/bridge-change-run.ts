import { bridgeCommands } from "../../shared/bridge-messages.ts";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { loadSettings } from "../settings/load.ts";
import { runConfigSet } from "./config-set-run.ts";

/** Writes bridge.allow into the settings file; the agent reads it with the next call. */
async function change(
  context: Context,
  word: string,
  edit: (allowed: readonly string[]) => readonly string[],
): Promise<number> {
  if (!bridgeCommands.some((command) => command === word)) {
    throw new AscalonError("E_USAGE", {
      what: `the bridge has no command ${JSON.stringify(word)}`,
      why: `it knows ${bridgeCommands.join(", ")}`,
      run: "ascalon bridge status",
    });
  }
  const { settings } = await loadSettings(context);
  return await runConfigSet(context, {}, ["bridge.allow", `[${edit(settings.bridge.allow).join(", ")}]`]);
}

export const runBridgeAllow: CommandRun = (context, _flags, [word = ""]) =>
  change(context, word, (allowed) => bridgeCommands.filter((one) => one === word || allowed.includes(one)));

export const runBridgeDeny: CommandRun = (context, _flags, [word = ""]) =>
  change(context, word, (allowed) => allowed.filter((one) => one !== word));
