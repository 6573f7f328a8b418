/** Flags of op that take a value as the next word, as far as it takes to find the subcommand. */
const valued = new Set([
  "--account",
  "--session",
  "--format",
  "--encoding",
  "--vault",
  "--config",
  "--env-file",
  "--tags",
  "--title",
]);

/** The words of an op command line that are no flags, up to `--`, with their places. */
export function plainWords(
  args: readonly string[],
): readonly { readonly text: string; readonly at: number }[] {
  const words: { text: string; at: number }[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const text = args[at] ?? "";
    if (text === "--") break;
    if (text === "-" || !text.startsWith("-")) words.push({ text, at });
    else if (valued.has(text)) at += 1;
  }
  return words;
}

export interface TakenFlag {
  readonly rest: readonly string[];
  /** Every value that was given, in order. */
  readonly values: readonly string[];
}

/** Takes a flag with a value out: `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`. */
export function takeFlag(args: readonly string[], names: readonly string[]): TakenFlag {
  const rest: string[] = [];
  const values: string[] = [];
  const end = args.indexOf("--");
  for (let at = 0; at < args.length; at += 1) {
    const text = args[at] ?? "";
    const name = names.find(
      (one) => text === one || text.startsWith(`${one}=`) || (one.length === 2 && text.startsWith(one)),
    );
    if (name === undefined || (end >= 0 && at > end)) rest.push(text);
    else if (text === name) {
      values.push(args[at + 1] ?? "");
      at += 1;
    } else values.push(text.slice(name.length).replace(/^=/, ""));
  }
  return { rest, values };
}

/** Takes a switch out. */
export function takeSwitch(
  args: readonly string[],
  names: readonly string[],
): { readonly rest: readonly string[]; readonly on: boolean } {
  const rest = args.filter((text) => !names.includes(text));
  return { rest, on: rest.length < args.length };
}
