import { returnAtEnd, withoutComments } from "./lua-tail.ts";

/** Our lines in a person's wezterm.lua stand between these two. */
const beginMark = "-- ascalon: begin (`ascalon wezterm uninstall` removes these lines)";
const endMark = "-- ascalon: end";

/**
 * The two lines for a file whose config is called `name`; they raise nothing when the plugin is gone. `pluginJson`: where
 * that file is when the plugin would look elsewhere.
 */
export function pluginLines(bundlePath: string, name: string, pluginJson?: string): readonly string[] {
  const opts = pluginJson === undefined ? "" : `, { plugin_json = ${luaText(pluginJson)} }`;
  return [
    `local ascalon_ok, ascalon = pcall(dofile, ${luaText(bundlePath)})`,
    `if ascalon_ok then ascalon.apply_to_config(${name}${opts}) end`,
  ];
}

/** A Lua string literal. */
function luaText(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

export type ConfigEdit =
  | { readonly kind: "changed"; readonly text: string }
  | { readonly kind: "unchanged" }
  /** No place was found that is surely right; one sentence without a final period. `isNameless`: the file returns no name. */
  | { readonly kind: "refused"; readonly why: string; readonly isNameless?: boolean };

/** The whole file for a person who has none. */
export function newConfig(bundlePath: string, pluginJson?: string): string {
  return [
    beginMark,
    'local wezterm = require("wezterm")',
    "local config = wezterm.config_builder()",
    ...pluginLines(bundlePath, "config", pluginJson),
    "return config",
    endMark,
    "",
  ].join("\n");
}

/** Puts the lines before the file's last `return NAME`, or brings older ones up to date where they stand. */
export function withPlugin(text: string, bundlePath: string, pluginJson?: string): ConfigEdit {
  const present = blockOf(text);
  if (present === "damaged") return { kind: "refused", why: "one of ascalon's two marks is missing" };
  if (present && isWhole(text)) return changed(text, newConfig(bundlePath, pluginJson));
  const bare = present ? text.slice(0, present.start) + text.slice(present.end) : text;
  const place = returnAtEnd(bare);
  if (!place) return { kind: "refused", why: "it does not end in a line `return NAME`", isNameless: true };
  const eol = bare.includes("\r\n") ? "\r\n" : "\n";
  const block = [beginMark, ...pluginLines(bundlePath, place.name, pluginJson), endMark]
    .map((line) => line + eol)
    .join("");
  return changed(text, bare.slice(0, place.lineStart) + block + bare.slice(place.lineStart));
}

/** The file without our lines, byte for byte as it was; undefined when it was ours as a whole. */
export function withoutPlugin(text: string): ConfigEdit | { readonly kind: "ours" } {
  const present = blockOf(text);
  if (present === "damaged") return { kind: "refused", why: "one of ascalon's two marks is missing" };
  if (!present) return { kind: "unchanged" };
  if (isWhole(text)) return { kind: "ours" };
  return { kind: "changed", text: text.slice(0, present.start) + text.slice(present.end) };
}

const changed = (before: string, after: string): ConfigEdit =>
  before === after ? { kind: "unchanged" } : { kind: "changed", text: after };

/** Nothing but our block: the file was made by us. */
function isWhole(text: string): boolean {
  const present = blockOf(text);
  return typeof present === "object" && present.start === 0 && present.end === text.length;
}

/** Offsets of the block, its last line end included; "damaged" when only one mark stands. */
function blockOf(text: string): { readonly start: number; readonly end: number } | "damaged" | undefined {
  const start = text.indexOf(beginMark);
  const end = text.indexOf(endMark, Math.max(start, 0));
  if (start === -1 && end === -1) return undefined;
  if (start === -1 || end === -1) return "damaged";
  const lineEnd = text.indexOf("\n", end);
  return { start, end: lineEnd === -1 ? text.length : lineEnd + 1 };
}

/** Whether the configuration loads the plugin in any way: by our lines, or by a person's own, but for a comment. */
export const mentionsPlugin = (text: string): boolean => withoutComments(text).includes("ascalon");
