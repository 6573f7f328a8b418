import { posix } from "node:path";
import type { Context } from "../context.ts";
import { findInPackage } from "../find-in-package.ts";

/** Where the guest's Nix can have ascalon from. */
export interface AscalonOrigin {
  /** A flake reference, without a key or a password: the guest has neither. */
  readonly ref: string;
  /** The checkout itself came by ssh or with a password, so nothing tells that a stranger may have it too. */
  readonly mayBePrivate: boolean;
  readonly checkout: string;
}

/**
 * What the checkout that `script` lies in was cloned from. undefined when it lies in none, or in one of this machine
 * alone.
 */
export async function ascalonOrigin(
  context: Pick<Context, "files">,
  script: string,
): Promise<AscalonOrigin | undefined> {
  // Only the package's own repository: a home folder may be one too.
  const flake = await findInPackage(context, script, "flake.nix");
  if (flake === undefined) return undefined;
  const checkout = posix.dirname(flake);
  const config = `${checkout}/.git/config`;
  if ((await context.files.info(config))?.kind !== "file") return undefined;
  const url = originOf((await context.files.readText(config)) ?? "");
  const ref = url === undefined ? undefined : flakeRefOf(url);
  return ref === undefined
    ? undefined
    : { ref, mayBePrivate: !/^https:\/\/[^@]+$/.test(url ?? ""), checkout };
}

/** The URL of the remote `origin` in a .git/config (git-config(1)). */
export function originOf(config: string): string | undefined {
  const section = /^\[remote "origin"\]$([^[]*)/m.exec(config)?.[1];
  return /^\s*url\s*=\s*(\S+)\s*$/m.exec(section ?? "")?.[1];
}

/** And not a Host of this person's ssh configuration, such as `github-work` and `github.com-work`. */
const domain = /\.(?:[a-z]{2,}|xn--[a-z0-9-]+)$/i;

/**
 * A flake reference (nix3-flake(1)) for what git was told; never with a password, and safe in a string of Nix. An ssh
 * address becomes the https one that forges have for it, as the guest's root has no key and knows no host; those at which
 * they take ssh on port 443 have none.
 */
export function flakeRefOf(url: string): string | undefined {
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/)([\w./~-]+)$/.exec(url);
  const long = /^(https|ssh):\/\/(?:[^@/]+@)?([\w.-]+)(:\d+)?\/([\w./~-]+)$/.exec(url);
  const [named, path] = short ? [short[1], short[2]] : [long?.[2], long?.[4]];
  if (named === undefined || path === undefined) return undefined;
  const isSsh = long?.[1] !== "https";
  if (isSsh && !domain.test(named)) return undefined;
  const host = isSsh ? named.replace(/^(?:ssh\.(?=github\.com$)|altssh\.(?=gitlab\.com$))/, "") : named;
  // The port is the scheme's own.
  const port = long?.[1] === "https" ? (long[3] ?? "") : "";
  const repository = /^([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(path)?.[1];
  if (host === "github.com" && repository !== undefined) return `github:${repository}`;
  return `git+https://${host}${port}/${path}`;
}
