import type { Readable } from "node:stream";

const everyMs = 1_000;

/**
 * Reads no more than so many characters a second of a stream that is being read: the rest waits, and in the end its sender
 * with it. Returns what lets it go again, for a program that has ended.
 */
export function readSlowly(stream: Readable, mostChars: number): () => void {
  let [beganMs, count] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  const letGo = (): void => {
    clearTimeout(timer);
    stream.removeListener("data", onText);
    stream.resume();
  };
  const onText = (text: string): void => {
    const now = performance.now();
    if (now - beganMs >= everyMs) [beganMs, count] = [now, 0];
    count += text.length;
    if (count <= mostChars) return;
    stream.pause();
    timer = setTimeout(() => stream.resume(), everyMs).unref();
  };
  stream.on("data", onText);
  return letGo;
}
