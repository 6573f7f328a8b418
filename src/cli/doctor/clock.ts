import { answersOf, check, notAnswered, notRunning, running } from "./check.ts";

/** TLS and git mind more; Lima sets the guest's clock every 10 s while its agent works. */
const limitMs = 2_000;

export const clock = check("clock", "The guest's clock is the host's.", async (port) => {
  if (!running(port)) return notRunning;
  const answers = await answersOf(port);
  if (answers === undefined) return notAnswered;
  const { askedAt: before, answeredAt: after } = answers;
  const guestMs = Number(answers.time.slice(0, -6));
  if (answers.exitCode !== 0 || !(guestMs > 0))
    return { verdict: "skipped", evidence: "the guest did not report its time" };
  // The guest looked at its clock somewhere between the two readings.
  const skewMs = guestMs > after ? guestMs - after : guestMs < before ? guestMs - before : 0;
  const evidence = `the guest's clock is ${Math.abs(skewMs)} ms ${skewMs < 0 ? "behind" : "ahead"}, measured within ${after - before} ms`;
  if (Math.abs(skewMs) <= limitMs) return { verdict: "ok", evidence };
  return { verdict: "problem", evidence, fix: "ascalon restart" };
});
