import * as z from "zod";
import { aboutOf, leafPaths, schemaAt, unwrap } from "./schema-walk.ts";
import type { EffectClass } from "./settings.ts";

/** A setting as docs, completion and the editor schema need it. */
export interface SettingInfo {
  /** `vm.cpus`, `mounts`, … */
  readonly key: string;
  readonly description: string;
  /** The values that are accepted, in words. */
  readonly accepts: string;
  /** In the notation of the file. */
  readonly fallback: unknown;
  readonly example: unknown;
  readonly effect: EffectClass;
  /** What an entry of a list consists of. */
  readonly fields: readonly FieldInfo[];
}

export interface FieldInfo {
  readonly name: string;
  readonly description: string;
  readonly accepts: string;
  /** undefined: the field must be written. */
  readonly fallback: unknown;
}

/** Every setting, in the order of the schema. */
export function settingInfos(): readonly SettingInfo[] {
  return leafPaths().map((path) => {
    const schema = schemaAt(path);
    const about = schema && aboutOf(schema);
    if (!schema || !about?.description || !about.expected || !about.apply) {
      throw new Error(`the schema does not describe ${path.join(".")}`);
    }
    return {
      key: path.join("."),
      description: about.description,
      accepts: about.expected,
      fallback: fallbackOf(schema),
      example: about.example,
      effect: about.apply,
      fields: fieldsOf(schema),
    };
  });
}

/** What a section is about, for headings. */
export function sectionDescription(section: string): string {
  const schema = schemaAt([section]);
  return (schema && aboutOf(schema).description) ?? "";
}

function fieldsOf(schema: z.core.$ZodType): readonly FieldInfo[] {
  const list = unwrap(schema);
  const entry = list instanceof z.ZodArray ? unwrap(list.element) : undefined;
  if (!(entry instanceof z.ZodObject)) return [];
  return Object.entries(entry.shape).map(([name, child]) => {
    const { description = "", expected = "" } = aboutOf(child);
    return { name, description, accepts: expected, fallback: fallbackOf(child) };
  });
}

function fallbackOf(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
}
