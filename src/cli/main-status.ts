import { statusCommand } from "./commands/status.ts";
import { createContext } from "./create-context.ts";
import { runCommand } from "./run-command.ts";

/**
 * `ascalon status` by itself, a quarter of the program, for scripts and prompts that ask every few seconds. The launcher
 * takes it for the lines that it can read whole; all others are the whole program's.
 */
void runCommand(process.argv.slice(2), createContext(process), [statusCommand]).then((code) => {
  process.exitCode = code;
});
