import { posix } from "node:path";
import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { asDiskFullError } from "../disk-full-error.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { quote } from "../quote.ts";
import { checkSettingsText } from "../settings/from-text.ts";
import { readSettingsFile } from "../settings/load.ts";
import { refuseUnlessOwn, replaceSettingsText, schemaBeside } from "../settings/replace.ts";
import { starterFile } from "../settings/starter-file.ts";
import { editorCommand } from "../shell/editor-words.ts";
import { tellChange } from "./config-change.ts";

/** The editor gets a copy beside the file, so that the path of the schema and the editor's own rules for it hold. */
export const runConfigEdit: CommandRun = async (context, flags) => {
  const { files, stderr } = context;
  const { configFile } = pathsOf(context);
  // Before somebody writes what cannot be taken.
  await refuseUnlessOwn(context, configFile);
  const editor = await editorOf(context);
  const from = typeof flags.from === "string" ? posix.resolve(context.cwd, flags.from) : undefined;
  const before = await readSettingsFile(context, configFile);
  const offered = from === undefined ? (before ?? starterFile(schemaBeside)) : await textOf(context, from);
  const copy = configFile.replace(/(\.ya?ml)?$/, `.edit-${context.clock.now()}$1`);
  await files.writeAtomic(copy, offered);
  const keepAside = async (): Promise<string> => {
    const aside = await freeName(context, `${configFile}.rejected-`);
    await files.rename(copy, aside);
    return aside;
  };
  try {
    const ended = await runEditor(context, editor, copy);
    const after = await readSettingsFile(context, copy).catch(async (error: AscalonError) => {
      throw notText(error, copy, await keepAside());
    });
    // A kept edit that is right as it is counts as one.
    const isChanged = after !== undefined && after !== (from === undefined ? offered : before);
    if (ended !== undefined) {
      const aside = isChanged && after !== offered ? await keepAside() : undefined;
      throw new AscalonError("E_EDITOR", {
        what: `${editor.join(" ")} ${ended}; the settings are unchanged`,
        ...(aside === undefined ? {} : { why: `your edit is kept in ${aside}` }),
        run: aside === undefined ? afterFailure(ended) : editAgain(aside),
      });
    }
    if (!isChanged) {
      stderr.write(before === undefined ? "Unchanged: no file was created.\n" : `Unchanged: ${configFile}\n`);
      return exitCodes.ok;
    }
    const checked = checkSettingsText(after, configFile, context.host);
    if ("problems" in checked) throw rejected(checked.problems, configFile, await keepAside());
    const isReplaced = await replaceSettingsText(context, configFile, before, after).catch(async (error) => {
      throw notWritten(error, await keepAside());
    });
    if (!isReplaced) {
      throw new AscalonError("E_EDITOR", {
        what: `${configFile} was changed by something else while you were editing; it was not overwritten`,
        why: `your edit is kept in ${await keepAside()}`,
        run: "ascalon config edit",
      });
    }
    await tellChange(context, before ?? "", checked.settings, configFile);
    return exitCodes.ok;
  } finally {
    await files.remove(copy);
  }
};

/** The program and its arguments: `code --wait` is common. No shell reads it. */
async function editorOf({ env, files }: Context): Promise<readonly string[]> {
  const line = env.VISUAL?.trim() || env.EDITOR?.trim() || "";
  const words = await editorCommand(line, async (path) => await files.isExecutable(path));
  if ((words[0] ?? "") !== "") return words;
  throw new AscalonError("E_EDITOR", {
    what: "neither VISUAL nor EDITOR is set",
    why: "ascalon does not guess which editor you like",
    run: "EDITOR=nano ascalon config edit",
  });
}

const notStarted = "could not be started";

/** What went wrong, to follow the editor's name; undefined when nothing did. */
async function runEditor(
  context: Context,
  editor: readonly string[],
  file: string,
): Promise<string | undefined> {
  const [program = "", ...args] = editor;
  let pid: number | undefined;
  // Ctrl-C is a key of the editor's, which has it from the terminal; what is sent to us is meant for it as well.
  const giveBack = context.takeSignals((name) => {
    if (pid === undefined || (context.stdinIsTTY && (name === "SIGINT" || name === "SIGQUIT"))) return;
    try {
      context.processes.kill(pid, name);
    } catch {
      // It has just ended.
    }
  });
  const { startError, exitCode, signal } = await context.processes
    .inherit(program, [...args, file], {
      onStart: (started) => {
        pid = started;
      },
    })
    .finally(giveBack);
  if (startError !== undefined) return `${notStarted} (${startError})`;
  if (signal !== undefined) return `was ended by ${signal}`;
  return exitCode === 0 ? undefined : `exited with code ${exitCode}`;
}

/** One that cannot be started cannot be started again either; VISUAL goes before EDITOR. */
const afterFailure = (ended: string): string =>
  ended.startsWith(notStarted)
    ? "VISUAL=nano ascalon config edit    (or another installed editor)"
    : "ascalon config edit";

const editAgain = (aside: string): string => `ascalon config edit --from ${quote(aside)}`;

function rejected(problems: readonly string[], path: string, aside: string): AscalonError {
  return new AscalonError("E_SETTINGS_INVALID", {
    what: `the edit is not valid and was rejected; it is kept in ${aside}`,
    why: `${path} is unchanged`,
    run: editAgain(aside),
    // The places are in the file that is kept: a click on them should open that one.
    details: problems.map((problem) => problem.replace(path, aside)),
  });
}

/** A full disk, a file that may not be written: what was typed must not go with the copy. */
function notWritten(error: unknown, aside: string): unknown {
  const known = error instanceof AscalonError ? error : asDiskFullError(error);
  if (!known) return error;
  return new AscalonError(known.code, {
    what: `${known.message}; the settings are unchanged, and the edit is kept in ${aside}`,
    ...(known.why === undefined ? {} : { why: known.why }),
    run: `${editAgain(aside)}    (once that is fixed)`,
    cause: error,
  });
}

/** An editor that saves in another encoding: its file is kept, with the way to mend it. */
function notText(error: AscalonError, copy: string, aside: string): AscalonError {
  const there = (text: string): string => text.replaceAll(copy, aside);
  return new AscalonError(error.code, {
    what: there(error.message),
    why: `the settings are unchanged; the edit is kept in ${aside}`,
    ...(error.run === undefined ? {} : { run: there(error.run) }),
    details: error.details.map(there),
    cause: error,
  });
}

/** The edit to begin with. */
async function textOf(context: Context, path: string): Promise<string> {
  const text = await readSettingsFile(context, path);
  if (text !== undefined) return text;
  throw new AscalonError("E_USAGE", { what: `${path} does not exist`, run: "ascalon config edit" });
}

async function freeName({ files }: Context, stem: string): Promise<string> {
  for (let n = 1; ; n++) if (!(await files.info(`${stem}${n}`))) return `${stem}${n}`;
}
