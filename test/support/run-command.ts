import type { CommandSpec } from "../../src/cli/command.ts";
import { AscalonError } from "../../src/cli/errors.ts";
import { parseCommandLine } from "../../src/cli/parser.ts";
import { asAscalonError, renderError } from "../../src/cli/present/error.ts";
import type { FakeContext } from "./fake-context.ts";

/** One command line against a table of commands, with errors printed as the CLI prints them. */
export async function runCommand(
  argv: readonly string[],
  context: FakeContext,
  table: readonly CommandSpec[],
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const code = await codeOf(argv, context, table);
  return { code, out: context.out(), err: context.err() };
}

async function codeOf(
  argv: readonly string[],
  context: FakeContext,
  table: readonly CommandSpec[],
): Promise<number> {
  const parsed = parseCommandLine(argv, table);
  if (parsed.kind === "text") {
    context.stdout.write(parsed.text);
    return parsed.exit;
  }
  if (parsed.kind === "usage") {
    const { what, run } = parsed;
    const error = new AscalonError("E_USAGE", { what, run });
    context.stderr.write(renderError(error, { asJson: argv.includes("--json"), colors: false }));
    return error.exit;
  }
  const configFlag = parsed.config ?? context.configFlag;
  try {
    return await (await parsed.load())({ ...context, configFlag }, parsed.flags, parsed.args);
  } catch (error) {
    const known = asAscalonError(error, context.signal.aborted);
    context.stderr.write(renderError(known, { asJson: parsed.flags.json === true, colors: false }));
    return known.exit;
  }
}
