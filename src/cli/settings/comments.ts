import { Lexer } from "yaml";

export interface Comment {
  /** Where its `#` stands in the text. */
  readonly at: number;
  /** From the `#` on, without the line break. */
  readonly source: string;
}

// What the lexer puts between the pieces of the text, and is not in it: a document begins, braces end, a scalar follows.
const marks = ["\x02", "\x18", "\x1f"];

/** Every comment of a YAML text, in a line of its own or behind something; a `#` inside a value is none. */
export function commentsOf(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  let at = 0;
  let isScalar = false;
  for (const piece of new Lexer().lex(text)) {
    if (!isScalar && marks.includes(piece)) {
      isScalar = piece === "\x1f";
      continue;
    }
    if (!isScalar && piece.startsWith("#")) comments.push({ at, source: piece.trimEnd() });
    isScalar = false;
    at += piece.length;
  }
  return comments;
}

/** The comments of the one text that the other has not, each as often as it is missing. */
export function lostComments(before: string, after: string): readonly string[] {
  const left = commentsOf(after).map(({ source }) => source);
  return commentsOf(before)
    .map(({ source }) => source)
    .filter((source) => {
      const index = left.indexOf(source);
      if (index >= 0) left.splice(index, 1);
      return index < 0;
    });
}
