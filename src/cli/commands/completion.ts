import type { CommandSpec } from "../command.ts";

export const completionCommand: CommandSpec = {
  name: "completion",
  summary: "Print the completion script of a shell",
  description:
    "Completes commands, options, their values, settings keys, and the program after `ascalon shell`.",
  examples: [
    ['eval "$(ascalon completion bash)"', "in ~/.bashrc"],
    [
      "mkdir -p ~/.zfunc && ascalon completion zsh > ~/.zfunc/_ascalon",
      "once; ~/.zshrc needs fpath=(~/.zfunc $fpath) before its compinit",
    ],
    ["ascalon completion fish > ~/.config/fish/completions/ascalon.fish", "once"],
  ],
  arguments: [{ name: "<shell>", summary: "which shell", choices: ["bash", "zsh", "fish"] }],
  load: async () => (await import("./completion-run.ts")).runCompletion,
};
