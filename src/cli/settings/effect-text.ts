import type { KeyChange } from "./diff.ts";
import type { EffectClass } from "./settings.ts";

/** Completes "Takes effect …". */
export const effectText: Readonly<Record<EffectClass, string>> = {
  live: "at once",
  rebuild: "with `ascalon rebuild`",
  restart: "with `ascalon restart`",
  recreate: "in a new VM: `ascalon destroy`, then `ascalon up`; destroy says what will be lost",
};

/** What a smaller disk would take: the home disk outlives a plain destroy. */
export const smallerDiskText = ({ key, before }: Pick<KeyChange, "key" | "before">): string =>
  `a disk only grows: set ${key} back to ${before}, or recreate it with ascalon destroy${key === "vm.home" ? " --with-home" : ""}, which says what will be lost`;
