import { quote } from "../../quote.ts";
import type { CommandModel, OptionModel, Values, Word } from "./model.ts";

const listed = (words: readonly Word[]): string =>
  quote(words.map(({ text, about }) => (about === "" ? text : `${text}\\t${quote(about)}`)).join("\n"));

function values(value: Values): string {
  switch (value.kind) {
    case "words":
      return `-x -a ${listed(value.words)}`;
    case "file":
      return "-r -F";
    case "folder":
      return `-x -a '(__fish_complete_directories (commandline -ct))'`;
    case "by-first":
      return `-x -a '(__ascalon_value)'`;
    case "anything":
      return "-x";
  }
}

const condition = (path: readonly string[], position?: number): string =>
  `-n ${quote(`__ascalon_at ${quote(path.join(" "))}${position === undefined ? "" : ` ${position}`}`)}`;

function optionLine({ path, passThrough }: CommandModel, { names, about, value }: OptionModel): string {
  const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const takes = value === undefined ? "" : ` ${values(value)}`;
  // The options after a program are the program's.
  const where = passThrough ? condition(path, 0) : condition(path);
  return `complete -c ascalon ${where} ${flags.join(" ")}${takes} -d ${quote(about)}`;
}

function commandLines(command: CommandModel): string[] {
  const { path, options, subcommands, arguments: args, passThrough } = command;
  const lines = options.map((option) => optionLine(command, option));
  for (const { text, about } of subcommands) {
    lines.push(`complete -c ascalon ${condition(path, 0)} -a ${quote(text)} -d ${quote(about)}`);
  }
  if (passThrough) {
    lines.push(`complete -c ascalon ${condition(path)} -a '(__ascalon_program)'`);
  } else {
    lines.push(
      ...args.map((value, index) => `complete -c ascalon ${condition(path, index)} ${values(value)}`),
    );
  }
  return lines;
}

function valueFunction(model: readonly CommandModel[]): string {
  const dependent = model.flatMap((command) => command.arguments).find((value) => value.kind === "by-first");
  const branches = Object.entries(dependent?.kind === "by-first" ? dependent.words : {})
    .filter(([, choices]) => choices.length > 0)
    .map(([key, choices]) => `    case ${quote(key)}\n      printf '%s\\n' ${choices.map(quote).join(" ")}`);
  return `function __ascalon_value
  set -l tokens (commandline -opc)
  switch $tokens[-1]
${branches.join("\n")}
  end
end
`;
}

/** For ~/.config/fish/completions. */
export function fishCompletion(model: readonly CommandModel[]): string {
  const takers = model.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) =>
      value ? names.map((name) => quote(`${path.join(" ")}:${name}`)) : [],
    ),
  );
  const paths = model.filter(({ path }) => path.length > 0).map(({ path }) => quote(path.join(" ")));
  const programs = model.filter(({ passThrough }) => passThrough).map(({ path }) => quote(path.join(" ")));
  return `# fish completion of ascalon, made by \`ascalon completion fish\`

# Prints the command the line has come to, the number of its arguments so far, and where those begin.
function __ascalon_line
  set -l tokens (commandline -opc)
  set -l at ''
  set -l count 0
  set -l start 0
  set -l pending no
  for i in (seq 2 (count $tokens))
    set -l word $tokens[$i]
    if test $pending = yes
      set pending no
      continue
    end
    if contains -- "$at:$word" ${takers.join(" ")}
      set pending yes
      continue
    end
    if test "$word" = --; and contains -- "$at" ${programs.join(" ")}
      set count 1
      set start (math $i + 1)
      break
    end
    string match -q -- '-*' "$word"; and continue
    set -l next (string trim -- "$at $word")
    if contains -- "$next" ${paths.join(" ")}
      set at $next
      continue
    end
    test $count -eq 0; and set start $i
    set count (math $count + 1)
    contains -- "$at" ${programs.join(" ")}; and break
  end
  printf '%s\\n' "$at" $count $start
end

function __ascalon_at --argument-names path position
  set -l line (__ascalon_line)
  test "$line[1]" = "$path"; or return 1
  contains -- "$path" ${programs.join(" ")}; and test -z "$position"; and return 0
  test -z "$position"; or test "$line[2]" = "$position"
end

# What the shell knows of the program behind \`ascalon shell\`.
function __ascalon_program
  set -l line (__ascalon_line)
  set -l tokens (commandline -opc)
  set -l rest
  test $line[3] -gt 0; and test $line[3] -le (count $tokens); and set rest $tokens[$line[3]..-1]
  complete -C (string join ' ' -- (string escape -- $rest) (commandline -ct))
end

${valueFunction(model)}
complete -c ascalon -f
${model.flatMap(commandLines).join("\n")}
`;
}
