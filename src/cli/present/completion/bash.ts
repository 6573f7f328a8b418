import { quote } from "../../quote.ts";
import type { CommandModel, Values, Word } from "./model.ts";

/** Names of options that take a value, as `case` patterns over "command:option". */
function valuePatterns(model: readonly CommandModel[]): string[] {
  return model.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) =>
      value ? names.map((name) => quote(`${path.join(" ")}:${name}`)) : [],
    ),
  );
}

const listed = (words: readonly Word[]): string => quote(words.map(({ text }) => text).join(" "));

function action(values: Values): string {
  switch (values.kind) {
    case "words":
      return `words=${listed(values.words)}`;
    case "file":
      return "kind=file";
    case "folder":
      return "kind=folder";
    case "by-first":
      return [
        'case "$first" in',
        ...Object.entries(values.words)
          .filter(([, choices]) => choices.length > 0)
          .map(([key, choices]) => `        ${quote(key)}) words=${quote(choices.join(" "))} ;;`),
        "      esac",
      ].join("\n");
    case "anything":
      return ":";
  }
}

function commandCases({ path, options, subcommands, arguments: args, passThrough }: CommandModel): string[] {
  const at = path.join(" ");
  const names = options.flatMap((option) => option.names).join(" ");
  const optionCases = options.flatMap(({ names: own, value }) =>
    value ? [`    ${own.map((name) => quote(`${at}:${name}`)).join("|")}) ${action(value)} ;;`] : [],
  );
  const positional = passThrough
    ? [`    ${quote(`${at}:0`)}) kind=program ;;`]
    : subcommands.length > 0
      ? [`    ${quote(`${at}:0`)}) words=${listed(subcommands)} ;;`]
      : args.map((values, index) => `    ${quote(`${at}:${index}`)}) ${action(values)} ;;`);
  return [...optionCases, `    ${quote(`${at}:-`)}) words=${quote(names)} ;;`, ...positional];
}

/** For bash 3.2, which macOS has, and newer; needs nothing of the bash-completion package, and uses it when it is there. */
export function bashCompletion(model: readonly CommandModel[]): string {
  const paths = model.filter(({ path }) => path.length > 0).map(({ path }) => path.join(" "));
  const programs = model.filter(({ passThrough }) => passThrough).map(({ path }) => quote(path.join(" ")));
  return `# bash completion of ascalon, made by \`ascalon completion bash\`
_ascalon() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at="" first="" word pending="" words="" kind="" ended="" i count=0
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # bash splits --option=value into three words.
    if [[ $word == "=" ]]; then continue; fi
    if [[ -n $pending ]]; then pending=""; continue; fi
    case "$at:$word" in
      ${valuePatterns(model).join("|") || "''"}) pending="$at:$word"; continue ;;
    esac
    if [[ $word == -* && -z $ended ]]; then
      if [[ $word == -- ]]; then ended=yes; fi
      if [[ $word == -- ]]; then case "$at" in ${programs.join("|") || "''"}) break ;; esac; fi
      continue
    fi
    case "\${at:+$at }$word" in
      ${paths.map(quote).join("|")}) at="\${at:+$at }$word" ;;
      *) if ((count == 0)); then first=$word; fi
         case "$at" in ${programs.join("|") || "''"}) kind=program; break ;; esac
         ((count++)) ;;
    esac
  done
  if [[ $cur == "=" ]]; then cur=""; fi
  if [[ -z $kind ]]; then
    local where="\${pending:-$at:$count}"
    if [[ -z $pending && -z $ended && $cur == -* ]]; then where="$at:-"; fi
    case "$where" in
${model
  .flatMap(commandCases)
  .map((each) => `  ${each}`)
  .join("\n")}
    esac
  fi
  case "$kind" in
    program)
      if [[ \${COMP_WORDS[i]} == -- ]]; then ((i++)); fi
      if declare -F _command_offset >/dev/null; then
        _command_offset "$i"
      elif ((i == COMP_CWORD)); then
        COMPREPLY=($(compgen -c -- "$cur"))
      else
        _ascalon_paths -f "$cur"
      fi ;;
    file) _ascalon_paths -f "$cur" ;;
    folder) _ascalon_paths -d "$cur" ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
  esac
}
_ascalon_paths() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$1" -- "$2"))
  compopt -o filenames 2>/dev/null
}
# bash 3.2, a Mac's own, cannot say so for paths alone: a folder would end in a space, and a space not be quoted.
if type compopt >/dev/null 2>&1; then complete -F _ascalon ascalon; else complete -o filenames -F _ascalon ascalon; fi
`;
}
