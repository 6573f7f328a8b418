import { posix } from "node:path";
import type { CommandRun, Flags } from "../command.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../errors.ts";
import { quote, quoteAll } from "../quote.ts";
import { readOnlyMode } from "../read-only.ts";
import { loadSettings } from "../settings/load.ts";
import type { Settings } from "../settings/settings.ts";
import {
  type ConfigEdit,
  newConfig,
  pluginLines,
  withoutPlugin,
  withPlugin,
} from "../wezterm/config-edit.ts";
import { type ConfigFile, findConfigFile } from "../wezterm/config-file.ts";
import { bundlePathOf, ownProgram, pluginJsonToName, writePluginFiles } from "../wezterm/plugin-files.ts";

export const runWeztermPrint: CommandRun = async (context) => {
  await writeFiles(context);
  for (const line of linesOf(context)) context.stdout.write(`${line}\n`);
  return exitCodes.ok;
};

export const runWeztermInstall: CommandRun = async (context, flags) => {
  const { key } = await writeFiles(context);
  const file = await findConfigFile(context);
  const bundlePath = bundlePathOf(context);
  const pluginJson = pluginJsonToName(context);
  const edit: ConfigEdit =
    file.text === undefined
      ? { kind: "changed", text: newConfig(bundlePath, pluginJson) }
      : withPlugin(file.text, bundlePath, pluginJson);
  const refused = (why: string, isNameless?: boolean): ExitCode =>
    refuse(context, file, why, putIn(context, isNameless));
  if (edit.kind === "refused") return refused(edit.why, edit.isNameless);
  if (edit.kind === "changed") {
    const problem = await write(context, file, edit.text);
    if (problem !== undefined) return refused(problem);
  }
  const done = edit.kind === "changed" ? "installed" : "unchanged";
  if (file.dockLooksAt !== undefined && flags.json !== true) tellOfDock(context, file.path, file.dockLooksAt);
  return report(context, flags, file, done, {
    installed: `has ascalon's two lines. Quit WezTerm, start it again, and press ${key.replaceAll("|", "+")}`,
    unchanged: "has ascalon's lines already: nothing to do",
  });
};

const tellOfDock = (context: Context, path: string, place: string): void =>
  context.stderr.write(
    `ascalon: a WezTerm started from the Dock does not see XDG_CONFIG_HOME and will not find this file\n  run: mkdir -p ${quote(posix.dirname(place))} && ln -s ${quoteAll([path, place])}\n`,
  );

export const runWeztermUninstall: CommandRun = async (context, flags) => {
  const file = await findConfigFile(context);
  const edit = withoutPlugin(file.text ?? "");
  const refused = (why: string): ExitCode => refuse(context, file, why, takeOut);
  if (edit.kind === "refused") return refused(edit.why);
  if (edit.kind === "ours" || edit.kind === "changed") {
    const problem = await write(context, file, edit.kind === "ours" ? undefined : edit.text);
    if (problem !== undefined) return refused(problem);
  }
  const done = edit.kind === "unchanged" ? "unchanged" : "removed";
  return report(context, flags, file, done, {
    removed: edit.kind === "ours" ? "was created by ascalon and is now deleted" : "is as it was",
    unchanged: "has no lines from ascalon: nothing to do",
  });
};

const linesOf = (context: Context): readonly string[] =>
  pluginLines(bundlePathOf(context), "config", pluginJsonToName(context));

async function writeFiles(context: Context): Promise<Settings["wezterm"]> {
  const { settings } = await loadSettings(context);
  const { commandTable } = await import("./table.ts");
  await writePluginFiles(context, settings, commandTable, ownProgram());
  return settings.wezterm;
}

/**
 * The reason when the file cannot or must not be written: a store of Nix, a foreign owner, a mode. It is removed when
 * there is no text.
 */
async function write(
  context: Context,
  file: ConfigFile,
  text: string | undefined,
): Promise<string | undefined> {
  const readOnly = readOnlyMode(await context.files.info(file.target));
  if (readOnly !== undefined) return `its owner made it read-only (mode ${readOnly})`;
  try {
    if (text === undefined) await context.files.remove(file.target);
    else await context.files.writeAtomic(file.target, text, file.mode);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") return `it cannot be written (${code})`;
    throw error;
  }
}

/** How a person puts the lines in where ascalon did not. */
function putIn(context: Context, isNameless = false): string {
  const lines = isNameless ? [...linesOf(context), "return config"] : linesOf(context);
  const how = isNameless
    ? "Write `local config = …` where it now says `return …`, and add these lines after it:"
    : "Add these two lines by hand, with the name of your configuration's variable:";
  return `  ${how}\n\n${lines.map((line) => `    ${line}\n`).join("")}\n`;
}

const takeOut = "  Remove by hand what is between `-- ascalon: begin` and `-- ascalon: end`.\n";

/** Nothing was touched; `byHand` tells the person how to do it. */
function refuse(context: Context, file: ConfigFile, why: string, byHand: string): ExitCode {
  context.stderr.write(`ascalon: ${file.path} was left as it was: ${why}\n${byHand}`);
  return exitCodes.failed;
}

function report<Done extends string>(
  context: Context,
  flags: Flags,
  file: ConfigFile,
  done: Done,
  words: Readonly<Record<Done, string>>,
): ExitCode {
  if (flags.json === true) {
    context.stdout.write(
      `${JSON.stringify({ schema: 1, file: file.path, target: file.target, result: done })}\n`,
    );
  } else context.stderr.write(`ascalon: ${file.path} ${words[done]}\n`);
  return exitCodes.ok;
}
