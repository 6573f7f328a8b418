import type { ArgumentSpec, CommandSpec } from "../command.ts";

const keyArgument: ArgumentSpec = { name: "key", summary: "a key such as vm.cpus" };

/** Subcommands load their code, the schema and the YAML parser only when they run. */
export const configCommand: CommandSpec = {
  name: "config",
  summary: "Show and change the settings",
  description:
    "One YAML file holds every setting; without it, every key has its default. docs/settings.md explains each key;\n" +
    "ascalon plan shows when a change takes effect.",
  examples: [
    ["ascalon config get", "every setting in effect"],
    ["ascalon config set vm.cpus 8", "change one; comments in the file are kept"],
    ["ascalon config edit", "open the file in an editor; it is checked before it is saved"],
  ],
  subcommands: [
    {
      name: "path",
      summary: "Print the path of the settings file",
      examples: [["ascalon config path", "where the file is, or would be"]],
      load: async () => (await import("./config-path-run.ts")).runConfigPath,
    },
    {
      name: "get",
      summary: "Print the settings in effect: one, a section, or all",
      examples: [
        ["ascalon config get vm.memory", "the value alone, for scripts"],
        ["ascalon config get --origin", "all of them, each with where it comes from"],
      ],
      arguments: [{ name: "[key]", summary: "a key such as vm.cpus, or a section such as vm" }],
      options: [
        { flags: "--origin", summary: "say where each value comes from: a line of the file, or the default" },
        { flags: "--json", summary: "print one JSON document" },
      ],
      load: async () => (await import("./config-get-run.ts")).runConfigGet,
    },
    {
      name: "set",
      summary: "Change a key in the file, keeping its comments",
      description:
        "The value is read as YAML. The whole file is checked with the change before it is replaced.",
      examples: [
        ["ascalon config set vm.memory 16GiB", ""],
        ["ascalon config set bridge.allow '[op, open]'", "a list"],
        ["ascalon config set mounts '[{host: ~/Projects, writable: true}]'", "a list of entries"],
      ],
      arguments: [
        { ...keyArgument, name: "<key>" },
        { name: "<value>", summary: "the value, in YAML" },
      ],
      load: async () => (await import("./config-set-run.ts")).runConfigSet,
    },
    {
      name: "unset",
      summary: "Remove a key from the file, so that it has its default again",
      examples: [["ascalon config unset vm.memory", ""]],
      arguments: [{ ...keyArgument, name: "<key>" }],
      load: async () => (await import("./config-set-run.ts")).runConfigUnset,
    },
    {
      name: "edit",
      summary: "Open the settings in $VISUAL or $EDITOR",
      description:
        "The editor opens a copy, which replaces the file if it is valid. If not, the settings stay as they were, every\n" +
        "problem is listed, and the copy is kept beside the file under a name that the error gives.",
      examples: [
        ["ascalon config edit", ""],
        [
          "ascalon config edit --from ~/.config/ascalon/ascalon.yaml.rejected-1",
          "continue a rejected edit, with the path from its error",
        ],
      ],
      options: [{ flags: "--from <file>", summary: "start from this text, such as a rejected edit" }],
      palette: { brief: "Edit the settings", icon: "md_cog", runs: "tab" },
      load: async () => (await import("./config-edit-run.ts")).runConfigEdit,
    },
    {
      name: "schema",
      summary: "Print the JSON Schema of the settings, for an editor",
      examples: [["ascalon config schema > ascalon.schema.json", ""]],
      load: async () => (await import("./config-schema-run.ts")).runConfigSchema,
    },
  ],
};
