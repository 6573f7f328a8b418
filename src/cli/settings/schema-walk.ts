import * as z from "zod";
import type { KeyPath } from "./problem.ts";
import { settingsSchema } from "./schema.ts";
import type { About } from "./values.ts";

/** The schema under its default. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) inner = inner.def.innerType;
  return inner;
}

/** The schema of a key, its default still around it; undefined for a key that does not exist. */
export function schemaAt(path: KeyPath): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = settingsSchema;
  for (const part of path) {
    const inner: z.core.$ZodType = unwrap(schema);
    if (inner instanceof z.ZodObject) schema = inner.shape[part];
    else if (inner instanceof z.ZodArray) schema = inner.element;
    else return undefined;
    if (!schema) return undefined;
  }
  return schema;
}

/** What the schema says about a key; sections have a description only. */
export function aboutOf(schema: z.core.$ZodType): Partial<About> {
  return (z.globalRegistry.get(schema) ?? {}) as Partial<About>;
}

/** The keys of a section, or of an entry of a list. */
export function childNames(path: KeyPath): readonly string[] {
  const schema = schemaAt(path);
  const inner = schema && unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Every dotted key that can be set: `vm.cpus`, `mounts`, … in the order of the schema. */
export function leafPaths(): readonly (readonly string[])[] {
  return Object.entries(settingsSchema.shape).flatMap(([section, schema]) => {
    const inner = unwrap(schema);
    return inner instanceof z.ZodObject
      ? Object.keys(inner.shape).map((name) => [section, name])
      : [[section]];
  });
}
