import { Command, CommanderError, Option } from "commander";
import type { CommandRun, CommandSpec, Flags } from "./command.ts";
import { type ExitCode, exitCodes } from "./errors.ts";
import { renderHelp } from "./present/help.ts";
import { nearest } from "./settings/nearest.ts";
import { version } from "./version.ts";

export type Parsed =
  | { readonly kind: "text"; readonly text: string; readonly exit: ExitCode }
  /** Not understood; `what` is a sentence without a final period, `run` the help that answers it. */
  | { readonly kind: "usage"; readonly what: string; readonly run: string }
  | {
      readonly kind: "run";
      readonly load: () => Promise<CommandRun>;
      readonly flags: Flags;
      readonly args: readonly string[];
      readonly config: string | undefined;
    };

const rootSpec = (table: readonly CommandSpec[]): CommandSpec => ({
  name: "ascalon",
  summary: "one persistent NixOS machine on your Mac, in WezTerm",
  examples: [
    ["ascalon up", "create the VM, start it, and wait until it is ready"],
    ["ascalon shell", "a shell in the VM, in the folder you are in"],
    ["ascalon status", "what is running, what is linked, what is pending"],
  ],
  options: [
    { flags: "--config <file>", summary: "use this settings file" },
    { flags: "-V, --version", summary: "show the version" },
  ],
  subcommands: table,
});

/** The command table as a commander program; commander does the parsing and the suggestions for typing errors. */
export function parseCommandLine(argv: readonly string[], table: readonly CommandSpec[]): Parsed {
  let parsed: Parsed | undefined;
  let text = "";
  const root = rootSpec(table);
  if (argv.length === 0) return { kind: "text", text: renderHelp(root, "ascalon"), exit: exitCodes.ok };
  const help = helpAsked(argv, root);
  if (help) return help;
  const found = (result: Parsed): void => {
    parsed = result;
  };
  const program = toCommander(root, "ascalon", found)
    .version(`ascalon ${version}`, "-V, --version")
    .enablePositionalOptions();
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({
      writeOut: (chunk) => {
        text += chunk;
      },
      writeErr: (chunk) => {
        text += chunk;
      },
    });
  }
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text, exit: exitCodes.ok };
    // A command that only groups others, alone: its help, but not what was wanted.
    return error.code === "commander.help"
      ? { kind: "text", text, exit: exitCodes.usage }
      : { kind: "usage", what: usageSentence(text), run: helpFor(argv, root) };
  }
  return parsed ?? { kind: "text", text: renderHelp(root, "ascalon"), exit: exitCodes.usage };
}

/** commander's words: `error: unknown option '--jsn'`, a line break, `(Did you mean --json?)`. */
function usageSentence(text: string): string {
  return text
    .trim()
    .replace(/^error: /, "")
    .replace(/\.$/, "")
    .replaceAll("\n", " ");
}

/**
 * `help config set`, of which commander reads one word alone, and `help stauts`, for which it shows all there is; `config
 * help ste` as well. undefined: the line is another's.
 */
function helpAsked(argv: readonly string[], root: CommandSpec): Parsed | undefined {
  const cut = argv.indexOf("help");
  const path = ["ascalon"];
  let at = root;
  for (const [index, word] of argv.entries()) {
    const names = at.subcommands?.map(({ name }) => name);
    // What has no commands takes `help` as a word like any other: a program of the guest's, a value.
    if (cut < 0 || word.startsWith("-") || (!names && index <= cut)) return undefined;
    if (index === cut) continue;
    if (!names) break;
    const next = at.subcommands?.find(({ name }) => name === word);
    if (next) {
      path.push(word);
      at = next;
      continue;
    }
    // Before `help` the word may be anything, and after it the command `help` itself has help.
    if (index < cut || word === "help") return undefined;
    const meant = nearest(word, names);
    const hint = meant === undefined ? "" : ` (Did you mean ${meant}?)`;
    return { kind: "usage", what: `unknown command '${word}'${hint}`, run: `${path.join(" ")} --help` };
  }
  return { kind: "text", text: renderHelp(at, path.join(" ")), exit: exitCodes.ok };
}

/** The help of the deepest command that the line names. */
function helpFor(argv: readonly string[], root: CommandSpec): string {
  const path = ["ascalon"];
  let at = root;
  const words = argv.filter(
    (word, index) => !word.startsWith("--config=") && word !== "--config" && argv[index - 1] !== "--config",
  );
  for (const word of words) {
    const next = at.subcommands?.find(({ name }) => name === word);
    if (!next) break;
    path.push(word);
    at = next;
  }
  return `${path.join(" ")} --help`;
}

function* everyCommand(command: Command): Generator<Command> {
  yield command;
  for (const sub of command.commands) yield* everyCommand(sub);
}

function toCommander(spec: CommandSpec, path: string, found: (result: Parsed) => void): Command {
  const command = new Command(spec.name).helpOption("-h, --help").enablePositionalOptions();
  command.helpInformation = () => renderHelp(spec, path);
  for (const argument of spec.arguments ?? []) command.argument(argument.name, argument.summary);
  for (const { flags, summary, choices, default: fallback } of spec.options ?? []) {
    if (flags.includes("--version")) continue;
    const option = new Option(flags, summary);
    if (choices) option.choices([...choices]);
    if (fallback !== undefined) option.default(fallback);
    command.addOption(option);
  }
  // Of the whole program, and understood after a command too.
  if (path !== "ascalon") command.addOption(new Option("--config <file>"));
  if (spec.passThrough) command.passThroughOptions();
  for (const sub of spec.subcommands ?? [])
    command.addCommand(toCommander(sub, `${path} ${sub.name}`, found));
  const load = spec.load;
  if (load) {
    command.action(() => {
      const { config, ...flags } = command.optsWithGlobals();
      found({ kind: "run", load, flags, args: command.args, config });
    });
  }
  return command;
}
