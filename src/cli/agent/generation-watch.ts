import type { Clock } from "../adapters/clock.ts";

/** `none`: the guest has no NixOS generations. `failed`: it could not be asked. */
export type GenerationAnswer = number | "none" | "failed";

const everyMs = 60_000;

export interface GenerationWatch {
  /** What is known now. Asks again in the background when it is time: an answer may take seconds. */
  look(vmRuns: boolean): number | undefined;
}

/** A guest without generations is asked once a boot, any other once a minute. */
export function createGenerationWatch(
  clock: Pick<Clock, "monotonic">,
  ask: () => Promise<GenerationAnswer>,
  onChange: () => void,
): GenerationWatch {
  let known: number | undefined;
  let nextMs = 0;
  let asking = false;
  let boot = 0;
  const learn = async (of: number): Promise<void> => {
    const answer = await ask().catch((): "failed" => "failed");
    asking = false;
    if (of !== boot || answer === "failed") return;
    if (answer === "none") nextMs = Number.POSITIVE_INFINITY;
    const before = known;
    known = answer === "none" ? undefined : answer;
    if (known !== before) onChange();
  };
  return {
    look: (vmRuns) => {
      if (!vmRuns) {
        if (nextMs > 0) boot += 1;
        [known, nextMs] = [undefined, 0];
        return undefined;
      }
      if (!asking && clock.monotonic() >= nextMs) {
        asking = true;
        nextMs = clock.monotonic() + everyMs;
        void learn(boot);
      }
      return known;
    },
  };
}

/** The link that NixOS keeps to its newest system, and its target's name. */
export const generationQuestion = "readlink /nix/var/nix/profiles/system";

export function readGeneration(exitCode: number | undefined, stdout: string): GenerationAnswer {
  // 255 is ssh's own.
  if (exitCode === undefined || exitCode === 255) return "failed";
  const number = /^system-(\d{1,9})-link$/.exec(stdout.trim())?.[1];
  return number === undefined ? "none" : Number(number);
}
