import { realpathSync } from "node:fs";
import { resolve } from "node:path";

/** An address keeps its form; anything else is a path of the guest, made absolute where it exists. */
function target(word: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(word)) return word;
  const path = resolve(word);
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The arguments of `open` and `xdg-open` for the host, which does not know the guest's current folder. */
export function openArguments(args: readonly string[]): readonly string[] {
  let isName = false;
  return args.map((word) => {
    const isTarget = !isName && !word.startsWith("-");
    isName = word === "-a" || word === "-b";
    return isTarget ? target(word) : word;
  });
}
