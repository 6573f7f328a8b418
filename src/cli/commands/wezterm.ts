import type { CommandSpec } from "../command.ts";

export const weztermCommand: CommandSpec = {
  name: "wezterm",
  summary: "Put the plugin into WezTerm's configuration, or take it out",
  description: `CMD+SHIFT+A, the palette and the status text are a plugin of WezTerm. install puts two marked lines before the last
\`return\` of your wezterm.lua, and plugin.json with your settings into ascalon's state folder; ascalon up keeps that
file right. WezTerm learns the VM when it starts, so quit it and start it again once.`,
  examples: [
    ["ascalon wezterm install", "once; then restart WezTerm and press CMD+SHIFT+A"],
    ["ascalon wezterm print", "show the two lines, to put them where you like"],
    ["ascalon wezterm uninstall", "wezterm.lua is byte for byte as it was"],
  ],
  subcommands: [
    {
      name: "install",
      summary: "Add two marked lines to wezterm.lua; made when there is none",
      examples: [["ascalon wezterm install", "safe to repeat: it says when nothing is to do"]],
      options: [{ flags: "--json", summary: "what was done as one JSON document" }],
      load: async () => (await import("./wezterm-run.ts")).runWeztermInstall,
    },
    {
      name: "uninstall",
      summary: "Remove those lines; a file that ascalon made goes as a whole",
      examples: [["ascalon wezterm uninstall", "a file without the lines is left alone"]],
      options: [{ flags: "--json", summary: "what was done as one JSON document" }],
      load: async () => (await import("./wezterm-run.ts")).runWeztermUninstall,
    },
    {
      name: "print",
      summary: "Print the two lines for wezterm.lua",
      examples: [["ascalon wezterm print", "for a configuration that is generated or split into files"]],
      load: async () => (await import("./wezterm-run.ts")).runWeztermPrint,
    },
  ],
};
