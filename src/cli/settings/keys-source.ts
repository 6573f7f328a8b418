import { createHash } from "node:crypto";
import { settingInfos } from "./keys.ts";

/**
 * The text of generated-keys.ts: the little that hot paths must know of the schema, without the schema, because
 * loading zod costs more than everything else that `status` does.
 */
export function keysSource(): string {
  const infos = settingInfos();
  const digest = createHash("sha256").update(JSON.stringify(infos)).digest("hex").slice(0, 16);
  const quoted = (key: string): string => (/^\w+$/.test(key) ? key : `"${key}"`);
  return [
    "// Made by `npm run gen` from schema.ts; do not edit.",
    'import type { EffectClass } from "./settings.ts";',
    "",
    "/** Every key that can be set, and when a change of it takes effect. */",
    "export const keyEffects = {",
    ...infos.map(({ key, effect }) => `  ${quoted(key)}: "${effect}",`),
    "} as const satisfies Record<string, EffectClass>;",
    "",
    "export type SettingKey = keyof typeof keyEffects;",
    "",
    "/** Changes whenever the schema does: what was resolved with another one is not used again. */",
    `export const schemaDigest = "${digest}";`,
    "",
  ].join("\n");
}
