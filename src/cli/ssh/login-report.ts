import type { Context } from "../context.ts";
import { argsViaMaster, readSshTarget } from "./target.ts";

/** What the guest's boot did so that its user gets in (nix/guest/login-shell.sh). */
export interface RenamedFile {
  /** What logins ended with; 124: they did not end within a minute. */
  readonly code: number;
  readonly from: string;
  readonly to: string;
}

/**
 * For the guest's login shell, as bash, zsh and fish read it alike: the boot's report, as long as what it tells of is so.
 * A line of its own and the path behind it: `login renamed 1 /home/dev/.bashrc /home/dev/.bashrc.aside-1`.
 */
export const loginReportQuestion = `test ! -e /run/ascalon-login || /bin/sh -c 'read -r how code from to </run/ascalon-login
[ ! -e "$to" ] || echo "login $how $code $from $to"'`;

/** undefined for every other line; what a terminal would obey is in no path that is taken. */
export function renamedIn(line: string): RenamedFile | undefined {
  const [, code, from = "", to = ""] = /^login renamed (\d{1,3}) (\/[!-~]+) (\/[!-~]+)$/.exec(line) ?? [];
  return code === undefined ? undefined : { code: Number(code), from, to };
}

export const renamedWords = ({ code, from, to }: RenamedFile): string =>
  `with ${from} every login ${code === 124 ? "hung" : `ended with ${code}`} before it ran anything, so the guest's boot renamed it to ${to}`;

export const takeBack = ({ from, to }: RenamedFile): string => `ascalon shell -- mv ${to} ${from}`;

/** Of a login that ends well, with nothing of what it was for. */
export const notHeard =
  "the guest lets its user in, but the login shell does not run what ssh brings: a startup file of it (~/.bashrc, ~/.zshenv) exits or starts another program";

/** Of one that ends with that code, and not with ssh's own 255. */
export const shellEnds = (code: number): string =>
  `the guest lets its user in, but the login shell ends with ${code} before it runs anything: a startup file of it (~/.bashrc, ~/.zshenv) exits or fails`;

const patienceMs = 10_000;

/**
 * Asked once after a start, through the connection that Lima has just made: what there is to say of the login, one
 * sentence; undefined when that is nothing, or nobody answers.
 */
export async function askLoginReport(
  { files, processes, signal }: Pick<Context, "files" | "processes" | "signal">,
  instanceDir: string,
): Promise<string | undefined> {
  const target = await readSshTarget({ files }, instanceDir);
  if (!target) return undefined;
  // Never as a master of its own: that would hold our output.
  const options = ["ControlMaster=no", "BatchMode=yes", "ConnectTimeout=5", "LogLevel=ERROR"];
  const args = argsViaMaster(target, {
    options: options.flatMap((option) => ["-o", option]),
    command: `echo heard; ${loginReportQuestion}`,
  });
  const limits = { timeoutMs: patienceMs, maxBytes: 64 * 1024, signal };
  const { exitCode, stdout } = await processes.run("ssh", args, limits);
  if (exitCode !== 0) return undefined;
  const lines = stdout.split("\n");
  const renamed = lines.map(renamedIn).find((found) => found !== undefined);
  if (renamed) return `${renamedWords(renamed)} (once it is mended: ${takeBack(renamed)})`;
  return lines.includes("heard") ? undefined : notHeard;
}
