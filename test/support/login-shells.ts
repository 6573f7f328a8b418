import { existsSync } from "node:fs";

/** The shells a guest's user may log in with, and what Debian and Homebrew call them. */
export const loginShells = ["dash", "bash", "zsh", "fish"] as const;
export type LoginShell = (typeof loginShells)[number];

/** Where the shell is; undefined when it is not installed. In CI a missing shell is a failure, not a skipped test. */
export function findShell(name: LoginShell): string | undefined {
  const folders = (process.env.PATH ?? "").split(":");
  const found = folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
  if (found === undefined && process.env.CI)
    throw new Error(`${name} is not installed; CI needs all of them`);
  return found;
}
