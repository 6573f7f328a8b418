import { haltSentence, headlineOf } from "../machine/facts.ts";
import { check, waitFirst } from "./check.ts";

export const instance = check("instance", "The VM is ascalon's own, and runs.", async ({ facts }) => {
  if (facts instanceof Error) return { verdict: "problem", evidence: facts.message };
  const headline = headlineOf(facts);
  switch (headline) {
    case "ready":
      return {
        verdict: "ok",
        evidence: `${facts.folder}, ssh answered on port ${facts.ssh.port} after ${facts.ssh.answerMs?.toFixed(1)} ms`,
      };
    case "starting":
    case "stopping":
      return { verdict: "warning", evidence: `the VM is ${headline}` };
    case "absent":
      return { verdict: "problem", evidence: "there is no VM", fix: "ascalon up" };
    case "foreign":
      return {
        verdict: "problem",
        evidence: `${facts.folder} is an instance that ascalon did not make`,
        fix: "limactl rename ascalon OTHER",
      };
    case "unreachable":
      if (facts.halted)
        return {
          verdict: "problem",
          evidence: `the VM is running, but ${haltSentence(facts.halted)}`,
          fix: "ascalon up",
        };
      return {
        verdict: "problem",
        evidence: `both of the VM's processes are alive, but its ssh is ${facts.ssh.state}`,
        fix: facts.ssh.state === "silent" ? waitFirst : "ascalon restart",
      };
    default:
      return { verdict: "problem", evidence: `the VM is ${headline}`, fix: "ascalon up" };
  }
});

export const guestAgent = check("guest-agent", "Lima's agent in the guest works.", async ({ facts }) => {
  if (facts instanceof Error || facts.process !== "running")
    return { verdict: "skipped", evidence: "the VM is not running" };
  if (facts.degraded.length === 0) return { verdict: "ok", evidence: "Lima reports nothing degraded" };
  return { verdict: "warning", evidence: facts.degraded.join("; "), fix: "ascalon restart" };
});
