import type { CommandSpec } from "../command.ts";

export const weztermCommand: CommandSpec = {
  name: "wezterm",
  summary: "Add the plugin to WezTerm's configuration, or remove it",
  description: `A WezTerm plugin provides CMD+SHIFT+A, the palette and the status text. install adds two marked lines before the last
\`return\` of your wezterm.lua, and writes plugin.json with your settings to ascalon's state folder; ascalon up keeps that
file current. WezTerm learns about the VM when it starts, so quit it and start it again once.`,
  examples: [
    ["ascalon wezterm install", "once; then restart WezTerm and press CMD+SHIFT+A"],
    ["ascalon wezterm print", "print the two lines, to put them where you like"],
    ["ascalon wezterm uninstall", "restore wezterm.lua byte for byte"],
  ],
  subcommands: [
    {
      name: "install",
      summary: "Add two marked lines to wezterm.lua, creating it if there is none",
      examples: [["ascalon wezterm install", "safe to repeat: it says when there is nothing to do"]],
      options: [{ flags: "--json", summary: "print what was done as one JSON document" }],
      load: async () => (await import("./wezterm-run.ts")).runWeztermInstall,
    },
    {
      name: "uninstall",
      summary: "Remove those lines; a file that ascalon created is deleted",
      examples: [["ascalon wezterm uninstall", "a file without the lines is left alone"]],
      options: [{ flags: "--json", summary: "print what was done as one JSON document" }],
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
