import { bridgeLogPath } from "../bridge/log.ts";
import type { CommandRun } from "../command.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { oneLine } from "../printable.ts";

/** The log turns over at 1 MiB. */
const readBytes = 1024 * 1024;

export const runBridgeLog: CommandRun = async (context, flags) => {
  const count = Number(flags.lines ?? 50);
  if (!Number.isInteger(count) || count < 1) {
    throw new AscalonError("E_USAGE", {
      what: `--lines needs a number of lines, got ${JSON.stringify(flags.lines)}`,
      run: "ascalon bridge log --help",
    });
  }
  const path = bridgeLogPath(pathsOf(context).logDir);
  const older = (await context.files.readTail(`${path}.1`, readBytes)) ?? "";
  const text = older + ((await context.files.readTail(path, readBytes)) ?? "");
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map(oneLine)
    .slice(-count);
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify({ schema: 1, path, lines })}\n`);
    return exitCodes.ok;
  }
  for (const line of lines) context.stdout.write(`${line}\n`);
  if (lines.length === 0) context.stderr.write(`No calls yet; they will be logged in ${path}.\n`);
  return exitCodes.ok;
};
