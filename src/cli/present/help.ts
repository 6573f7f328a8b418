import type { CommandSpec } from "../command.ts";

const indent = "  ";

/** Two aligned columns; the left one as wide as its longest cell. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${indent}${left.padEnd(width)}${indent}${right}`.trimEnd());
}

/**
 * A command has its line for itself, to be copied as a whole: words behind it would be its arguments, also behind a `#`,
 * which begins no comment in the zsh of a terminal.
 */
const exampleLines = (examples: CommandSpec["examples"]): string[] =>
  examples.flatMap(([line, text]) => [...(text === "" ? [] : [`${indent}# ${text}`]), `${indent}${line}`]);

export function usageOf(spec: CommandSpec, path: string): string {
  const parts = [path];
  if (spec.subcommands) parts.push("COMMAND");
  if ((spec.options ?? []).length > 0) parts.push("[options]");
  for (const argument of spec.arguments ?? []) parts.push(argument.name);
  return parts.join(" ");
}

/** The `--help` text: what it is, examples, then the forms. `path` is the full name, `ascalon config set`. */
export function renderHelp(spec: CommandSpec, path: string): string {
  const blocks = [[`${path}: ${spec.summary}`]];
  if (spec.examples.length > 0) blocks.push(["Examples:", ...exampleLines(spec.examples)]);
  if (spec.description) blocks.push([spec.description]);
  blocks.push([`Usage: ${usageOf(spec, path)}`]);
  if (spec.subcommands) {
    blocks.push(["Commands:", ...columns(spec.subcommands.map((sub) => [sub.name, sub.summary]))]);
  }
  const args = (spec.arguments ?? []).map(
    (argument) =>
      [
        argument.name,
        argument.summary + (argument.choices ? ` (${argument.choices.join(", ")})` : ""),
      ] as const,
  );
  if (args.length > 0) blocks.push(["Arguments:", ...columns(args)]);
  blocks.push(["Options:", ...columns([...optionRows(spec), ["-h, --help", "this text"]])]);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Each option's form and what it does, with its choices and default. */
export function optionRows(spec: CommandSpec): (readonly [string, string])[] {
  return (spec.options ?? []).map((option) => {
    const choices = option.choices ? ` (${option.choices.join(", ")})` : "";
    const fallback = option.default === undefined ? "" : ` (default: ${option.default})`;
    return [option.flags, option.summary + choices + fallback] as const;
  });
}
