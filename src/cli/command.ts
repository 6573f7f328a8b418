import type { Context } from "./context.ts";
import type { ExitCode } from "./errors.ts";

/** One row of the command table. Parser, help, completion, docs and the palette are all made from it. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** Paragraphs under the summary in `--help` and docs/commands.md. */
  readonly description?: string;
  /** `[command line, what it does]`, shown before the options. */
  readonly examples: readonly (readonly [string, string])[];
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Everything after the first argument belongs to another program and is not parsed. */
  readonly passThrough?: boolean;
  readonly subcommands?: readonly CommandSpec[];
  /** Entry in WezTerm's command palette. */
  readonly palette?: PaletteSpec;
  /** Loads the command's code; absent on a command that only groups subcommands. */
  readonly load?: () => Promise<CommandRun>;
}

export interface ArgumentSpec {
  /** `name`, `[name]` or `[name...]`: commander's notation. */
  readonly name: string;
  readonly summary: string;
  readonly choices?: readonly string[];
}

export interface OptionSpec {
  /** `--json`, `-C, --directory <dir>`, `--no-wait`: commander's notation. */
  readonly flags: string;
  readonly summary: string;
  readonly default?: string;
  readonly choices?: readonly string[];
}

export interface PaletteSpec {
  readonly brief: string;
  readonly icon: string;
  /** `tab`: runs in a local tab; `silent`: runs in the background and reports with a message. */
  readonly runs: "tab" | "silent";
}

/** Options by their camel-case name, as the parser delivers them. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>;

export type CommandRun = (
  context: Context,
  flags: Flags,
  args: readonly string[],
) => Promise<ExitCode | number>;
