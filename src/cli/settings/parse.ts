import * as z from "zod";
import { parseSettingsDocument } from "./document.ts";
import { problemsOf } from "./issue-message.ts";
import { type KeyPath, keyText, type PlacedProblem, type Position, type Problem } from "./problem.ts";
import { settingsSchema, type Written } from "./schema.ts";
import { unwrap } from "./schema-walk.ts";

export interface ParsedSettings {
  /** The part of the file that is right; everything of it when there are no problems. */
  readonly written: Written;
  readonly problems: readonly PlacedProblem[];
  /** Where a later stage's problem is in the text. */
  locate(problem: Problem): Position;
}

/** YAML text to settings as written. Never throws; finds every problem in one go. */
export function parseSettings(text: string): ParsedSettings {
  const document = parseSettingsDocument(text);
  const locate = ({ path, atKey }: Problem): Position => document.locate(path, atKey ? "key" : "value");
  if (document.problems.length > 0) return { written: {}, problems: document.problems, locate };
  const value = withoutEmpty(document.value ?? {});
  const result = settingsSchema.safeParse(value);
  if (result.success) return { written: value as Written, problems: document.repeated, locate };
  const problems = oneEach(result.error.issues.flatMap((issue) => problemsOf(issue, value)));
  return {
    written: validPart(value, problems),
    problems: [
      ...document.repeated,
      ...problems.map((problem) => ({ ...problem, position: locate(problem) })),
    ],
    locate,
  };
}

/** A value can break several rules at once (1e99 is neither whole nor small); the first says enough. */
function oneEach(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path }) => !seen.has(keyText(path)) && seen.add(keyText(path)));
}

/** A section or list whose every line is commented out is a null in YAML, and means: all defaults. */
function withoutEmpty(value: unknown): unknown {
  if (!isSection(value)) return value;
  const entries = Object.entries(value).map(([name, child]) => {
    const schema = settingsSchema.shape[name as keyof typeof settingsSchema.shape];
    const inner = schema && unwrap(schema);
    if (inner instanceof z.ZodArray && child === null) return [name, undefined] as const;
    if (!(inner instanceof z.ZodObject)) return [name, child] as const;
    if (child === null) return [name, undefined] as const;
    if (!isSection(child)) return [name, child] as const;
    const lists = Object.entries(inner.shape).flatMap(([key, s]) =>
      unwrap(s) instanceof z.ZodArray ? [key] : [],
    );
    return [name, omit(child, (key) => child[key] === null && lists.includes(key))] as const;
  });
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
}

/** Drops the keys with problems, so that later checks still see the rest. A list goes as a whole. */
function validPart(value: unknown, problems: readonly Problem[]): Written {
  if (!isSection(value)) return {};
  const bad = new Set(problems.map(({ path }) => leafOf(path)));
  const kept = Object.entries(value).flatMap(([name, child]) => {
    if (bad.has(name)) return [];
    return [[name, isSection(child) ? omit(child, (key) => bad.has(`${name}.${key}`)) : child]];
  });
  const result = settingsSchema.safeParse(Object.fromEntries(kept));
  return result.success ? (Object.fromEntries(kept) as Written) : {};
}

function leafOf(path: KeyPath): string {
  const names = path.slice(0, 2);
  return names.every((name) => typeof name === "string") ? names.join(".") : String(path[0]);
}

function omit(section: Record<string, unknown>, drop: (key: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(section).filter(([key]) => !drop(key)));
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
