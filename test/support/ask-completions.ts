import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { findShell } from "./login-shells.ts";

export const completingShells = ["bash", "zsh", "fish"] as const;
export type CompletingShell = (typeof completingShells)[number];

const separator = "\u0001";

/**
 * Types each line into the shell, on a terminal of its own made by zsh's zpty, asks for completions, and returns
 * every word the shell then shows. fish is asked by its own `complete -C`, which runs the same code.
 */
export function askCompletions(
  shell: CompletingShell,
  script: string,
  lines: readonly string[],
  home: string,
): readonly (readonly string[])[] {
  const [asker, program] = shell === "fish" ? ["fish", askFish] : ["zsh", askOnTerminal];
  const options = shell === "fish" ? ["-c", program] : ["-f", "-c", program, "ask", shell];
  const { stdout, stderr, status } = spawnSync(
    findShell(asker as "zsh") ?? asker,
    [...options, script, ...lines],
    {
      encoding: "utf8",
      timeout: 60_000,
      env: { PATH: process.env.PATH, HOME: home, TERM: "xterm" },
    },
  );
  if (status !== 0 || stderr !== "") throw new Error(`${shell} did not answer: ${stdout}${stderr}`);
  return stdout
    .split(separator)
    .slice(0, -1)
    .map((shown) =>
      shell === "fish"
        ? shown.split("\n").map((line) => line.split("\t")[0] ?? "")
        : // zsh marks programs with a star.
          stripVTControlCharacters(shown)
            .split(/\s+/)
            .map((word) => word.replace(/\*$/, "")),
    );
}

const askFish = `
source $argv[1]
for line in $argv[2..-1]
  complete -C "$line"
  printf '\\x01'
end
`;

const askOnTerminal = `
zmodload zsh/zpty
shell=$1 script=$2
shift 2
typeset -A start setup
start=(zsh 'zsh -f -i' bash 'bash --norc --noprofile -i')
setup=(
  zsh "unsetopt beep; LISTMAX=1000; autoload -Uz compinit && compinit -u -D; bindkey '^I' list-choices"
  bash "bind 'set completion-query-items 0'; bind 'set page-completions off'; bind 'set enable-bracketed-paste off'; bind '\\"\\\\t\\": possible-completions'"
)
zpty z $start[$shell]
zpty -w z "stty columns 200 rows 100; $setup[$shell]; source $script; PS1='as''k> '"
zpty -r z out '*ask> *'
for line in "$@"; do
  zpty -n -w z "$line"$'\\t\\x15'"echo DO''NE"$'\\n'
  zpty -r z out '*DONE*ask> *'
  print -rn -- "$out"$'\\x01'
done
zpty -d z
`;
