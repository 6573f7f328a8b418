import type { Clock } from "../adapters/clock.ts";
import type { Files } from "../adapters/files.ts";
import { createRateLimit } from "./rate.ts";

/** Two files of this size at most: the guest decides how many lines there are. */
const maxBytes = 1024 * 1024;

/** Lines a second that are written in the long run; those beyond are counted and told together. */
const lineRate = { burst: 1000, perSecond: 20 };

export interface BridgeLog {
  write(line: string): void;
  /** Resolves when everything said so far is in the file, or could not be written. */
  settled(): Promise<void>;
}

export const bridgeLogPath = (logDir: string): string => `${logDir}/bridge.log`;

/** Appends lines with their time. A log that cannot be written never stops a call. */
export function createBridgeLog(
  files: Pick<Files, "append" | "info" | "rename" | "makeFolder">,
  clock: Pick<Clock, "now" | "monotonic">,
  path: string,
): BridgeLog {
  const mayWrite = createRateLimit(lineRate, clock.monotonic);
  let dropped = 0;
  let queue: string[] = [];
  let working: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    await files.makeFolder(path.slice(0, path.lastIndexOf("/")));
    while (queue.length > 0) {
      const text = queue.join("");
      queue = [];
      const size = (await files.info(path))?.sizeBytes ?? 0;
      if (size > 0 && size + text.length > maxBytes) await files.rename(path, `${path}.1`);
      await files.append(path, text);
    }
  };
  const push = (line: string): void => {
    queue.push(`${new Date(clock.now()).toISOString()} ${line}\n`);
    working ??= drain()
      .catch(() => {
        queue = [];
      })
      .finally(() => {
        working = undefined;
      });
  };
  return {
    write: (line) => {
      if (!mayWrite()) {
        dropped += 1;
        return;
      }
      if (dropped > 0) push(`${dropped} more lines were left out`);
      dropped = 0;
      push(line);
    },
    settled: async () => {
      while (working) await working;
    },
  };
}
