import type { CommandSpec } from "../command.ts";

export const completionCommand: CommandSpec = {
  name: "completion",
  summary: "Print the completion script of a shell",
  description: "Commands, options, their values, settings keys, and the program behind `ascalon shell`.",
  examples: [
    ['eval "$(ascalon completion bash)"', "in ~/.bashrc"],
    ['ascalon completion zsh > "$HOME/.zfunc/_ascalon"', "a folder of $fpath, before compinit"],
    ["ascalon completion fish > ~/.config/fish/completions/ascalon.fish", "once"],
  ],
  arguments: [{ name: "<shell>", summary: "which shell", choices: ["bash", "zsh", "fish"] }],
  load: async () => (await import("./completion-run.ts")).runCompletion,
};
