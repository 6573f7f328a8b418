export type KeyPath = readonly (string | number)[];

/** Something wrong with the settings, at a key. `message` completes "KEY: ". */
export interface Problem {
  readonly path: KeyPath;
  readonly message: string;
  /** The mistake is the key itself, not its value. */
  readonly atKey?: true;
}

/** Both count from 1, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface PlacedProblem extends Problem {
  readonly position: Position;
}

/** `mounts[0].host` */
export function keyText(path: KeyPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
}

/** One line a problem, in the order of the file: `FILE:LINE:COLUMN KEY: MESSAGE`. */
export function renderProblems(file: string, problems: readonly PlacedProblem[]): readonly string[] {
  return [...problems]
    .sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .map(({ path, message, position }) => {
      const place = `${file}:${position.line}:${position.column}`;
      return path.length === 0 ? `${place} ${message}` : `${place} ${keyText(path)}: ${message}`;
    });
}

/** A value as it appears in a message: `"six"`, `12`, `a list`. Long text is cut. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "keys and values";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
