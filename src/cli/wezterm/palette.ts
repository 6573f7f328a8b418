import type { PaletteEntry } from "../../shared/palette.ts";
import type { CommandSpec } from "../command.ts";

/** The palette's entries, from the same table that makes help and completion. */
export function paletteOf(table: readonly CommandSpec[], before: readonly string[] = []): PaletteEntry[] {
  return table.flatMap((spec) => {
    const argv = [...before, spec.name];
    const { palette } = spec;
    const own: PaletteEntry[] = palette
      ? [
          {
            id: argv.join("-"),
            brief: palette.brief,
            doc: spec.summary,
            icon: palette.icon,
            argv,
            runs: palette.runs,
          },
        ]
      : [];
    return [...own, ...paletteOf(spec.subcommands ?? [], argv)];
  });
}

/** The text of src/shared/palette-rows.ts: the same for the plugin, short, because its bundle has 32 KiB. */
export function paletteRowsSource(table: readonly CommandSpec[]): string {
  const rows = paletteOf(table).map(({ argv, brief, icon, runs }) => {
    const words = [argv.join(" "), brief, icon.replace(/^md_/, "")];
    return runs === "tab" ? words : [...words, runs];
  });
  return [
    "// Made by `npm run gen` from the command table; do not edit.",
    "/** A line an entry: its argv, what the palette says, its icon without md_, and how it runs when not in a tab. */",
    // As the formatter breaks a line that is longer than it likes.
    "export const paletteRows =",
    `  ${JSON.stringify(rows.map((row) => row.join(";")).join("\n"))};`,
    "",
  ].join("\n");
}
