import { quote } from "../../quote.ts";
import type { CommandModel, OptionModel, Values, Word } from "./model.ts";

/** Inside an _arguments specification `:` and `[ ]` end a part. */
const plain = (text: string): string => text.replace(/[\\:[\]]/g, "\\$&");

/** `(a b)` or `((a\:about b\:about))`. */
function listed(words: readonly Word[]): string {
  const items = words.map(({ text, about }) =>
    about === "" ? plain(text) : `${plain(text)}\\:${quote(plain(about))}`,
  );
  return words.some(({ about }) => about !== "") ? `((${items.join(" ")}))` : `(${items.join(" ")})`;
}

function action(values: Values): string {
  switch (values.kind) {
    case "words":
      return listed(values.words);
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "by-first":
      return "_ascalon_value";
    case "anything":
      return " ";
  }
}

function optionSpecs({ names, about, value }: OptionModel): string[] {
  const others = names.length > 1 ? `(${names.join(" ")})` : "";
  const tail = value ? `:${plain(names.at(-1)?.replace(/^-+/, "") ?? "value")}:${action(value)}` : "";
  return names.map((name) => {
    const takes = value ? (name.startsWith("--") ? "=" : "+") : "";
    return quote(`${others}${name}${takes}[${plain(about)}]${tail}`);
  });
}

const functionName = (path: readonly string[]): string =>
  ["_ascalon", ...path].join("_").replaceAll("-", "_");

function commandFunction(command: CommandModel): string {
  const { path, options, subcommands, arguments: args, passThrough } = command;
  const specs = options.flatMap(optionSpecs);
  if (passThrough)
    specs.push(quote("(-)1:program:_command_names -e"), quote("*::arguments:_ascalon_program"));
  else if (subcommands.length > 0) specs.push(quote("1:command:->command"), quote("*::argument:->argument"));
  else specs.push(...args.map((values, index) => quote(`${index + 1}:argument:${action(values)}`)));
  const call = `_arguments -s ${subcommands.length > 0 ? "-C " : ""}${passThrough ? "-S " : ""}\\
    ${specs.join(" \\\n    ")}`;
  if (subcommands.length === 0) return `${functionName(path)}() {\n  ${call}\n}\n`;
  const entries = subcommands.map(({ text, about }) => quote(`${text}:${about}`)).join("\n        ");
  const branches = subcommands
    .map(({ text }) => `      ${text}) ${functionName([...path, text])} ;;`)
    .join("\n");
  return `${functionName(path)}() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  ${call}
  case $state in
    command)
      local -a commands
      commands=(
        ${entries}
      )
      _describe -t commands 'command' commands ;;
    argument)
      case $words[1] in
${branches}
      esac ;;
  esac
}
`;
}

function valueFunction(model: readonly CommandModel[]): string {
  const dependent = model
    .flatMap((command) => command.arguments)
    .find((values) => values.kind === "by-first");
  const branches = Object.entries(dependent?.kind === "by-first" ? dependent.words : {})
    .filter(([, choices]) => choices.length > 0)
    .map(([key, choices]) => `    ${key}) compadd -- ${choices.map(quote).join(" ")} ;;`);
  return `_ascalon_value() {\n  case $words[CURRENT-1] in\n${branches.join("\n")}\n  esac\n}\n`;
}

/** The command line of another program; `--` before it is left in the words. */
const programFunction = `_ascalon_program() {
  if [[ $words[1] == -- ]]; then
    shift words
    (( CURRENT-- ))
  fi
  _normal
}
`;

/** An autoloadable file for $fpath, which can be sourced as well. */
export function zshCompletion(model: readonly CommandModel[]): string {
  return `#compdef ascalon
# zsh completion of ascalon, made by \`ascalon completion zsh\`
${programFunction}${valueFunction(model)}${model.map(commandFunction).join("")}
if [[ $funcstack[1] == _ascalon ]]; then
  _ascalon "$@"
else
  compdef _ascalon ascalon
fi
`;
}
