import type { ParityRow, Why } from "../nixos/parity.ts";
import { oneLine } from "../printable.ts";

const words: Readonly<Record<ParityRow["verdict"], string>> = {
  same: "same",
  differs: "differs",
  "host-only": "only here",
  "guest-only": "only in the guest",
  neither: "on neither side",
  "by-design": "meant for one side",
};

const reasons: Readonly<Record<Why, string>> = {
  platform: "does not exist for its platform",
  release: "its nixpkgs has none",
  "not-installed": "listed, and not in the profile",
  "other-package": "from another package than the list's",
};

const quiet: readonly ParityRow["verdict"][] = ["same", "by-design"];

/** A line for each package that differs, and with `all` for every one; at the end the count. */
export function renderParity(rows: readonly ParityRow[], all: boolean): string {
  const shown = rows.filter(({ verdict }) => all || !quiet.includes(verdict));
  const table = shown.map((row) => [
    oneLine(`${row.category}/${row.name}`),
    oneLine(row.host ?? "-"),
    oneLine(row.guest ?? "-"),
    [words[row.verdict], ...whyOf(row)].join("; "),
  ]);
  const head = shown.length === 0 ? [] : [["package", "here", "guest", ""]];
  const lines = [...head, ...table];
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...lines.map((line) => line[column]?.length ?? 0)));
  const same = rows.filter(({ verdict }) => verdict === "same").length;
  return [
    ...lines.map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    ),
    `${same} of ${rows.length} packages are the same on both sides.`,
  ]
    .map((line) => `${line}\n`)
    .join("");
}

const whyOf = ({ hostWhy, guestWhy }: ParityRow): readonly string[] => [
  ...(hostWhy ? [`here: ${reasons[hostWhy]}`] : []),
  ...(guestWhy ? [`guest: ${reasons[guestWhy]}`] : []),
];
