import { closeSync, openSync } from "node:fs";
import { basename } from "node:path";
import { isatty } from "node:tty";
import { terminalsToLeave } from "../shared/leave-terminal.ts";
import { complain, finishCall, noCallCode } from "./finish.ts";
import { runHostCommand } from "./host-command.ts";
import { openArguments } from "./open.ts";
import { isInForeground } from "./session.ts";

/** The names under which this file is called, and the host's command each stands for. */
const shims: Readonly<Record<string, string>> = {
  op: "op",
  open: "open",
  "xdg-open": "open",
  pbcopy: "pbcopy",
  pbpaste: "pbpaste",
  notify: "notify",
};

const usage = `ascalon-guest COMMAND [ARGUMENT…]

  status   whether the bridge to the host works, and what may be called
  ${Object.keys(shims).join(", ")}   runs the command on the host
`;

async function runShim(name: string, command: string, args: readonly string[]): Promise<void> {
  if (command === "op") return await (await import("./op.ts")).op(args);
  const outcome = await runHostCommand({
    command,
    args: command === "open" ? openArguments(args) : args,
    terminal: false,
    ...(command === "pbcopy" ? {} : { stdin: null }),
  });
  finishCall(name, outcome);
}

async function main(argv: readonly string[]): Promise<void> {
  const called = basename(argv[1] ?? "");
  const [name = "", ...args] = Object.hasOwn(shims, called) ? [called, ...argv.slice(2)] : argv.slice(2);
  const command = Object.hasOwn(shims, name) ? shims[name] : undefined;
  if (command !== undefined) return await runShim(name, command, args);
  if (name === "status") return await (await import("./status.ts")).showStatus();
  const asked = name === "" || name === "help" || name === "--help" || name === "-h";
  (asked && name !== "" ? process.stdout : process.stderr).write(
    asked ? usage : `ascalon-guest: there is no ${JSON.stringify(name)}\n${usage}`,
  );
  process.exit(asked && name !== "" ? 0 : 2);
}

const leave = terminalsToLeave({ isatty, closeSync, openSync });
process.on("exit", () => leave(isInForeground()));
main(process.argv).catch((error: unknown) => {
  complain("ascalon-guest", error instanceof Error ? error.message : String(error));
  process.exit(noCallCode);
});
