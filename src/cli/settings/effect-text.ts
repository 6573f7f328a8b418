import type { EffectClass } from "./settings.ts";

/** Completes "Takes effect …". */
export const effectText: Readonly<Record<EffectClass, string>> = {
  live: "at once",
  rebuild: "with `ascalon rebuild`",
  restart: "with `ascalon restart`",
  recreate: "in a new VM: `ascalon destroy`, then `ascalon up`; destroy names what is lost",
};
