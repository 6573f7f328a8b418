import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Input } from "./call.ts";
import { bytesInput } from "./inputs.ts";
import { plainWords, takeFlag, takeSwitch } from "./op-words.ts";
import { type OpMistake, type OutFile, outFile } from "./out-file.ts";

/** An op command line whose files are the guest's: read and written here, and streams for the host. */
export interface OpCall {
  readonly args: readonly string[];
  readonly stdin?: Input;
  readonly outFile?: OutFile;
}

/** What writes its result into a file when asked to. */
const writing = ["read", "inject", "document get", "item template get"];

function fileInput(path: string): Input | OpMistake {
  try {
    return bytesInput(readFileSync(path));
  } catch (error) {
    return { mistake: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}` };
  }
}

/** `document create FILE` and `document edit ITEM FILE`: the file goes through stdin, under its own name. */
function uploadedFile(args: readonly string[], at: number): OpCall | OpMistake {
  const word = plainWords(args)[at];
  if (!word || word.text === "-") return { args };
  const stdin = fileInput(word.text);
  if ("mistake" in stdin) return stdin;
  const named = takeFlag(args, ["file-name"]).values.length > 0;
  const replaced = args.map((text, index) => (index === word.at ? "-" : text));
  return { args: named ? replaced : [...replaced, `--file-name=${basename(word.text)}`], stdin };
}

/** `item create --template FILE`: op reads a template from stdin when the first word behind the subcommand is `-`. */
function withTemplate(args: readonly string[]): OpCall | OpMistake {
  const { rest, values } = takeFlag(args, ["template"]);
  const [file] = values;
  if (file === undefined) return { args };
  const stdin = fileInput(file);
  if ("mistake" in stdin) return stdin;
  const behind = (plainWords(rest)[1]?.at ?? -1) + 1;
  return { args: [...rest.slice(0, behind), "-", ...rest.slice(behind)], stdin };
}

/** Replaces what names files in an op command line; the host takes none. */
export function withGuestFiles(args: readonly string[]): OpCall | OpMistake {
  const path = plainWords(args).map(({ text }) => text);
  const starts = (name: string): boolean => name.split(" ").every((word, index) => path[index] === word);
  if (starts("document create")) return uploadedFile(args, 2);
  if (starts("document edit")) return uploadedFile(args, 3);
  if (starts("item create")) return withTemplate(args);
  if (!writing.some(starts)) return { args };
  const out = takeFlag(args, ["out-file", "output"]);
  const input = starts("inject") ? takeFlag(out.rest, ["in-file"]) : { rest: out.rest, values: [] };
  const mode = takeFlag(input.rest, ["file-mode"]);
  const force = takeSwitch(mode.rest, "force");
  const [outPath] = out.values;
  const [inPath] = input.values;
  const stdin = inPath === undefined ? undefined : fileInput(inPath);
  if (stdin && "mistake" in stdin) return stdin;
  const file = outPath === undefined ? undefined : outFile(outPath, force.on, mode.values[0]);
  if (file && "mistake" in file) return file;
  return { args: force.rest, ...(stdin ? { stdin } : {}), ...(file ? { outFile: file } : {}) };
}
