import { leadingOpFlags } from "../shared/bridge-op-flags.ts";
import { isOn, type OpToken, opTokens, plainWords } from "./op-words.ts";

export interface RunLine {
  readonly envFiles: readonly string[];
  readonly masks: boolean;
  /** Flags that op inject knows too: which account, which session. */
  readonly opFlags: readonly string[];
  readonly argv: readonly string[];
}

export const runUsage = `op run [FLAG…] -- PROGRAM [ARGUMENT…]

Reads the secrets that the environment names (op://VAULT/ITEM/FIELD) on the host and runs PROGRAM here with them.

  --env-file FILE     variables from a file, over those of the environment; may be given more than once
  --no-masking        shows secrets in the program's output instead of concealing them
  --account, --session, --cache, --debug, --no-color, --iso-timestamps   as with every command of op
`;

/** Of the flags that every command of op has: those that say how a result is written concern none here. */
const withoutEffect: readonly string[] = ["format", "encoding"];

/** `op run [flags] -- PROGRAM ARGS…`; the `--` may be missing. */
export function readRunLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): RunLine | { readonly mistake: string } | { readonly help: true } {
  const cut = args.indexOf("--");
  const program = plainWords(args)[1]?.at;
  const end = program ?? (cut < 0 ? args.length : cut);
  const flags = opTokens(args.slice(0, end)).filter(({ flag }) => flag !== undefined);
  const named = (name: string): readonly OpToken[] => flags.filter(({ flag }) => flag === name);
  if (named("help").some(isOn)) return { help: true };
  const isKnown = ({ flag = "" }: OpToken): boolean =>
    flag === "env-file" || flag === "no-masking" || (flag !== "version" && leadingOpFlags.includes(flag));
  const unknown = flags.find((token) => !isKnown(token));
  if (unknown) return { mistake: `run does not know ${unknown.text} here` };
  const argv = program === undefined ? args.slice(end + 1) : args.slice(program);
  if (argv.length === 0) return { mistake: "run needs a program: op run -- PROGRAM ARGUMENTS" };
  const opFlags = flags.filter(
    ({ flag = "" }) => leadingOpFlags.includes(flag) && flag !== "help" && !withoutEffect.includes(flag),
  );
  return {
    envFiles: named("env-file").map(({ value }) => value ?? ""),
    masks: !named("no-masking").some(isOn) && !/^(1|true)$/i.test(env.OP_RUN_NO_MASKING ?? ""),
    opFlags: opFlags.map(({ flag, value }) => `--${flag}=${value ?? "true"}`),
    argv,
  };
}
