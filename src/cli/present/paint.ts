import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Colours that are the identity when the stream wants none. */
export function paint(
  colors: boolean,
): Record<"red" | "green" | "yellow" | "dim" | "bold", (text: string) => string> {
  const apply = (format: Format) => (text: string) => (colors ? styleText(format, text) : text);
  return {
    red: apply("red"),
    green: apply("green"),
    yellow: apply("yellow"),
    dim: apply("dim"),
    bold: apply("bold"),
  };
}
