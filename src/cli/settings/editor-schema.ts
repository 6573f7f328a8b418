import * as z from "zod";
import { effectText } from "./effect-text.ts";
import { settingsSchema } from "./schema.ts";
import type { About } from "./values.ts";

/** The name it has beside ascalon.yaml, and in `schema/`. */
export const editorSchemaName = "ascalon.schema.json";

let made: string | undefined;

/** JSON Schema of ascalon.yaml for editors: completion, hover text, underlined mistakes. Draft 7 is what they read. */
export function editorSchema(): string {
  made ??= makeEditorSchema();
  return made;
}

function makeEditorSchema(): string {
  const schema = z.toJSONSchema(settingsSchema, { target: "draft-7", io: "input", override: forEditors });
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title: "Settings of ascalon (ascalon.yaml)", ...rest }, null, 2)}\n`;
}

type Override = NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"] & {};

const forEditors: Override = ({ jsonSchema, path }) => {
  const { apply, example, expected, ...plain } = jsonSchema as typeof jsonSchema & Partial<About>;
  for (const name of ["apply", "example", "expected", "default"]) delete jsonSchema[name];
  const fallback = plain.default;
  const isSection = JSON.stringify(fallback) === "{}";
  const sentences = [
    plain.description,
    expected && `Accepts ${expected}.`,
    apply && `Takes effect ${effectText[apply]}.`,
  ];
  const description = sentences.filter((sentence) => sentence !== undefined).join(" ");
  Object.assign(jsonSchema, {
    ...(description === "" ? {} : { description }),
    ...(fallback === undefined || isSection ? {} : { default: fallback }),
    ...(example === undefined ? {} : { examples: [example] }),
  });
  // Commenting out everything below a header leaves a null, which means the defaults.
  const { type } = jsonSchema;
  if (path.length === 2 && (type === "object" || type === "array")) {
    Object.assign(jsonSchema, { type: [type, "null"] });
  }
  if (type === "integer" && jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};
