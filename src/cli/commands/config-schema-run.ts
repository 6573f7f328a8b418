import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { editorSchema } from "../settings/editor-schema.ts";

export const runConfigSchema: CommandRun = async (context) => {
  context.stdout.write(editorSchema());
  return exitCodes.ok;
};
