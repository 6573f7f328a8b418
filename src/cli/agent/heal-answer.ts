import { notTried } from "../links/link-state.ts";
import type { LinkReport } from "../links/monitor.ts";

/** More people than this do not ask within a moment. */
const keptNames = 8;

/** Which wishes to heal have been fulfilled: every link was proved by a request that began after the wish. */
export interface HealAnswer {
  /** From now on proofs count, for the wishes that wait already too. */
  take(name: string, reports: readonly LinkReport[]): void;
  isPending(): boolean;
  /** Looks; true when the wish has just been fulfilled. */
  look(reports: readonly LinkReport[]): boolean;
  /** The newest ones that were. */
  answered(): readonly string[];
}

/** What no ssh carries cannot be proved: its state says why, once it has been tried at all. */
const isTold = ({ state, carried }: LinkReport): boolean =>
  !carried && state.kind !== "healing" && !("reason" in state && state.reason === notTried);

export function createHealAnswer(): HealAnswer {
  let asked: readonly string[] = [];
  let begun: ReadonlyMap<string, number> = new Map();
  let answered: readonly string[] = [];
  return {
    take: (name, reports) => {
      asked = [...asked, name];
      begun = new Map(reports.map(({ link, proofs }) => [link.name, proofs.begun]));
    },
    isPending: () => asked.length > 0,
    look: (reports) => {
      if (asked.length === 0) return false;
      // They never run in parallel: as many as had begun then have ended before the first one that counts.
      const isProved = ({ link, proofs }: LinkReport): boolean => proofs.ended > (begun.get(link.name) ?? 0);
      if (!reports.every((report) => isTold(report) || isProved(report))) return false;
      [answered, asked] = [[...answered, ...asked].slice(-keptNames), []];
      return true;
    },
    answered: () => answered,
  };
}
