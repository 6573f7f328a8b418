import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";
import { leaveTerminal } from "../../shared/leave-terminal.ts";

/** `ascalon … | less`: at our end the keyboard stays the pager's. */
export function leaveTerminalAtExit(process: NodeJS.Process): void {
  process.on("exit", () => leaveTerminal({ isatty, closeSync, openSync }));
}
