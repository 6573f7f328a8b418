import { readOpArguments, writeOpArguments } from "./op-arguments.ts";
import { forbiddenSubcommands, type OpSubcommand, opSubcommands, withOwnVerb } from "./op-subcommands.ts";
import type { CommandRule, Decision } from "./policy.ts";

const startsWith = (words: readonly string[], path: readonly string[]): boolean =>
  path.every((part, index) => words[index] === part);

const longestFirst = <Of extends { readonly path: readonly string[] }>(all: readonly Of[]): readonly Of[] =>
  [...all].sort((a, b) => b.path.length - a.path.length);

const subcommands = longestFirst(opSubcommands);
const forbidden = longestFirst(Object.keys(forbiddenSubcommands).map((name) => ({ path: name.split(" ") })));

/** The longest path that the words begin with. */
const subcommandOf = (words: readonly string[]): OpSubcommand | undefined =>
  subcommands.find(({ path }) => startsWith(words, path));

/** Only words of our own tables reach the log: a mistyped command line may hold a secret anywhere. */
function knownLabel(words: readonly string[]): string {
  const known = subcommandOf(words) ?? forbidden.find(({ path }) => startsWith(words, path));
  return known === undefined ? "op" : `op ${known.path.join(" ")}`;
}

function decide(args: readonly string[], allowed: readonly string[] | undefined): Decision {
  // Everything after `op run` is another program's, so it is looked at before the rest is read.
  const first = args.find((arg) => !arg.startsWith("-"));
  const read = readOpArguments(args);
  if (first === "run" || first === "plugin")
    return { kind: "refuse", why: forbiddenSubcommands[first] ?? "", label: `op ${first}` };
  if ("why" in read) return { kind: "refuse", ...read, label: knownLabel(args) };
  const { flags } = read;
  const words = withOwnVerb(read.words);
  const label = knownLabel(words);
  const refuse = (why: string): Decision => ({ kind: "refuse", why, label });
  const asksHelp = flags.some(({ flag }) => flag.name === "help" || flag.name === "version");
  if (words.length === 0) {
    return asksHelp || flags.length === 0
      ? { kind: "run", args: writeOpArguments(read, 0), label: "op --help" }
      : refuse("there is no subcommand");
  }
  const subcommand = subcommandOf(words);
  if (!subcommand) {
    const why = forbiddenSubcommands[label.slice(3)];
    return refuse(why ?? "the subcommand is not known to the bridge");
  }
  const name = subcommand.path.join(" ");
  if (allowed && !allowed.includes(name)) return refuse(`bridge.rules does not list op ${name}`);
  const { length } = subcommand.path;
  for (const [index, word] of words.slice(length).entries()) {
    const why = subcommand.word?.(word, index);
    if (why !== undefined) return refuse(why);
  }
  const { maxInputBytes } = subcommand;
  return { kind: "run", args: writeOpArguments({ words, flags }, length), label, maxInputBytes };
}

export const opRule: CommandRule = {
  command: "op",
  tools: { darwin: ["op"], linux: ["op"] },
  terminal: true,
  rate: { burst: 300, perSecond: 50 },
  // Templates, items and passwords; as much as op run takes of secrets. A document may be larger.
  maxInputBytes: 16 * 1024 ** 2,
  env: [
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "OP_ACCOUNT",
    "OP_CACHE",
    "OP_FORMAT",
    "OP_INCLUDE_ARCHIVE",
    "OP_ISO_TIMESTAMPS",
    "OP_SERVICE_ACCOUNT_TOKEN",
    "OP_SESSION",
    "OP_SESSION_*",
  ],
  decide: (args, { rule }) => decide(args, rule?.subcommands),
};
