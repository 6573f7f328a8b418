import { plainWords } from "./op-words.ts";

/** Verbs that are about what they name, or list everything; `-` in a name's place stands for stdin. */
const naming: readonly string[] = ["get", "delete", "remove", "rm", "move", "share"];
const listing: readonly string[] = ["list", "ls"];

/**
 * Whether op may want its stdin. The host cannot know how much of a pipe its program reads, so all that is there would go
 * to it: of a shell's loop over the lines of a file, the lines that are still to come.
 */
export function mayReadStdin(args: readonly string[]): boolean {
  const words = plainWords(args).map(({ text }) => text);
  const [command = "", verb = "", object] = words;
  if (words.includes("-") || args.includes("--")) return true;
  return !(command === "read" || listing.includes(verb) || (naming.includes(verb) && object !== undefined));
}
