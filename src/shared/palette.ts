/** One entry of the command palette that runs a CLI command. plugin.json carries the list. */
export interface PaletteEntry {
  /** Lower-case words with hyphens, unique: the entry's event is `ascalon.cli.ID`. */
  readonly id: string;
  readonly brief: string;
  readonly doc: string;
  /** A Nerd Font name as WezTerm knows it: `md_server`. */
  readonly icon: string;
  /** Appended to the contract's `cli`. */
  readonly argv: readonly string[];
  /** `tab`: in a local tab that stays open until Enter; `silent`: in the background, the result as a message. */
  readonly runs: "tab" | "silent";
}
