import type { CommandSpec, Flags } from "./command.ts";
import type { Parsed } from "./parser.ts";

/**
 * The plainest command lines — a command and, of its options, only `--long` ones without a value — are read
 * straight from the table, because loading the parser costs as much as `ascalon status` itself. Whatever has
 * another form is the parser's, so the two cannot disagree: this one knows only lines that have one reading.
 */
export function quickParse(argv: readonly string[], table: readonly CommandSpec[]): Parsed | undefined {
  const spec = table.find(({ name }) => name === argv[0]);
  if (!spec?.load || spec.arguments?.some(({ name }) => name.startsWith("<"))) return undefined;
  const [options, args] = splitPassThrough(spec, argv.slice(1));
  if (!options) return undefined;
  const flags: Record<string, boolean | string> = {};
  for (const { flags: form, default: fallback } of spec.options ?? []) {
    if (fallback !== undefined) return undefined;
    if (form.startsWith("--no-")) flags[camelCase(form.slice(5))] = true;
  }
  for (const option of options) {
    if (!spec.options?.some(({ flags: form }) => form === option)) return undefined;
    if (option.startsWith("--no-")) flags[camelCase(option.slice(5))] = false;
    else flags[camelCase(option.slice(2))] = true;
  }
  return { kind: "run", load: spec.load, flags: flags as Flags, args, config: undefined };
}

/** `shell -- CMD…`: everything after the first `--` is the other program's. */
function splitPassThrough(
  spec: CommandSpec,
  words: readonly string[],
): [readonly string[] | undefined, readonly string[]] {
  if (!spec.passThrough) return [words, []];
  const cut = words.indexOf("--");
  if (cut >= 0) return [words.slice(0, cut), words.slice(cut + 1)];
  return words.every((word) => word.startsWith("--")) ? [words, []] : [undefined, []];
}

const camelCase = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
