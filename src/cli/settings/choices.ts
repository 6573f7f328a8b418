import * as z from "zod";
import { leafPaths, schemaAt, unwrap } from "./schema-walk.ts";

/** For each key with a closed list of values: that list, as it is written in the file. Others may hold anything. */
export function settingChoices(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    leafPaths().map((path) => {
      const schema = schemaAt(path);
      return [path.join("."), schema ? choicesOf(unwrap(schema)) : []];
    }),
  );
}

function choicesOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodBoolean) return ["true", "false"];
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return schema.def.values.map(String);
  return schema instanceof z.ZodUnion ? schema.options.flatMap((option) => choicesOf(option)) : [];
}
