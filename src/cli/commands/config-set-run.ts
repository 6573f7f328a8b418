import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, type ExitCode, exitCodes } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { parseSettingsDocument } from "../settings/document.ts";
import { setKey, unsetKey } from "../settings/edit.ts";
import { checkSettingsText } from "../settings/from-text.ts";
import { keyNamed } from "../settings/known-key.ts";
import { readSettingsFile } from "../settings/load.ts";
import { renderProblems } from "../settings/problem.ts";
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
    refuseBrokenYaml(configFile, before ?? "");
    const after = edit(before);
    if (after === undefined || after === before) {
      context.stderr.write(`Nothing to change in ${configFile}.\n`);
      return exitCodes.ok;
    }
    const checked = checkSettingsText(after, configFile, context.host);
    if ("problems" in checked) {
      throw new AscalonError("E_SETTINGS_INVALID", {
        what: "with this change the settings would not be valid; the file is as it was",
        details: checked.problems,
      });
    }
    // Somebody else was faster: edit what they wrote.
    if (!(await replaceSettingsText(context, configFile, before, after, key))) continue;
    await tellChange(context, before ?? "", checked.settings, configFile);
    return exitCodes.ok;
  }
}

/** Editing what does not parse would be guessing. */
function refuseBrokenYaml(path: string, text: string): void {
  const { problems } = parseSettingsDocument(text);
  if (problems.length === 0) return;
  throw new AscalonError("E_SETTINGS_INVALID", {
    what: `${path} is not valid YAML, so a key in it cannot be changed`,
    run: "ascalon config edit",
    details: renderProblems(path, problems),
  });
}
