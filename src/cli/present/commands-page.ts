import type { CommandSpec } from "../command.ts";
import { optionRows, usageOf } from "./help.ts";

const note = "<!-- Made by `npm run gen` from src/cli/commands/; do not edit. -->";

/** docs/commands.md: examples first, then the forms. */
export function commandsPage(table: readonly CommandSpec[]): string {
  const overview = table.map(
    ({ name, summary }) => `| [\`ascalon ${name}\`](#${anchor(`ascalon ${name}`)}) | ${cell(summary)} |`,
  );
  return `# Commands

${note}

| command | what it does |
|--|--|
${overview.join("\n")}

\`--config FILE\`, before or after a command, selects another settings file. \`ascalon COMMAND --help\` shows the same text as
this page. Data goes to stdout, messages and progress to stderr; \`--json\` prints one document with \`"schema": 1\`, and errors
are then JSON on stderr. Exit codes: [exit-codes.md](exit-codes.md).

${table.map((spec) => section(spec, "ascalon", 2)).join("\n")}`;
}

function section(spec: CommandSpec, parent: string, level: number): string {
  const path = `${parent} ${spec.name}`;
  const blocks = [`${"#".repeat(level)} ${path}`, `${spec.summary}.`];
  if (spec.examples.length > 0) blocks.push(exampleTable(spec.examples));
  if (spec.description) blocks.push(spec.description);
  if (!spec.subcommands) blocks.push(`Usage: \`${usageOf(spec, path)}\``);
  const rows = [
    ...(spec.arguments ?? []).map(
      ({ name, summary, choices }) => [name, summary + (choices ? ` (${choices.join(", ")})` : "")] as const,
    ),
    ...optionRows(spec),
  ];
  if (rows.length > 0) {
    const lines = rows.map(([form, text]) => `| \`${cell(form)}\` | ${cell(text)} |`);
    blocks.push(["| argument or option | |", "|--|--|", ...lines].join("\n"));
  }
  const parts = [`${blocks.join("\n\n")}\n`];
  for (const sub of spec.subcommands ?? []) parts.push(section(sub, path, level + 1));
  return parts.join("\n");
}

/**
 * What is copied is the command alone. In one block of code the words could only be comments, which the zsh of a
 * terminal has none of: it would pass them to the command, or run them.
 */
function exampleTable(examples: CommandSpec["examples"]): string {
  const lines = examples.map(([line, text]) => `| \`${cell(line)}\` | ${cell(text)} |`);
  return ["| example | |", "|--|--|", ...lines].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

const anchor = (heading: string): string => heading.toLowerCase().replaceAll(" ", "-");
