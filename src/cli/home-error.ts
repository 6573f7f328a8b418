import type { Context } from "./context.ts";
import { AscalonError } from "./errors.ts";

/**
 * A home folder that is not there and cannot be made: what failed is then some path of ascalon's below it, which tells a
 * person nothing. undefined for every other failure.
 */
export async function asHomeError(
  { files, host }: Pick<Context, "files" | "host">,
  error: unknown,
): Promise<AscalonError | undefined> {
  if (!(error instanceof Error)) return undefined;
  const { path, code } = error as NodeJS.ErrnoException;
  if (path === undefined || code === undefined || !unmakeable.includes(code)) return undefined;
  // Of folders that are made at once the system names the first that it refused, which may be above the home.
  if (!`${path}/`.startsWith(`${host.home}/`) && !`${host.home}/`.startsWith(`${path}/`)) return undefined;
  if (await files.info(host.home).catch(() => undefined)) return undefined;
  return new AscalonError("E_HOME", {
    what: `HOME is ${host.home}, but there is no such folder`,
    why: `it cannot be created either (${code})`,
    run: "unset HOME    (or set it to your home folder)",
    cause: error,
  });
}

const unmakeable: readonly string[] = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR"];
