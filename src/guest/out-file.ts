import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  writeSync,
} from "node:fs";
import { resolve } from "node:path";
import type { Output } from "./outputs.ts";

/** A mistake of the command line, or of a file: one sentence without a final period. */
export interface OpMistake {
  readonly mistake: string;
}

export interface OutFile {
  readonly output: Output;
  /** The call went well: the file is there even when it is empty. Its path, as op prints it. */
  keep(): string | OpMistake;
}

const { O_CREAT, O_EXCL, O_WRONLY } = constants;

/** A file that nobody else reads from its first byte on, also when it was there before and others could. */
function openPrivate(file: string, force: boolean, bits: number): number {
  const fd = openSync(file, O_WRONLY | O_CREAT | (force ? 0 : O_EXCL), bits);
  // A terminal or /dev/null stays what it is.
  if (!fstatSync(fd).isFile()) return fd;
  fchmodSync(fd, bits);
  ftruncateSync(fd);
  return fd;
}

/** Where op is to write instead of stdout: a file of the guest. */
export function outFile(path: string, force: boolean, mode: string | undefined): OutFile | OpMistake {
  if (path === "") return { mistake: "--out-file needs a file" };
  const file = resolve(path);
  const bits = mode === undefined ? 0o600 : Number.parseInt(mode, 8);
  if (!(bits >= 0 && bits <= 0o777)) return { mistake: `--file-mode ${mode} is not a mode such as 0600` };
  if (existsSync(file) && !force) return { mistake: `${file} exists; --force replaces it` };
  let fd: number | undefined;
  let mistake: string | undefined;
  // Made with the first byte: a call that fails leaves no file behind.
  const open = (): number => {
    fd ??= openPrivate(file, force, bits);
    return fd;
  };
  const attempt = (work: () => void): void => {
    if (mistake !== undefined) return;
    try {
      work();
    } catch (error) {
      mistake = `${file} cannot be written: ${(error as NodeJS.ErrnoException).code}`;
    }
  };
  return {
    output: {
      write: (bytes, done) => {
        attempt(() => {
          for (let at = 0; at < bytes.length; ) at += writeSync(open(), bytes, at);
        });
        done();
      },
      end: () => {},
    },
    keep: () => {
      attempt(() => closeSync(open()));
      return mistake === undefined ? file : { mistake };
    },
  };
}
