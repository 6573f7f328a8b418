import { AscalonError } from "../errors.ts";
import type { Progress } from "../machine/machine.ts";
import { linksLost } from "./links-lost.ts";
import { readSystemFacts, type SystemFacts } from "./system-facts.ts";
import { guestOf, type SystemWork, targetOf } from "./system-work.ts";

/** Services settle after a switch, and links heal: what is wrong is looked at again for so long. */
const patienceMs = 45_000;
const againMs = 2000;
const checkTimeoutMs = 30_000;

/** Looks at the guest anew from outside until all is well; throws E_SWITCH with what is wrong to the end. */
export async function checkHealth(work: SystemWork, progress: Progress): Promise<void> {
  const { clock, signal } = work.context;
  const end = clock.monotonic() + Math.min(patienceMs, (work.wish.confirmSeconds * 1000) / 2);
  for (;;) {
    signal.throwIfAborted();
    const wrong = await lookOnce(work);
    if (wrong.length === 0) return;
    progress(wrong[0] ?? "");
    if (clock.monotonic() >= end) {
      throw new AscalonError("E_SWITCH", {
        what: "the new system is not healthy",
        details: wrong,
        run: "ascalon logs rebuild",
      });
    }
    await clock.sleep(againMs, signal);
  }
}

async function lookOnce(work: SystemWork): Promise<readonly string[]> {
  // A connection of its own: what was open before may go on where no new one can be made.
  const facts = await readSystemFacts(await guestOf(work));
  if (!facts) return ["no new ssh connection can be made"];
  const { before } = work.found;
  const wrong = wrongWith(facts, { target: targetOf(work), before, host: hostAfterStart(work) });
  if (wrong.length > 0) return wrong;
  work.found.told = facts.told;
  const lost = await linksLost(work);
  return lost.length > 0 ? lost : await ownChecks(work);
}

/** A new host name is certain only after a start. A generation has the name of its own time. */
const hostAfterStart = ({ wish, settings }: SystemWork): string | undefined =>
  wish.boot && !wish.generation ? settings.system.host : undefined;

export interface Expected {
  readonly target: string;
  readonly before: SystemFacts | undefined;
  readonly host: string | undefined;
}

/** Sentences without a final period; none when all is as it has to be. Units that failed before do not count. */
export function wrongWith(facts: SystemFacts, { target, before, host }: Expected): readonly string[] {
  const failed = facts.failedUnits.filter((unit) => !before?.failedUnits.includes(unit));
  // One that did not run before is no reason to go back, as with units that failed.
  const { muxState = "running" } = (before?.muxState ?? "running") === "running" ? facts : {};
  const needsHome = facts.isAscalon || before?.home === "mounted";
  return [
    ...(facts.isSwitching ? ["the switch has not ended"] : []),
    ...(facts.os === "nixos" ? [] : [`the guest says that it is ${facts.os || "nothing known"}, not NixOS`]),
    ...(facts.system === target ? [] : [`the guest runs ${facts.system}, not ${target}`]),
    ...(host === undefined || facts.host === host ? [] : [`the guest is called ${facts.host}, not ${host}`]),
    ...(!needsHome || facts.home === "mounted" ? [] : [`/home is not on its disk (${facts.home})`]),
    // One that never listens is started again and again, which systemd does not call failed.
    ...(muxState === "running" ? [] : [`the mux server does not run (wezterm-daemon is ${muxState})`]),
    ...(failed.length === 0 ? [] : [`units failed: ${failed.join(", ")}`]),
  ];
}

/** The commands of rebuild.checks, one after the other, as the guest's user. */
async function ownChecks(work: SystemWork): Promise<readonly string[]> {
  const guest = await guestOf(work);
  for (const line of work.settings.rebuild.checks) {
    const result = await guest.run(["sh", "-lc", line], { timeoutMs: checkTimeoutMs });
    if (result.kind === "unreachable") return [`\`${line}\`: ${result.why}`];
    if (result.code === 0) continue;
    const word = `${result.stdout}\n${result.stderr}`.trim().split("\n").at(-1) ?? "";
    return [`\`${line}\` ended with ${result.code}${word === "" ? "" : `: ${word}`}`];
  }
  return [];
}
