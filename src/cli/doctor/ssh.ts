import { check, notRunning, running } from "./check.ts";

export const ssh = check("ssh", "The guest lets its user in.", async (port) => {
  if (!running(port)) return notRunning;
  const { clock } = port.context;
  const began = clock.monotonic();
  const said = await port
    .guest()
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const ms = Math.round(clock.monotonic() - began);
  if (typeof said !== "string" && said.exitCode === 0)
    return { verdict: "ok", evidence: `a login took ${ms} ms` };
  // To start a VM anew that is only busy would end what keeps it so.
  if (typeof said === "string" && said.startsWith("no answer within")) {
    const evidence = `a login did not finish within ${ms} ms: the guest is busy or hangs`;
    const fix =
      "ascalon shell -- uptime    (waits for the guest, and says how busy it is; if it hangs: ascalon restart)";
    return { verdict: "problem", evidence, fix };
  }
  const words = typeof said === "string" ? said : said.stderr;
  const evidence = `a login failed after ${ms} ms: ${words.trim().split("\n").at(-1) || "ssh ended without a message"}`;
  return { verdict: "problem", evidence, fix: "ascalon restart" };
});
