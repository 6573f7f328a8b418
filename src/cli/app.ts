import { commandTable } from "./commands/table.ts";
import type { Context } from "./context.ts";
import { runCommand } from "./run-command.ts";

/** The whole program: every command. */
export const run = (argv: readonly string[], context: Context): Promise<number> =>
  runCommand(argv, context, commandTable);
