import { leadingOpFlags, type OpFlag, opFlagNamed, splitOpFlag } from "../../shared/bridge-op-flags.ts";

/** Flags that are refused on the host, with the reason. The guest's own client takes care of those with files. */
const reasons: Readonly<Record<string, string>> = {
  "out-file": "it writes a file on the host",
  output: "it writes a file on the host",
  "file-mode": "it belongs to a file on the host",
  "in-file": "it reads a file on the host",
  template: "it reads a file on the host",
  "env-file": "it reads a file on the host",
  config: "it names another configuration of the host",
  forget: "it removes an account from the host",
  "no-masking": "it belongs to op run, which is not run on the host",
  environment: "it belongs to op run, which is not run on the host",
};

export interface OpArguments {
  /** In op's own order: subcommand, then everything else. */
  readonly words: readonly string[];
  readonly flags: readonly { readonly flag: OpFlag; readonly value: string | undefined }[];
}

/** `detail` is the guest's own word: it is told to the guest and to nobody else. */
interface ArgumentRefusal {
  readonly why: string;
  readonly detail?: string;
}

const refusal = (why: string, detail?: string): ArgumentRefusal =>
  detail === undefined ? { why } : { why, detail };

/**
 * Reads op's command line as op does (spf13/pflag), where it is certain; anything else is refused. Every token that
 * begins with a dash has to be a known flag, also where it could be a value, so no reading of it can be missed.
 */
export function readOpArguments(args: readonly string[]): OpArguments | ArgumentRefusal {
  const words: string[] = [];
  const flags: { flag: OpFlag; value: string | undefined }[] = [];
  let literal = false;
  for (let at = 0; at < args.length; at += 1) {
    const token = args[at] ?? "";
    if (token === "--" && !literal) {
      literal = true;
      continue;
    }
    if (token === "-" || !token.startsWith("-")) {
      words.push(token);
      continue;
    }
    if (literal) return refusal("a word after -- begins with a dash");
    const { name, value } = splitOpFlag(token);
    const shown = `${name.length === 1 ? "-" : "--"}${name}`;
    const flag = opFlagNamed(name);
    if (flag?.isGuests)
      return refusal(`${shown} is not allowed: ${reasons[flag.name] ?? "it belongs to the guest"}`);
    if (!flag)
      return refusal(
        "a flag is not known to the bridge",
        /^[a-z-]{1,30}$/.test(name) ? shown : "it has unusual characters",
      );
    if (words.length === 0 && !leadingOpFlags.includes(flag.name))
      return refusal(`--${flag.name} must come after the subcommand`);
    if (flag.kind !== "value") {
      if (value !== undefined && flag.kind === "bare" && value !== "true" && value !== "false")
        return refusal(`--${flag.name} takes only true or false`);
      flags.push({ flag, value });
      continue;
    }
    const next = value ?? args[at + 1];
    if (value === undefined) at += 1;
    if (next === undefined) return refusal(`--${flag.name} has no value`);
    if (value === undefined && next.startsWith("-"))
      return refusal(`the value of --${flag.name} begins with a dash: write --${flag.name}=VALUE`);
    flags.push({ flag, value: next });
  }
  return { words, flags };
}

/**
 * The command line that op is given: written anew so that there is one reading of it, whatever a later op makes of
 * a flag. A value is never a token of its own, and a switch is `=true`, so no flag can take what follows it.
 */
export function writeOpArguments({ words, flags }: OpArguments, subcommandLength: number): string[] {
  const written = flags.map(({ flag, value }) => {
    if (flag.kind === "optional") return value === undefined ? `--${flag.name}` : `--${flag.name}=${value}`;
    return `--${flag.name}=${value ?? "true"}`;
  });
  const rest = words.slice(subcommandLength);
  return [...words.slice(0, subcommandLength), ...written, ...(rest.length > 0 ? ["--", ...rest] : [])];
}
