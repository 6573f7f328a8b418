import type { ArgumentSpec, CommandSpec, OptionSpec } from "../../command.ts";

/** A word that may stand at the cursor, and what a shell that shows it says beside it. */
export interface Word {
  readonly text: string;
  readonly about: string;
}

/** What may stand where an argument or an option's value is wanted. */
export type Values =
  | { readonly kind: "words"; readonly words: readonly Word[] }
  | { readonly kind: "file" | "folder" | "anything" }
  /** The second argument of `config set`: what it may be depends on the first. */
  | { readonly kind: "by-first"; readonly words: Readonly<Record<string, readonly string[]>> };

export interface OptionModel {
  /** `-C`, `--directory`. */
  readonly names: readonly string[];
  readonly about: string;
  /** undefined: the option takes no value. */
  readonly value: Values | undefined;
}

export interface CommandModel {
  /** Words after `ascalon`: none, `config`, `config get`. */
  readonly path: readonly string[];
  readonly about: string;
  readonly options: readonly OptionModel[];
  readonly subcommands: readonly Word[];
  readonly arguments: readonly Values[];
  /** After its options comes the command line of another program. */
  readonly passThrough: boolean;
}

export interface CompletionFacts {
  readonly table: readonly CommandSpec[];
  readonly rootOptions: readonly OptionSpec[];
  /** Settings keys, each with the values it may have; an empty list: anything. */
  readonly settings: Readonly<Record<string, readonly string[]>>;
}

const help: OptionModel = { names: ["-h", "--help"], about: "show the help text", value: undefined };

/** Every command that a command line can name, the program itself first. */
export function completionModel(facts: CompletionFacts): readonly CommandModel[] {
  const named = facts.table.map(({ name, summary }) => ({ text: name, about: summary }));
  const helpSpec: CommandModel = {
    path: ["help"],
    about: "Show the help text of a command",
    options: [],
    subcommands: [],
    arguments: [{ kind: "words", words: named }],
    passThrough: false,
  };
  const root: CommandModel = {
    path: [],
    about: "",
    options: [...facts.rootOptions.map(optionModel), help],
    subcommands: [...named, { text: "help", about: helpSpec.about }],
    arguments: [],
    passThrough: false,
  };
  return [root, ...facts.table.flatMap((spec) => commandModels(spec, [], facts)), helpSpec];
}

function commandModels(spec: CommandSpec, above: readonly string[], facts: CompletionFacts): CommandModel[] {
  const path = [...above, spec.name];
  const subcommands = spec.subcommands ?? [];
  const own: CommandModel = {
    path,
    about: spec.summary,
    options: [...(spec.options ?? []).map(optionModel), help],
    subcommands: subcommands.map(({ name, summary }) => ({ text: name, about: summary })),
    arguments: spec.passThrough
      ? []
      : (spec.arguments ?? []).map((argument) => argumentValues(argument, path, facts)),
    passThrough: spec.passThrough === true,
  };
  return [own, ...subcommands.flatMap((sub) => commandModels(sub, path, facts))];
}

function optionModel(option: OptionSpec): OptionModel {
  const names = option.flags.split(/[ ,|]+/).filter((word) => word.startsWith("-"));
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1];
  return {
    names,
    about: option.summary,
    value: placeholder === undefined ? undefined : valuesOf(placeholder, option.choices),
  };
}

function valuesOf(placeholder: string, choices: readonly string[] | undefined): Values {
  if (choices) return { kind: "words", words: choices.map((text) => ({ text, about: "" })) };
  if (/^(file|path)/.test(placeholder)) return { kind: "file" };
  return { kind: /^(dir|folder)/.test(placeholder) ? "folder" : "anything" };
}

function argumentValues(argument: ArgumentSpec, path: readonly string[], facts: CompletionFacts): Values {
  const placeholder = argument.name.replace(/[<>[\].]/g, "");
  if (path[0] === "config" && placeholder === "key") {
    return { kind: "words", words: Object.keys(facts.settings).map((text) => ({ text, about: "" })) };
  }
  if (path[0] === "config" && placeholder === "value") return { kind: "by-first", words: facts.settings };
  return valuesOf(placeholder, argument.choices);
}
