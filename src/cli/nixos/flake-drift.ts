import { createHash } from "node:crypto";
import type { TarEntry } from "./tar-stream.ts";

/** Which files of the flake are others than in the guest's copy. */
export interface FlakeDrift {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** `copy`: digest by path. Links are left out: their targets are files too, or lead out of the flake. */
export function flakeDrift(entries: readonly TarEntry[], copy: ReadonlyMap<string, string>): FlakeDrift {
  const here = new Map(
    entries.flatMap((entry) => (entry.kind === "file" ? [[entry.path, sha256(entry.content)] as const] : [])),
  );
  const paths = [...here.keys()].toSorted();
  return {
    added: paths.filter((path) => !copy.has(path)),
    changed: paths.filter((path) => copy.has(path) && copy.get(path) !== here.get(path)),
    removed: [...copy.keys()].filter((path) => !here.has(path)).toSorted(),
  };
}

const sha256 = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** One line for a person; undefined when nothing differs. */
export function driftText({ added, changed, removed }: FlakeDrift): string | undefined {
  const parts = (
    [
      ["changed", changed],
      ["new", added],
      ["gone", removed],
    ] as const
  ).flatMap(([word, paths]) => (paths.length === 0 ? [] : [`${word}: ${few(paths)}`]));
  return parts.length === 0 ? undefined : `Flake ${parts.join("; ")}`;
}

const few = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(", ")} and ${names.length - 6} more` : names.join(", ");
