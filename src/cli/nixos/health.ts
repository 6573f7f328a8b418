import { AscalonError } from "../errors.ts";
import type { Progress } from "../machine/machine.ts";
import { type FolderToCome, foldersToCome } from "./folders-to-come.ts";
import { linksLost } from "./links-lost.ts";
import { readSystemFacts, type SystemFacts } from "./system-facts.ts";
import { guestOf, type SystemWork, targetOf } from "./system-work.ts";

/** Services settle after a switch, and links heal: what is wrong is looked at again for so long. */
const patienceMs = 45_000;
/**
 * What part of its time the guest gets when nothing is known to be wrong: a busy one answers late and starts its services
 * late. The rest is for the way back, and for the switch before.
 */
const slowPart = 0.6;
const againMs = 2000;
const checkTimeoutMs = 30_000;

/** What was seen; `late`: none of it is a fault, it may all be still to come. */
interface Look {
  readonly wrong: readonly string[];
  readonly late?: boolean;
}

/** Looks at the guest anew from outside until all is well; throws E_SWITCH with what is wrong to the end. */
export async function checkHealth(work: SystemWork, progress: Progress): Promise<void> {
  const { clock, signal } = work.context;
  const timeMs = work.wish.confirmSeconds * 1000;
  const began = clock.monotonic();
  for (;;) {
    signal.throwIfAborted();
    const { wrong, late = false } = await lookOnce(work);
    if (wrong.length === 0) return;
    progress(wrong[0] ?? "");
    if (clock.monotonic() - began >= (late ? timeMs * slowPart : Math.min(patienceMs, timeMs / 2))) {
      throw new AscalonError("E_SWITCH", {
        what: "the new system is not healthy",
        details: wrong,
        run: "ascalon logs rebuild",
      });
    }
    await clock.sleep(againMs, signal);
  }
}

async function lookOnce(work: SystemWork): Promise<Look> {
  // A connection of its own: what was open before may go on where no new one can be made.
  const facts = await readSystemFacts(await guestOf(work));
  if (!facts) return { wrong: ["no new ssh connection can be made"], late: true };
  const { before } = work.found;
  const toCome = await foldersNotYet(work, facts);
  const expected = { target: targetOf(work), before, host: hostAfterStart(work), toCome };
  const wrong = wrongWith(facts, expected);
  if (wrong.length > 0) return { wrong, late: wrongWith(settled(facts), expected).length === 0 };
  work.found.told = facts.told;
  work.found.toCome = toCome;
  const lost = await linksLost(work, facts.withoutMux ? ["mux"] : []);
  return lost.length > 0 ? { wrong: lost } : await ownChecks(work);
}

/** A folder that the settings name since the VM's last start cannot be mounted before its next one. */
async function foldersNotYet({ machine }: SystemWork, { failedUnits, told }: SystemFacts) {
  if (!failedUnits.some((unit) => unit.endsWith(".mount"))) return [];
  const folders = foldersToCome(told, (await machine.observe()).applied);
  return folders.filter(({ unit }) => failedUnits.includes(unit));
}

/** The facts as they will be when what is being started has been. */
const settled = (facts: SystemFacts): SystemFacts => ({
  ...facts,
  isSwitching: false,
  muxState: /^start/.test(facts.muxState ?? "") ? "running" : facts.muxState,
});

/** A new host name is certain only after a start. A generation has the name of its own time. */
const hostAfterStart = ({ wish, settings }: SystemWork): string | undefined =>
  wish.boot && !wish.generation ? settings.system.host : undefined;

export interface Expected {
  readonly target: string;
  readonly before: SystemFacts | undefined;
  readonly host: string | undefined;
  /** Folders that only the VM's next start brings. */
  readonly toCome: readonly FolderToCome[];
}

/** Sentences without a final period; none when all is as it has to be. Units that failed before do not count. */
export function wrongWith(facts: SystemFacts, { target, before, host, toCome }: Expected): readonly string[] {
  const known = [...(before?.failedUnits ?? []), ...toCome.map(({ unit }) => unit)];
  const failed = facts.failedUnits.filter((unit) => !known.includes(unit));
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
    ...(muxState === "running" ? [] : [`the mux server is not running (wezterm-daemon is ${muxState})`]),
    ...(failed.length === 0 ? [] : [`units failed: ${failed.join(", ")}`]),
  ];
}

/** The commands of rebuild.checks, one after the other, as the guest's user. */
async function ownChecks(work: SystemWork): Promise<Look> {
  const guest = await guestOf(work);
  for (const line of work.settings.rebuild.checks) {
    const result = await guest.run(["sh", "-lc", line], { timeoutMs: checkTimeoutMs });
    if (result.kind === "unreachable") return { wrong: [`\`${line}\`: ${result.why}`], late: true };
    if (result.code === 0) continue;
    const word = `${result.stdout}\n${result.stderr}`.trim().split("\n").at(-1) ?? "";
    return { wrong: [`\`${line}\` exited with ${result.code}${word === "" ? "" : `: ${word}`}`] };
  }
  return { wrong: [] };
}
