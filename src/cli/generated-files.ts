import { commandTable } from "./commands/table.ts";
import { commandsPage } from "./present/commands-page.ts";
import { exitCodesPage, troubleshootingPage } from "./present/error-pages.ts";
import { editorSchema, editorSchemaName } from "./settings/editor-schema.ts";
import { keysSource } from "./settings/keys-source.ts";
import { settingsPage } from "./settings/settings-page.ts";
import { starterFile } from "./settings/starter-file.ts";
import { paletteRowsSource } from "./wezterm/palette.ts";

export interface GeneratedFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

/** Everything in the repository that is made from a table in the sources. `npm run gen` writes it, `check` compares. */
export function generatedFiles(): readonly GeneratedFile[] {
  return [
    { path: "src/cli/settings/generated-keys.ts", text: keysSource() },
    { path: "src/shared/palette-rows.ts", text: paletteRowsSource(commandTable) },
    { path: `schema/${editorSchemaName}`, text: editorSchema() },
    { path: "templates/ascalon.yaml", text: starterFile(`../schema/${editorSchemaName}`) },
    { path: "docs/commands.md", text: commandsPage(commandTable) },
    { path: "docs/settings.md", text: settingsPage() },
    { path: "docs/exit-codes.md", text: exitCodesPage() },
    { path: "docs/troubleshooting.md", text: troubleshootingPage() },
  ];
}
