import type { Clock } from "../adapters/clock.ts";
import type { RunResult } from "../adapters/process.ts";

/** What the guest said at one login. */
export interface GuestAnswers extends Pick<RunResult, "exitCode" | "stderr"> {
  /** As its clock says it, in nanoseconds since 1970. */
  readonly time: string;
  /** The rows of df's POSIX table for /home and /. */
  readonly disks: readonly string[];
  /** By the host's clock. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

const questions = "date +%s%N; df -Pk /home /; exit 0";

/** Asked once for all checks: three logins at the same time would make a slow guest late for each of them. */
export function askOnce(
  clock: Clock,
  run: (command: string) => Promise<RunResult>,
): () => Promise<GuestAnswers> {
  let asked: Promise<GuestAnswers> | undefined;
  const ask = async (): Promise<GuestAnswers> => {
    const askedAt = clock.now();
    const { exitCode, stdout, stderr } = await run(questions);
    const [time = "", , ...disks] = stdout.trim().split("\n");
    return { exitCode, stderr, time, disks, askedAt, answeredAt: clock.now() };
  };
  return () => {
    asked ??= ask();
    return asked;
  };
}
