import type { StartPiped } from "../adapters/process.ts";
import type { Program, ProgramEvents, ProgramSpec } from "./program.ts";
import { type HostTerminal, openHostTerminal } from "./terminal-program.ts";

/** 1Password forgets an authorisation after ten idle minutes; a terminal is kept a little longer. */
const keptMs = 15 * 60_000;
const maxKept = 16;

export interface TerminalSessions {
  /** Runs on the session's terminal, or on one of its own while that is busy or when there is no session. */
  run(session: string | undefined, spec: ProgramSpec, events: ProgramEvents): Program;
  close(): void;
}

interface Kept {
  readonly terminal: HostTerminal;
  timer: NodeJS.Timeout | undefined;
}

export interface TerminalSessionsOptions {
  readonly start: StartPiped;
  readonly perl: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One terminal on the host for each in the guest, so that 1Password sees as many terminals as there are. */
export function createTerminalSessions({ start, perl, env }: TerminalSessionsOptions): TerminalSessions {
  const kept = new Map<string, Kept>();
  const all = new Set<HostTerminal>();

  const open = (onGone: () => void): HostTerminal => {
    const terminal = openHostTerminal(start, perl, env, () => {
      all.delete(terminal);
      onGone();
    });
    all.add(terminal);
    return terminal;
  };
  const closeOldest = (): void => {
    for (const [session, { terminal }] of kept) {
      if (terminal.isBusy()) continue;
      kept.delete(session);
      terminal.close();
      return;
    }
  };
  const runOnce = (spec: ProgramSpec, events: ProgramEvents): Program => {
    const terminal = open(() => {});
    return terminal.run(spec, {
      ...events,
      onExit: (end) => {
        terminal.close();
        events.onExit(end);
      },
      onStartError: (code) => {
        terminal.close();
        events.onStartError(code);
      },
    });
  };
  return {
    run: (session, spec, events) => {
      if (session === undefined) return runOnce(spec, events);
      const known = kept.get(session);
      if (known?.terminal.isBusy()) return runOnce(spec, events);
      if (known) clearTimeout(known.timer);
      else if (kept.size >= maxKept) closeOldest();
      if (!known && kept.size >= maxKept) return runOnce(spec, events);
      const forget = (): void => {
        if (kept.get(session) === entry) kept.delete(session);
      };
      const entry: Kept = known ?? { terminal: open(forget), timer: undefined };
      // Put last: the first one is the one that was used longest ago.
      kept.delete(session);
      kept.set(session, entry);
      const rest = (): void => {
        entry.timer = setTimeout(() => {
          forget();
          entry.terminal.close();
        }, keptMs).unref();
      };
      return entry.terminal.run(spec, {
        ...events,
        onExit: (end) => {
          rest();
          events.onExit(end);
        },
        onStartError: (code) => {
          rest();
          events.onStartError(code);
        },
      });
    },
    close: () => {
      for (const terminal of all) terminal.close();
      kept.clear();
    },
  };
}
