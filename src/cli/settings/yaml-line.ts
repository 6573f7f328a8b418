import { stringify } from "yaml";

/** A value as one line of YAML, lists and entries in brackets. */
export function yamlLine(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
}
