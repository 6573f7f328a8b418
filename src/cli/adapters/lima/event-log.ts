/** What the host agent last said of itself. Source: Lima pkg/hostagent/events (each event is a whole snapshot). */
export interface BootState {
  readonly ready: boolean;
  readonly exiting: boolean;
  readonly errors: readonly string[];
}

interface Event {
  readonly status?: { running?: boolean; degraded?: boolean; exiting?: boolean; errors?: unknown };
}

/**
 * Reads the end of ha.stdout.log. The file is begun anew at each start, so its last event belongs to the host
 * agent that runs now. A line cut in the middle of a write is skipped. undefined: it tells nothing.
 */
export function parseEventLog(tail: string): BootState | undefined {
  for (const line of tail.split("\n").reverse()) {
    const status = parseLine(line)?.status;
    if (!status) continue;
    return {
      ready: status.running === true,
      exiting: status.exiting === true,
      errors: Array.isArray(status.errors) ? status.errors.map(String) : [],
    };
  }
  return undefined;
}

/** What the beginning of ha.stderr.log says of the boot (Lima pkg/hostagent/requirements.go). */
export function saysOfBoot(beginning: string): "over" | "goes on" | "nothing" {
  if (/"The final requirement (\d+) of \1 is satisfied"/.test(beginning)) return "over";
  return /"Waiting for the essential requirement 1 of /.test(beginning) ? "goes on" : "nothing";
}

function parseLine(line: string): Event | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Event;
  } catch {
    return undefined;
  }
}

/**
 * Whether somebody told the host agent to end, by the end of its ha.stderr.log, which is begun anew at each start too. It
 * goes on saying that the VM runs until the guest is down, minutes later when that was still booting.
 */
export const wasToldToEnd = (tail: string): boolean =>
  /"Received [A-Z0-9]+, shutting down the host agent"/.test(tail);

/** The host agent's progress sentence in a line of ha.stderr.log (logrus JSON), or undefined for the rest. */
export function progressOf(line: string): string | undefined {
  try {
    const { level, msg } = JSON.parse(line) as { level?: string; msg?: string };
    return (level === "info" || level === "warning") && typeof msg === "string" ? msg : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The word with which the host agent ended, in the end of its ha.stderr.log; undefined when it wrote none since then. A
 * start that failed early leaves the log of the one before it.
 */
export function fatalSince(tail: string, since: number): string | undefined {
  // Its times have whole seconds.
  const from = Math.floor(since / 1000) * 1000;
  const words = tail.split("\n").map((line) => {
    try {
      const { level, msg, error, time } = JSON.parse(line) as Readonly<Record<string, unknown>>;
      if (level !== "fatal" || typeof msg !== "string" || !(Date.parse(String(time)) >= from))
        return undefined;
      // logrus has the cause beside the sentence.
      return typeof error === "string" ? `${msg}: ${error}` : msg;
    } catch {
      return undefined;
    }
  });
  return words.findLast((word) => word !== undefined);
}
