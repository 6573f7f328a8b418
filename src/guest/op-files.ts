import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Input } from "./call.ts";
import { bytesInput } from "./inputs.ts";
import { plainWords, takeFlag, takeSwitch } from "./op-words.ts";
import type { Output } from "./outputs.ts";

/** An op command line whose files are the guest's: read and written here, and streams for the host. */
export interface OpCall {
  readonly args: readonly string[];
  readonly stdin?: Input;
  readonly outFile?: OutFile;
}

export interface OutFile {
  readonly output: Output;
  /** The call went well: the file is there even when it is empty. Its path, as op prints it. */
  keep(): string;
}

/** A mistake of the command line, or of a file: one sentence without a final period. */
export interface OpMistake {
  readonly mistake: string;
}

const writing = ["read", "inject", "document get", "item template get"];

function outFile(path: string, force: boolean, mode: string | undefined): OutFile | OpMistake {
  const file = resolve(path);
  const bits = mode === undefined ? 0o600 : Number.parseInt(mode, 8);
  if (!(bits >= 0 && bits <= 0o777)) return { mistake: `--file-mode ${mode} is no mode such as 0600` };
  if (existsSync(file) && !force) return { mistake: `${file} exists; --force replaces it` };
  let fd: number | undefined;
  // Made with the first byte: a call that fails leaves no file behind.
  const open = (): number => {
    fd ??= openSync(file, force ? "w" : "wx", bits);
    return fd;
  };
  return {
    output: {
      write: (bytes, done) => {
        for (let at = 0; at < bytes.length; ) at += writeSync(open(), bytes, at);
        done();
      },
      end: () => {},
    },
    keep: () => {
      closeSync(open());
      return file;
    },
  };
}

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
  const named = takeFlag(args, ["--file-name"]).values.length > 0;
  const replaced = args.map((text, index) => (index === word.at ? "-" : text));
  return { args: named ? replaced : [...replaced, `--file-name=${basename(word.text)}`], stdin };
}

/** Replaces what names files in an op command line; the host takes none. */
export function withGuestFiles(args: readonly string[]): OpCall | OpMistake {
  const path = plainWords(args).map(({ text }) => text);
  const starts = (name: string): boolean => name.split(" ").every((word, index) => path[index] === word);
  if (starts("document create")) return uploadedFile(args, 2);
  if (starts("document edit")) return uploadedFile(args, 3);
  if (starts("item create")) {
    const template = takeFlag(args, ["--template"]);
    const [file] = template.values;
    if (file === undefined) return { args };
    const stdin = fileInput(file);
    return "mistake" in stdin
      ? stdin
      : { args: [...template.rest.slice(0, 2), "-", ...template.rest.slice(2)], stdin };
  }
  if (!writing.some(starts)) return { args };
  const out = takeFlag(args, ["--out-file", "--output", "-o"]);
  const input = starts("inject") ? takeFlag(out.rest, ["--in-file", "-i"]) : { rest: out.rest, values: [] };
  const mode = takeFlag(input.rest, ["--file-mode"]);
  const force = takeSwitch(mode.rest, ["--force", "-f"]);
  const [outPath] = out.values;
  const [inPath] = input.values;
  const stdin = inPath === undefined ? undefined : fileInput(inPath);
  if (stdin && "mistake" in stdin) return stdin;
  const file = outPath === undefined ? undefined : outFile(outPath, force.on, mode.values[0]);
  if (file && "mistake" in file) return file;
  return { args: force.rest, ...(stdin ? { stdin } : {}), ...(file ? { outFile: file } : {}) };
}
