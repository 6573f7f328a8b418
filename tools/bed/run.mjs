// @ts-check
// Child processes for the tools that run before `npm ci`, so with nothing but Node.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** @typedef {(line: string) => void} Log says one line to a person */
/** @typedef {{ exitCode: number, stdout: string, stderr: string }} Result */
/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] the whole environment; default: this process's
 * @property {string} [cwd]
 * @property {Log} [log] is told each line of output as it comes
 * @property {boolean} [interactive] the child talks to the terminal itself, as sudo does for a password
 * @property {number} [timeoutMs]
 */

/** A failure that a person can act on: one sentence, no stack. */
export class BedError extends Error {}

/**
 * Runs a program to its end. Never throws for an exit code: -1 says that it could not be started or was killed.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Result>}
 */
export function run(file, args, options = {}) {
  const { env = process.env, cwd, log, interactive = false, timeoutMs } = options;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env,
      cwd,
      stdio: interactive ? ["inherit", "pipe", "inherit"] : ["ignore", "pipe", "pipe"],
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    const stdout = collect(child.stdout, log);
    const stderr = collect(child.stderr, log);
    child.on("error", (error) => resolve({ exitCode: -1, stdout: "", stderr: error.message }));
    child.on("close", (code) => resolve({ exitCode: code ?? -1, stdout: stdout(), stderr: stderr() }));
  });
}

/**
 * @param {import("node:stream").Readable | null} stream
 * @param {Log | undefined} log
 * @returns {() => string}
 */
function collect(stream, log) {
  let text = "";
  let logged = 0;
  stream?.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
    if (log === undefined) return;
    const end = text.lastIndexOf("\n");
    if (end < logged) return;
    for (const line of text.slice(logged, end).split("\n")) if (line.trim()) log(line.trimEnd());
    logged = end + 1;
  });
  return () => text;
}

/**
 * Like `run`, but a failure is an error that ends with the last lines the program said.
 * @param {string} what what was attempted, for the sentence
 * @param {string} file
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function must(what, file, args, options) {
  const result = await run(file, args, options);
  if (result.exitCode === 0) return result.stdout;
  const said = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-20).join("\n");
  throw new BedError(`${what} failed (${file} exited ${result.exitCode}):\n${said}`);
}

/**
 * Where a program is in PATH. Also looks where administrators' tools are, which a normal user's PATH may lack.
 * @param {string} name
 * @returns {string | undefined}
 */
export const which = (name) => everyWhich(name)[0];

/**
 * All of that name, in PATH's order: on a Mac that came from an Intel one, the first may be for that.
 * @param {string} name
 */
export function everyWhich(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, name)).filter(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
