import type { CommandSpec } from "./command.ts";
import { type Context, readerGone } from "./context.ts";
import { AscalonError, exitCodes } from "./errors.ts";
import { quickParse } from "./quick-parse.ts";
import { version } from "./version.ts";

/** Runs one command line and returns the exit code; everything it says goes through the context. */
export async function runCommand(
  argv: readonly string[],
  context: Context,
  table: readonly CommandSpec[],
): Promise<number> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    context.stdout.write(`ascalon ${version}\n`);
    return exitCodes.ok;
  }
  const parsed = quickParse(argv, table) ?? (await import("./parser.ts")).parseCommandLine(argv, table);
  if (parsed.kind === "text") {
    (parsed.exit === exitCodes.ok ? context.stdout : context.stderr).write(parsed.text);
    return parsed.exit;
  }
  if (parsed.kind === "usage") {
    const { what, run: help } = parsed;
    const error = new AscalonError("E_USAGE", { what, run: help });
    // Of shell, 2 is the guest program's own code.
    const own = help.startsWith("ascalon shell ")
      ? (await import("./shell/failure.ts")).asShellError(error)
      : error;
    return await report(own, context, asksForJson(argv));
  }
  const withConfig = parsed.config === undefined ? context : { ...context, configFlag: parsed.config };
  try {
    return await (await parsed.load())(withConfig, parsed.flags, parsed.args);
  } catch (error) {
    return await report(error, withConfig, parsed.flags.json === true);
  }
}

/** Of a line that was not understood: whether `--json` is among ascalon's own words. */
function asksForJson(argv: readonly string[]): boolean {
  const cut = argv.indexOf("--");
  return (cut < 0 ? argv : argv.slice(0, cut)).includes("--json");
}

async function report(error: unknown, context: Context, asJson: boolean): Promise<number> {
  const { renderError, asAscalonError } = await import("./present/error.ts");
  const { asFileError } = await import("./file-error.ts");
  const known = (await asFileError(context, error)) ?? asAscalonError(error, context.signal.aborted);
  if (known.code === "E_INTERRUPTED" && context.signal.reason === readerGone) return exitCodes.ok;
  const style = { asJson, colors: context.stderr.colors, configFlag: context.configFlag };
  context.stderr.write(renderError(known, style));
  return known.exit;
}
