/**
 * One marked Include line in ~/.ssh/config. The text is treated as bytes (latin1), so whatever else the file holds
 * stays as it is.
 */
const opening = "# >>> ascalon ssh-config: taken away again by `ascalon ssh-config --remove`";
const madeByUs = "; ascalon made this file";
const closing = "# <<< ascalon ssh-config";

const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const block = (includeFile: string, isNewFile: boolean): string =>
  `${opening}${isNewFile ? madeByUs : ""}\n${bytesOf(`Include "${includeFile}"`)}\n${closing}\n`;

/** From the opening line through the closing one, wherever a person may have moved them. */
const found = new RegExp(`^${opening}.*\\r?\\n(?:.*\\r?\\n)*?${closing}.*(?:\\r?\\n|$)`, "m");

/** The text with our line: replaced where it stands, else first, because ssh takes the first value of an option. */
export function withInclude(text: string | undefined, includeFile: string): string {
  const old = found.exec(text ?? "")?.[0];
  if (text === undefined) return block(includeFile, true);
  if (old === undefined) return block(includeFile, false) + text;
  return text.replace(old, () => block(includeFile, old.includes(madeByUs)));
}

/** The text without our line; undefined when nothing is left of a file that we made. */
export function withoutInclude(text: string): string | undefined {
  const old = found.exec(text)?.[0];
  if (old === undefined) return text;
  const rest = text.replace(old, () => "");
  return rest === "" && old.includes(madeByUs) ? undefined : rest;
}

export const hasInclude = (text: string | undefined): boolean => found.test(text ?? "");
