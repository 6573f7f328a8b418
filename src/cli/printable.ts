/** Escape sequences and other bytes that are not for a terminal which did not ask for them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
const notText = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** One line of a guest's text, without what a terminal would obey. */
export const printable = (text: string): string => text.replaceAll(notText, "").trimEnd();
