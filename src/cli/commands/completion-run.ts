import type { CommandRun, OptionSpec } from "../command.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { bashCompletion } from "../present/completion/bash.ts";
import { fishCompletion } from "../present/completion/fish.ts";
import { completionModel } from "../present/completion/model.ts";
import { zshCompletion } from "../present/completion/zsh.ts";
import { settingChoices } from "../settings/choices.ts";
import { commandTable } from "./table.ts";

/** What stands before a command; the parser knows the same. */
export const rootOptions: readonly OptionSpec[] = [
  { flags: "--config <file>", summary: "use this settings file" },
  { flags: "-V, --version", summary: "show the version" },
];

const generators = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export const runCompletion: CommandRun = async (context, _flags, [shell]) => {
  const generate = Object.entries(generators).find(([name]) => name === shell)?.[1];
  if (!generate) {
    throw new AscalonError("E_USAGE", {
      what: `no completion for the shell "${shell ?? ""}"`,
      why: "bash, zsh and fish are supported",
      run: "ascalon completion bash",
    });
  }
  context.stdout.write(
    generate(completionModel({ table: commandTable, rootOptions, settings: settingChoices() })),
  );
  return exitCodes.ok;
};
