import { readdirSync, readFileSync } from "node:fs";
import type { RunResult } from "../../src/cli/adapters/process.ts";

const folder = new URL("../fixtures/limactl/", import.meta.url);

/** Names of the recorded calls of limactl 2.2.0. */
export const limactlFixtures: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => name.slice(0, -4));

export const limactlFile = (name: string): string => readFileSync(new URL(name, folder), "utf8");

export interface Recorded {
  readonly command: string;
  readonly result: RunResult;
}

/** `$ command`, `--- stdout`, `--- stderr`, `--- exit N`. */
export function limactlFixture(name: string): Recorded {
  const text = limactlFile(`${name}.txt`);
  const match = /^\$ (.*)\n--- stdout\n([\s\S]*?)--- stderr\n([\s\S]*?)--- exit (\d+)\n?$/.exec(text);
  if (!match) throw new Error(`${name}.txt is not a recorded call`);
  const [, command = "", stdout = "", stderr = "", exit] = match;
  const result = {
    exitCode: Number(exit),
    signal: undefined,
    stdout,
    stderr,
    timedOut: false,
    startError: undefined,
  };
  return { command, result };
}
