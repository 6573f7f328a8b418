import { posix } from "node:path";
import type { Context } from "../context.ts";
import { findInPackage } from "../find-in-package.ts";

/**
 * Where the guest's Nix can have ascalon from: what the checkout that `script` lies in was cloned from. undefined when
 * it lies in none, or in one of this machine alone.
 */
export async function ascalonRef(
  context: Pick<Context, "files">,
  script: string,
): Promise<string | undefined> {
  // Only the package's own repository: a home folder may be one too.
  const flake = await findInPackage(context, script, "flake.nix");
  if (flake === undefined) return undefined;
  const config = `${posix.dirname(flake)}/.git/config`;
  if ((await context.files.info(config))?.kind !== "file") return undefined;
  const url = originOf((await context.files.readText(config)) ?? "");
  return url === undefined ? undefined : flakeRefOf(url);
}

/** The URL of the remote `origin` in a .git/config (git-config(1)). */
export function originOf(config: string): string | undefined {
  const section = /^\[remote "origin"\]$([^[]*)/m.exec(config)?.[1];
  return /^\s*url\s*=\s*(\S+)\s*$/m.exec(section ?? "")?.[1];
}

/** A flake reference (nix3-flake(1)) for what git was told; never with a password, and safe in a string of Nix. */
export function flakeRefOf(url: string): string | undefined {
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/)([\w./~-]+)$/.exec(url);
  const long = /^(https|ssh):\/\/(?:[^@/]+@)?([\w.:-]+)\/([\w./~-]+)$/.exec(url);
  const [host, path, scheme] = short ? [short[1], short[2], "ssh"] : [long?.[2], long?.[3], long?.[1]];
  if (host === undefined || path === undefined) return undefined;
  const repository = /^([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(path)?.[1];
  if (host === "github.com" && repository !== undefined) return `github:${repository}`;
  return scheme === "ssh" ? `git+ssh://git@${host}/${path}` : `git+https://${host}/${path}`;
}
