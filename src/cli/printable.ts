// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
const sequence = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])/g;
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
