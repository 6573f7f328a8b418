import { statusCommand } from "./commands/status.ts";
import { createContext } from "./create-context.ts";
import { runCommand } from "./run-command.ts";

/**
 * `ascalon status` by itself, a quarter of the program, for scripts and prompts that ask every few seconds. The launcher
 * takes it for the lines that it can read whole; all others are the whole program's.
 */
void runCommand(process.argv.slice(2), createContext(process), [statusCommand]).then((code) => {
  process.exitCode = code;
  // Left to itself Node takes apart all that it has built first: a millisecond that nobody should wait for. Not at once,
  // because a write that failed is told a moment later.
  setImmediate(() => void (process.stdout.writableLength === 0 && process.exit()));
});
