/**
 * ECMA-48: CSI with its parameters; OSC and the like with their text, when it ends as it must; a character set; any other
 * two characters.
 */
const sequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|[0-Z\\-~])/g;
/** Every control character but those of plain text: those beyond ASCII (U+009B) begin a sequence as well. */
const notText = /(?![\t\n])\p{Cc}/gu;

/**
 * The last line of defence for a terminal: nothing of ours has these characters, JSON leaves them as they are, and each of
 * them is an escape sequence's beginning to some terminals.
 */
export const withoutC1 = (text: string): string => text.replace(/[\u0080-\u009f]/g, "\ufffd");

/** Text of the guest, or of a program that speaks for it, without what a terminal would obey. Lines stay lines. */
export const printable = (text: string): string =>
  text.replaceAll(sequence, "").replaceAll(notText, "").trimEnd();

/** The same for a place that has room for one line. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(sequence, "")
    .replace(/\p{Cc}+/gu, " ")
    .trim();

/** More lines than a person reads. */
const longestList = 100;

/** The first lines of a list that may have any length, and how many follow. */
export function shortened(lines: readonly string[]): readonly string[] {
  const more = lines.length - longestList;
  return more <= 0 ? lines : [...lines.slice(0, longestList), `and ${more} more`];
}
