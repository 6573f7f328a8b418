import type * as z from "zod";
import { nearest } from "./nearest.ts";
import { type KeyPath, keyText, type Problem, showValue } from "./problem.ts";
import { aboutOf, childNames, leafPaths, schemaAt } from "./schema-walk.ts";

/** One finding of the schema in a person's words; an unknown-keys finding becomes one problem a key. */
export function problemsOf(issue: z.core.$ZodIssue, root: unknown): readonly Problem[] {
  const path = issue.path as KeyPath;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key));
  const value = valueAt(root, path);
  const about = aboutOf(schemaAt(path) ?? ({} as never));
  const isMissing = value === undefined && path.length > 0;
  if (isMissing) return [{ path, message: "is missing" }];
  const expected = issue.code === "custom" && issue.message !== "Invalid input" ? issue.message : undefined;
  return [
    {
      path,
      message: `${expected ?? `expected ${about.expected ?? "keys and values"}`}, got ${showValue(value)}`,
    },
  ];
}

function unknownKey(section: KeyPath, key: string): Problem {
  const path = [...section, key];
  return { path, message: `unknown key${hint(section, key)}`, atKey: true };
}

function hint(section: KeyPath, key: string): string {
  const sibling = nearest(key, childNames(section));
  if (sibling !== undefined) return `, did you mean ${sibling}?`;
  if (section.some((part) => typeof part === "number")) return "";
  const leaves = leafPaths();
  const full = keyText([...section, key]);
  const elsewhere =
    leaves.find((leaf) => leaf.at(-1) === key)?.join(".") ??
    nearest(
      full,
      leaves.map((leaf) => leaf.join(".")),
    );
  if (elsewhere === undefined) return `, known here: ${childNames(section).join(", ")}`;
  const [home = "", name] = elsewhere.split(".");
  return name === undefined
    ? `, did you mean ${home} at the left margin?`
    : `, did you mean ${name} in the section ${home}?`;
}

function valueAt(root: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<string | number, unknown> | undefined)?.[part],
    root,
  );
}
