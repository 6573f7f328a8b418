import { notHeard, renamedWords, shellEnds, takeBack } from "../ssh/login-report.ts";
import { check, type Finding, notRunning, running } from "./check.ts";
import type { GuestAnswers } from "./guest-answers.ts";

const isTime = (text: string): boolean => /^\d+$/.test(text);

/** Of a login that ended with 0. */
function lettingIn({ time, renamed }: GuestAnswers, ms: number): Omit<Finding, "id"> {
  if (!isTime(time))
    return {
      verdict: "problem",
      evidence: notHeard,
      fix: "ascalon shell    (and let that file return at once where $- has no i)",
    };
  if (!renamed) return { verdict: "ok", evidence: `a login took ${ms} ms` };
  return {
    verdict: "warning",
    evidence: renamedWords(renamed),
    fix: `${takeBack(renamed)}    (once it is mended)`,
  };
}

export const ssh = check("ssh", "The guest lets its user in.", async (port) => {
  if (!running(port)) return notRunning;
  const { clock } = port.context;
  const began = clock.monotonic();
  const said = await port
    .guest()
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const ms = Math.round(clock.monotonic() - began);
  if (typeof said !== "string" && said.exitCode === 0) return lettingIn(said, ms);
  // To start a VM anew that is only busy would end what keeps it so.
  if (typeof said === "string" && said.startsWith("no answer within")) {
    const evidence = `a login did not finish within ${ms} ms: the guest is busy or hangs`;
    const fix =
      "ascalon shell -- uptime    (waits for the guest, and says how busy it is; if it hangs: ascalon restart)";
    return { verdict: "problem", evidence, fix };
  }
  // ssh's own failures are told as words, or as 255.
  if (
    typeof said !== "string" &&
    said.exitCode !== 255 &&
    said.exitCode !== undefined &&
    !isTime(said.time)
  ) {
    const evidence = shellEnds(said.exitCode);
    return { verdict: "problem", evidence, fix: "ascalon restart    (the boot renames such a file)" };
  }
  const words = typeof said === "string" ? said : said.stderr;
  const evidence = `a login failed after ${ms} ms: ${words.trim().split("\n").at(-1) || "ssh ended without a message"}`;
  return { verdict: "problem", evidence, fix: "ascalon restart" };
});
