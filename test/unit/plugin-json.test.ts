import { describe, expect, test } from "vitest";
import { commandTable } from "../../src/cli/commands/table.ts";
import { type PluginInputs, projectPluginJson } from "../../src/cli/projections/plugin-json.ts";
import { paletteOf } from "../../src/cli/wezterm/palette.ts";
import { defaultContract, ownPalette, readContract } from "../../src/shared/contract-reading.ts";

const inputs: PluginInputs = {
  settings: {
    mounts: [
      { host: "/Users/mia/Projects", writable: true },
      { host: "/Volumes/data", writable: false },
    ],
    user: { name: "dev" },
    wezterm: { attach: "key", key: "CMD|SHIFT+A" },
  },
  version: "1.2.3",
  cli: ["/opt/homebrew/bin/ascalon"],
  env: {
    PATH: "/opt/homebrew/bin:/usr/bin:/bin",
    LIMA_HOME: "/Users/mia/lima",
    HOME: "/Users/mia",
    SECRET: "x",
  },
  home: "/Users/mia",
  paths: { stateDir: "/Users/mia/.local/state/ascalon", instanceDir: "/Users/mia/lima/ascalon" },
  docsUrl: "",
  palette: [{ id: "up", brief: "Start the VM", doc: "Make it", icon: "md_play", argv: ["up"], runs: "tab" }],
};

describe("plugin.json", () => {
  test("of these settings is this file", async () => {
    await expect(projectPluginJson(inputs)).toMatchFileSnapshot("../golden/plugin-json/usual.json");
  });

  test("reads back as what the plugin takes, nothing lost", () => {
    const written = JSON.parse(projectPluginJson(inputs));
    expect(readContract(written, defaultContract("/elsewhere", []))).toEqual(written);
  });

  test("has the paths that the plugin would guess without it", () => {
    const written = JSON.parse(projectPluginJson(inputs));
    const guessed = defaultContract(inputs.paths.stateDir, []);
    expect([written.statusPath, written.socketPath]).toEqual([guessed.statusPath, guessed.socketPath]);
  });

  test("carries no variable but those that ascalon reads", () => {
    expect(projectPluginJson(inputs)).not.toContain("SECRET");
  });
});

describe("The palette's entries", () => {
  test("come from the command table, subcommands too", () => {
    const palette = { brief: "Doctor", icon: "md_stethoscope", runs: "tab" } as const;
    const table = [
      { name: "doctor", summary: "Check", examples: [], palette },
      {
        name: "agent",
        summary: "Agent",
        examples: [],
        subcommands: [{ name: "logs", summary: "Logs", examples: [], palette }],
      },
      { name: "version", summary: "Version", examples: [] },
    ];
    expect(paletteOf(table).map(({ id, argv }) => [id, argv])).toEqual([
      ["doctor", ["doctor"]],
      ["agent-logs", ["agent", "logs"]],
    ]);
  });
});

test("The plugin's own palette is that of the command table, but for the descriptions", () => {
  const withoutDocs = paletteOf(commandTable).map((entry) => ({ ...entry, doc: "" }));
  expect(ownPalette()).toEqual(withoutDocs);
});
