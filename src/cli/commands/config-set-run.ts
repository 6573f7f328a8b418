import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, type ExitCode, exitCodes } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { parseSettingsDocument } from "../settings/document.ts";
import { setKey, unsetKey } from "../settings/edit.ts";
import { resolveText, settingsFrom } from "../settings/from-text.ts";
import { keyNamed } from "../settings/known-key.ts";
import { readSettingsFile } from "../settings/load.ts";
import { keyText, type PlacedProblem, type Problem, renderProblems, showValue } from "../settings/problem.ts";
import { replaceSettingsText, schemaBeside } from "../settings/replace.ts";
import { starterHead } from "../settings/starter-file.ts";
import { tellChange } from "./config-change.ts";

export const runConfigSet: CommandRun = async (context, _flags, [word = "", text = ""]) => {
  const { path } = keyNamed(word);
  const value = parseSettingsDocument(text);
  const [problem] = value.problems;
  if (problem) {
    throw new AscalonError("E_USAGE", {
      what: `the value of ${word} is not YAML: ${problem.message}`,
      run: `ascalon config set ${word} '"…"'    (quoted twice: once for the shell, once for YAML)`,
    });
  }
  return await change(context, word, (before) =>
    setKey(before ?? starterHead(schemaBeside), path, value.value),
  );
};

export const runConfigUnset: CommandRun = async (context, _flags, [word = ""]) => {
  const { path } = keyNamed(word);
  return await change(context, word, (before) => (before === undefined ? undefined : unsetKey(before, path)));
};

/** Reads, edits, checks the whole, replaces. An edit that gives undefined or the same text changes nothing. */
async function change(
  context: Context,
  key: string,
  edit: (before: string | undefined) => string | undefined,
): Promise<ExitCode> {
  const { configFile } = pathsOf(context);
  for (;;) {
    const before = await readSettingsFile(context, configFile);
    refuseToGuess(configFile, before ?? "");
    const after = edit(before);
    if (after === undefined || after === before) {
      // "Nothing to change" would say that the file is in order.
      settingsFrom(before ?? "", configFile, context.host);
      context.stderr.write(`Nothing to change in ${configFile}.\n`);
      return exitCodes.ok;
    }
    const resolved = resolveText(after, context.host);
    if ("problems" in resolved) throw notValid(context, configFile, key, before ?? "", resolved.problems);
    // Somebody else was faster: edit what they wrote.
    if (!(await replaceSettingsText(context, configFile, before, after, key))) continue;
    await tellChange(context, before ?? "", resolved.settings, configFile);
    return exitCodes.ok;
  }
}

/** Of what the file had wrong before, with its place; of what the change would bring, without: its text is nowhere. */
function notValid(
  context: Context,
  path: string,
  key: string,
  textBefore: string,
  problems: readonly PlacedProblem[],
): AscalonError {
  const nameOf = (problem: Problem): string => `${keyText(problem.path)}: ${problem.message}`;
  const resolved = resolveText(textBefore, context.host);
  const earlier = "problems" in resolved ? resolved.problems : [];
  const now = new Set(problems.map(nameOf));
  const kept = earlier.filter((problem) => now.has(nameOf(problem)));
  const before = new Set(kept.map(nameOf));
  const brought = problems.filter((problem) => !before.has(nameOf(problem)));
  return new AscalonError("E_SETTINGS_INVALID", {
    what: "with this change the settings would not be valid; the file is unchanged",
    run:
      kept.length > 0
        ? "ascalon config edit"
        : `ascalon config get ${key}    (the value in effect; docs/settings.md says what it may be)`,
    details: [
      ...brought.map(({ path, message }) => (path.length === 0 ? message : `${keyText(path)}: ${message}`)),
      ...renderProblems(path, kept),
    ],
  });
}

/** Editing what does not parse, is no settings, or says a key twice, would be guessing. */
function refuseToGuess(path: string, text: string): void {
  const { value, problems, repeated } = parseSettingsDocument(text);
  if (problems.length > 0) {
    throw new AscalonError("E_SETTINGS_INVALID", {
      what: `${path} is not valid YAML, so a key in it cannot be changed`,
      run: "ascalon config edit",
      details: renderProblems(path, problems),
    });
  }
  if (value !== null && value !== undefined && (typeof value !== "object" || Array.isArray(value))) {
    throw new AscalonError("E_SETTINGS_INVALID", {
      what: `${path} holds ${showValue(value)} instead of settings, and was left alone`,
      why: "settings are keys and values; --config or ASCALON_CONFIG may name the wrong file",
      run: "ascalon config path    (the file in use)",
    });
  }
  if (repeated.length > 0) {
    throw new AscalonError("E_SETTINGS_INVALID", {
      what: `${path} is not valid: it has a key twice, so it is unclear which one to change`,
      run: "ascalon config edit",
      details: renderProblems(path, repeated),
    });
  }
}
