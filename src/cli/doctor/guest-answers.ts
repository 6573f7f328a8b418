import type { Clock } from "../adapters/clock.ts";
import type { RunResult } from "../adapters/process.ts";
import { loginReportQuestion, type RenamedFile, renamedIn } from "../ssh/login-report.ts";

/** What the guest said at one login. */
export interface GuestAnswers extends Pick<RunResult, "exitCode" | "stderr"> {
  /** As its clock says it, in nanoseconds since 1970. */
  readonly time: string;
  /** The rows of df's POSIX table for /home and /. */
  readonly disks: readonly string[];
  /** Those of the two that nothing can be written to. */
  readonly readOnly: readonly string[];
  /** The user's home folder, when it is missing or somebody else's. */
  readonly shutHome: string | undefined;
  /** A startup file of the login shell with which nobody got in. */
  readonly renamed: RenamedFile | undefined;
  /** By the host's clock. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** What is mounted twice at one place is told twice there, the one that counts last. */
const questions = `date +%s%N
df -Pk /home /
while read -r device place type how rest; do
  case $place in /home | /) echo "mount $place $how" ;; esac
done </proc/self/mounts
[ -w "$HOME" ] && [ -x "$HOME" ] || echo "shut $HOME"
${loginReportQuestion}
exit 0`;

/** Of the rows `mount PLACE OPTIONS`. ext4 keeps its rw after an error since Linux 6.12, and adds emergency_ro. */
function readOnlyOf(rows: readonly string[]): readonly string[] {
  const options = new Map<string, string>();
  for (const row of rows) {
    const [, place = "", how = ""] = row.split(" ");
    options.set(place, how);
  }
  return [...options].flatMap(([place, how]) =>
    how.split(",").some((one) => one === "ro" || one === "emergency_ro") ? [place] : [],
  );
}

/** Asked once for all checks: three logins at the same time would make a slow guest late for each of them. */
export function askOnce(
  clock: Clock,
  run: (command: string) => Promise<RunResult>,
): () => Promise<GuestAnswers> {
  let asked: Promise<GuestAnswers> | undefined;
  const ask = async (): Promise<GuestAnswers> => {
    const askedAt = clock.now();
    const { exitCode, stdout, stderr } = await run(questions);
    const [time = "", , ...rows] = stdout.trim().split("\n");
    const isMount = (row: string): boolean => row.startsWith("mount ");
    const disks = rows.filter((row) => !/^(?:mount|shut|login) /.test(row));
    const readOnly = readOnlyOf(rows.filter(isMount));
    const shutHome = rows.map((row) => /^shut (\/[!-~]+)$/.exec(row)?.[1]).find(Boolean);
    const renamed = rows.map(renamedIn).find(Boolean);
    return { exitCode, stderr, time, disks, readOnly, shutHome, renamed, askedAt, answeredAt: clock.now() };
  };
  return () => {
    asked ??= ask();
    return asked;
  };
}
