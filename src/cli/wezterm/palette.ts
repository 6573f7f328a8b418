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
