import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { pathsOf } from "../paths.ts";

export const runConfigPath: CommandRun = async (context) => {
  const { configFile } = pathsOf(context);
  context.stdout.write(`${configFile}\n`);
  if (!(await context.files.info(configFile))) {
    context.stderr.write("This file does not exist yet: every key has its default.\n");
  }
  return exitCodes.ok;
};
