import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";
import { leaveTerminal } from "../shared/leave-terminal.ts";
import { run } from "./app.ts";
import { createContext } from "./create-context.ts";

process.on("exit", () => leaveTerminal({ isatty, closeSync, openSync }));
void run(process.argv.slice(2), createContext(process)).then((code) => {
  process.exitCode = code;
});
