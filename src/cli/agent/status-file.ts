import { type StatusFile, statusMaxBytes } from "../../shared/status.ts";
import type { Files } from "../adapters/files.ts";

/** Drops attention sentences from the end until the document fits what readers take. */
export function statusText(status: StatusFile): string {
  for (let kept = status.attention.length; ; kept -= 1) {
    const text = `${JSON.stringify({ ...status, attention: status.attention.slice(0, kept) })}\n`;
    if (kept === 0 || Buffer.byteLength(text) <= statusMaxBytes) return text;
  }
}

export interface StatusWriter {
  /** Atomic, 0600. A full disk or a removed folder is told once and tried again with the next write. */
  write(status: StatusFile): Promise<void>;
}

export function createStatusWriter(
  files: Pick<Files, "writeAtomic">,
  path: string,
  log: (line: string) => void,
): StatusWriter {
  let failing: string | undefined;
  return {
    write: async (status) => {
      try {
        await files.writeAtomic(path, statusText(status), 0o600);
        if (failing !== undefined) log(`${path} can be written again`);
        failing = undefined;
      } catch (error) {
        const why = (error as NodeJS.ErrnoException).code ?? String(error);
        if (why !== failing) log(`${path} cannot be written: ${why}`);
        failing = why;
      }
    },
  };
}
