import { randomBytes } from "node:crypto";

/** A value that `op run` replaces. */
export const isReference = (value: string): boolean =>
  /^op:\/\/[^\s{}]/.test(value) && !/[\r\n{}]/.test(value);

export interface Template {
  readonly text: string;
  /** The values in the order of the references; undefined when the text is not what the template becomes. */
  read(resolved: string): readonly string[] | undefined;
}

/**
 * One text for `op inject` with all references, so that a single call of the host resolves them. Between them stand
 * lines that no secret can contain, because nobody knows them before.
 */
export function referenceTemplate(
  references: readonly string[],
  mark: string = randomBytes(16).toString("hex"),
): Template {
  const line = (index: number): string => `\n${mark}:${index}\n`;
  const text = references.map((reference, index) => `${line(index)}{{ ${reference} }}`).join("");
  return {
    text: `${text}${line(references.length)}`,
    read: (resolved) => {
      const values: string[] = [];
      let from = resolved.indexOf(line(0));
      for (let index = 0; index < references.length; index += 1) {
        if (from < 0) return undefined;
        const start = from + line(index).length;
        const next = resolved.indexOf(line(index + 1), start);
        if (next < 0) return undefined;
        values.push(resolved.slice(start, next));
        from = next;
      }
      return from < 0 ? undefined : values;
    },
  };
}
