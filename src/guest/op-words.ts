import { opFlagNamed, splitOpFlag } from "../shared/bridge-op-flags.ts";

/** A part of an op command line: a word, or a flag with its value. */
export interface OpToken {
  /** Where it is, and how many arguments it is: a value may be one of its own. */
  readonly at: number;
  readonly count: number;
  readonly text: string;
  /** The flag's long name without dashes; undefined: a word. */
  readonly flag: string | undefined;
  readonly value: string | undefined;
}

/** The parts up to `--`. A flag that nobody knows is taken to have no value of its own; the host refuses it. */
export function opTokens(args: readonly string[]): readonly OpToken[] {
  const tokens: OpToken[] = [];
  for (let at = 0; at < args.length; ) {
    const text = args[at] ?? "";
    if (text === "--") break;
    const isFlag = text.startsWith("-") && text !== "-";
    const { name, value } = isFlag ? splitOpFlag(text) : { name: undefined, value: undefined };
    const known = name === undefined ? undefined : opFlagNamed(name);
    const isApart = known?.kind === "value" && value === undefined;
    const count = isApart ? 2 : 1;
    tokens.push({ at, count, text, flag: known?.name ?? name, value: isApart ? args[at + 1] : value });
    at += count;
  }
  return tokens;
}

/** The words of an op command line that are no flags, up to `--`, with their places. */
export const plainWords = (args: readonly string[]): readonly OpToken[] =>
  opTokens(args).filter(({ flag }) => flag === undefined);

function without(args: readonly string[], tokens: readonly OpToken[]): readonly string[] {
  const gone = new Set(tokens.flatMap(({ at, count }) => Array.from({ length: count }, (_, i) => at + i)));
  return args.filter((_, index) => !gone.has(index));
}

export interface TakenFlag {
  readonly rest: readonly string[];
  /** Every value that was given, in order; the empty text where there was none. */
  readonly values: readonly string[];
}

/** Takes a flag with a value out, by its long names. */
export function takeFlag(args: readonly string[], names: readonly string[]): TakenFlag {
  const taken = opTokens(args).filter(({ flag }) => flag !== undefined && names.includes(flag));
  return { rest: without(args, taken), values: taken.map(({ value }) => value ?? "") };
}

export const isOn = ({ value }: OpToken): boolean => value === undefined || /^(1|t|true)$/i.test(value);

/** Takes a switch out. */
export function takeSwitch(
  args: readonly string[],
  name: string,
): { readonly rest: readonly string[]; readonly on: boolean } {
  const taken = opTokens(args).filter(({ flag }) => flag === name);
  return { rest: without(args, taken), on: taken.some(isOn) };
}
