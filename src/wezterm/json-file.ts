import * as wezterm from "wezterm";

/** The first 64 KiB of a file; undefined when it cannot be read. */
export function readFile(path: string): string | undefined {
  const [file] = io.open(path, "r");
  if (file === undefined) return undefined;
  const text = file.read(65536);
  file.close();
  return text;
}

/** Parsed JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  const [ok, value] = pcall(wezterm.json_parse, text);
  if (ok) return value;
  return undefined;
}
