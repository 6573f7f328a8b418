import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";
import { terminalsToLeave } from "../../shared/leave-terminal.ts";

/** `ascalon … | less`: at our end the keyboard stays the pager's. A closed window is no reason to abort. */
export function leaveTerminalAtExit(process: NodeJS.Process): void {
  const leave = terminalsToLeave({ isatty, closeSync, openSync });
  process.on("exit", () => leave());
}
