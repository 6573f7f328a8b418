/** One line of nix/guest/generations.sh. */
export interface Generation {
  readonly number: number;
  /** When it was made, in seconds since 1970. */
  readonly madeAtSeconds: number;
  readonly version: string;
  readonly kernel: string;
  readonly system: string;
  /** Runs now. */
  readonly current: boolean;
  /** Is what the next start brings. */
  readonly next: boolean;
  /** Is what the last start brought. */
  readonly booted: boolean;
  /** Built without ascalon's modules, as the image's own system. */
  readonly foreign: boolean;
}

/** Newest first. Lines of another form are passed over: a generation may be deleted while the list is made. */
export function parseGenerations(stdout: string): readonly Generation[] {
  return stdout
    .split("\n")
    .flatMap((line) => {
      const [number, made, version, kernel, system, marks, ...more] = line.split("\t");
      if (marks === undefined || more.length > 0 || system === undefined || !system.startsWith("/"))
        return [];
      // More digits are no date.
      if (!/^\d{1,9}$/.test(number ?? "") || !/^\d{1,11}$/.test(made ?? "")) return [];
      const has = (mark: string): boolean => marks.split(",").includes(mark);
      return [
        {
          number: Number(number),
          madeAtSeconds: Number(made),
          version: version ?? "",
          kernel: kernel ?? "",
          system,
          current: has("current"),
          next: has("next"),
          booted: has("booted"),
          foreign: has("foreign"),
        },
      ];
    })
    .toSorted((a, b) => b.number - a.number);
}

export type RollbackTarget = { readonly generation: Generation } | { readonly refusal: string };

/**
 * The generation asked for, or without a number the newest that is older than the one that runs. Never from a system of
 * ascalon's to one that is not: a live switch to it ends the panes, unmounts /home and removes the user.
 */
export function rollbackTarget(generations: readonly Generation[], wanted?: number): RollbackTarget {
  const current = generations.find((generation) => generation.current);
  const endsSessions = ({ foreign }: Generation): boolean => foreign && current?.foreign === false;
  if (wanted !== undefined) {
    const found = generations.find((generation) => generation.number === wanted);
    if (found === undefined) {
      const there = generations.map((generation) => generation.number).join(", ");
      return { refusal: `There is no generation ${wanted}; there are ${there || "none"}` };
    }
    if (endsSessions(found)) {
      return {
        refusal: `Generation ${wanted} was not built with ascalon's modules: a live switch to it would end every session and take the user's /home away`,
      };
    }
    return found.current ? { refusal: `Generation ${wanted} is already running` } : { generation: found };
  }
  const older = generations.find(
    (generation) =>
      !generation.current &&
      !endsSessions(generation) &&
      (current === undefined || generation.number < current.number),
  );
  return older === undefined
    ? { refusal: "There is no older generation to go back to" }
    : { generation: older };
}
