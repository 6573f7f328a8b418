import type { Link, RefusedLink } from "./link.ts";
import { backoffMs } from "./pause.ts";
import { prepareLinks } from "./prepare-links.ts";
import type { Complaint } from "./ssh-reasons.ts";
import type { SupervisorPort } from "./supervisor-port.ts";
import { deniedBy, tryForwards } from "./try-forwards.ts";

/** How often it is looked whether what was in the way of a link is gone. */
export const recheckMs = 10_000;
/** A trial is a login in the VM: the first soon, because a folder may be on its way, later ones rarely. */
const firstTrialMs = 1_000;
const trialLimitMs = 60_000;
const longMs = 3_600_000;

/** Links that an ssh does not carry, and when to look again whether it could. The others never notice. */
export interface Refusals {
  /** A new ssh is about to be asked for every link but these, in whose way something lies. */
  start(obstacles: readonly RefusedLink[]): void;
  /** ssh or sshd could not make a forward; false when it is none of ours. */
  deny(complaint: Complaint): boolean;
  /** The ssh has lived for a while: a link that it carries is no longer one that was denied. */
  settle(): void;
  list(): readonly RefusedLink[];
  has(name: string): boolean;
  /** Until the next look; long while there are none, or while a look goes on. */
  waitMs(): number;
  /** Looks: whether one of them can be made now, or another one cannot any more. */
  haveChanged(makesRoom: boolean): Promise<boolean>;
  hurry(): void;
}

export function createRefusals(port: SupervisorPort, wanted: () => readonly Link[]): Refusals {
  let obstacles: readonly RefusedLink[] = [];
  let obstaclesMs = 0;
  let denied: ReadonlyMap<string, string> = new Map();
  let trialMs = 0;
  let trials = 0;
  /** Denied by this ssh or one shortly before: one that is denied anew goes on being tried as rarely as before. */
  const known = new Set<string>();
  let looking = false;
  /** Asked for while a look went on, which may have begun too early. */
  let again = false;

  const now = (): number => port.clock.monotonic();
  const schedule = (): void => {
    obstaclesMs = now() + recheckMs;
    trialMs = now() + backoffMs(trials + 1, trialLimitMs, firstTrialMs);
  };
  const names = (of: readonly RefusedLink[]): string => JSON.stringify(of.map(({ name }) => name));

  const look = async (makesRoom: boolean): Promise<boolean> => {
    const isTrial = denied.size > 0 && trialMs <= now();
    const target = await port.target();
    const prepared = target && (await prepareLinks(port, target, wanted()));
    // A VM that is too slow to answer gives no reason to let go of links that work.
    if (!prepared || prepared.problem !== undefined || prepared.refused.some(({ unknown }) => unknown))
      return false;
    if (names(prepared.refused) !== names(obstacles)) return true;
    if (!isTrial) return false;
    trials += 1;
    const tried = wanted().filter(
      ({ name }) => denied.has(name) && !prepared.refused.some((one) => one.name === name),
    );
    const still = await tryForwards(port, { to: target, links: tried, makesRoom });
    if (!still) return false;
    if (tried.some(({ name }) => !still.has(name))) return true;
    denied = still;
    return false;
  };

  return {
    start: (now) => {
      [obstacles, denied] = [now, new Map()];
      schedule();
    },
    deny: (complaint) => {
      const ours = deniedBy(wanted(), [complaint]);
      for (const name of ours.keys()) {
        if (!known.has(name)) trials = 0;
        known.add(name);
      }
      denied = new Map([...denied, ...ours]);
      schedule();
      return ours.size > 0;
    },
    settle: () => {
      for (const name of known) if (!denied.has(name)) known.delete(name);
    },
    list: () => [...obstacles, ...[...denied].map(([name, why]) => ({ name, why }))],
    has: (name) => denied.has(name) || obstacles.some((one) => one.name === name),
    waitMs: () => {
      if (looking) return longMs;
      const times = [...(obstacles.length > 0 ? [obstaclesMs] : []), ...(denied.size > 0 ? [trialMs] : [])];
      return Math.max(Math.min(longMs, ...times.map((time) => time - now())), 0);
    },
    haveChanged: async (makesRoom) => {
      looking = true;
      try {
        return await look(makesRoom);
      } catch {
        return false;
      } finally {
        looking = false;
        schedule();
        if (again) [obstaclesMs, trialMs, again] = [0, 0, false];
      }
    },
    hurry: () => {
      [obstaclesMs, trialMs, again] = [0, 0, looking];
    },
  };
}
