import type { Clock } from "../adapters/clock.ts";
import type { Files } from "../adapters/files.ts";
import { oneLine } from "../printable.ts";
import { createRateLimit } from "./rate.ts";

/** Two files of this size at most: the guest decides how many lines there are. */
const maxBytes = 1024 * 1024;

/** Of one line, its time not counted. */
const maxLineChars = 300;

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
    let size = (await files.info(path))?.sizeBytes ?? 0;
    while (queue.length > 0) {
      let text = "";
      let length = 0;
      for (let [line] = queue; line !== undefined; [line] = queue) {
        const more = Buffer.byteLength(line);
        if (size + length > 0 && size + length + more > maxBytes) break;
        text += line;
        length += more;
        queue.shift();
      }
      if (length === 0) await files.rename(path, `${path}.1`);
      else await files.append(path, text);
      size = length === 0 ? 0 : size + length;
    }
  };
  const push = (line: string): void => {
    queue.push(`${new Date(clock.now()).toISOString()} ${oneLine(line).slice(0, maxLineChars)}\n`);
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
