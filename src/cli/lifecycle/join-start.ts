import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { lockHolder } from "./lock.ts";

/** Commands that end in a VM that runs, as the lock names them. */
const starters: readonly string[] = ["ascalon up", "ascalon start", "ascalon restart", "ascalon shell"];

/** Each look may read sshd's banner, and whoever does that more than once a second is refused for a while (OpenSSH 9.8). */
const lookMs = 2_000;

/** A holder may be done between two questions; one that was never seen in so many does not exist. */
const looksForNobody = 3;

export interface JoinOptions<T> {
  readonly stateDir: string;
  readonly timeoutMs: number;
  readonly note: (text: string) => void;
  /** What came of it, once what the other does is enough. */
  readonly outcome: () => Promise<T | undefined>;
  /** Takes the lock, and throws E_LOCKED when another has it. `begun` is to be called when it has. */
  readonly work: (leftMs: number, begun: () => void) => Promise<T>;
}

/**
 * Works under the lock, or leaves the work to another ascalon that is starting the VM: at each login the agent does, and
 * whoever wants the VM in that minute wants just that. Throws E_LOCKED for a holder that does something else.
 */
export async function joinStart<T>(context: Context, options: JoinOptions<T>): Promise<T> {
  const { clock } = context;
  const until = clock.monotonic() + options.timeoutMs;
  let isTold = false;
  let holderless = 0;
  for (;;) {
    let hasBegun = false;
    try {
      return await options.work(Math.max(1000, until - clock.monotonic()), () => {
        hasBegun = true;
      });
    } catch (error) {
      if (hasBegun || !(error instanceof AscalonError) || error.code !== "E_LOCKED") throw error;
      const holder = await lockHolder(context, options.stateDir);
      if (holder && !starters.includes(holder.command)) throw error;
      holderless = holder ? 0 : holderless + 1;
      if (holderless >= looksForNobody) throw error;
      const name = holder ? `${holder.command} (pid ${holder.pid})` : "another ascalon";
      const done = await options.outcome();
      if (done !== undefined) return done;
      const what = holder?.command === "ascalon restart" ? "restarted" : "started";
      if (holder && !isTold) options.note(`The VM is being ${what} by ${name}: waiting for it.`);
      isTold ||= holder !== undefined;
      if (clock.monotonic() >= until) {
        throw new AscalonError("E_NOT_READY", {
          what: `the VM was not ready after ${Math.round(options.timeoutMs / 1000)} s; ${name} is still working`,
          run: "ascalon up    (keeps waiting)",
          cause: error,
        });
      }
      await clock.sleep(lookMs, context.signal);
    }
  }
}
