import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { open, readFile } from "node:fs/promises";

const missing = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
};

/** Absence is a value. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (missing(error)) return undefined;
    throw error;
  }
}

export function orAbsent<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (missing(error)) return undefined;
    throw error;
  }
}

/**
 * Regular files are read at once: Node's way through its threads takes ten times as long as reading a small file, and its
 * first use starts four of them. Whatever may keep its reader waiting (a pipe) must not keep the signals waiting.
 */
const isRegular = (path: string): boolean => orAbsent(() => statSync(path))?.isFile() === true;

export async function readText(path: string): Promise<string | undefined> {
  if (isRegular(path)) return orAbsent(() => readFileSync(path, "utf8"));
  return orUndefined(readFile(path, "utf8"));
}

/** What `part` chooses of a file, from its size: where to begin, and how many bytes. */
async function readPart(
  path: string,
  part: (size: number) => readonly [start: number, bytes: number],
): Promise<Buffer | undefined> {
  if (!isRegular(path)) return await readPartLater(path, part);
  const fd = orAbsent(() => openSync(path, "r"));
  if (fd === undefined) return undefined;
  try {
    const [start, bytes] = part(fstatSync(fd).size);
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(fd, buffer, 0, bytes, start));
  } finally {
    closeSync(fd);
  }
}

async function readPartLater(
  path: string,
  part: (size: number) => readonly [start: number, bytes: number],
): Promise<Buffer | undefined> {
  const handle = await orUndefined(open(path, "r"));
  if (!handle) return undefined;
  try {
    const [start, bytes] = part((await handle.stat()).size);
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(buffer, 0, bytes, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export async function readTail(path: string, bytes: number): Promise<string | undefined> {
  let isWhole = true;
  const tail = await readPart(path, (size) => {
    isWhole = size <= bytes;
    return isWhole ? [0, size] : [size - bytes, bytes];
  });
  const text = tail?.toString("utf8");
  return isWhole ? text : text?.slice(text.indexOf("\n") + 1);
}

export const readBytes = (path: string, bytes: number): Promise<Buffer | undefined> =>
  readPart(path, () => [0, bytes]);
