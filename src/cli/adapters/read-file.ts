import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { open, readFile } from "node:fs/promises";

/** Bytes out of a file, and what the file was when they were read. */
export interface FilePart {
  /** Where in the file they stand. */
  readonly offset: number;
  readonly bytes: Buffer;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** Which bytes of a file of that size: where they begin, and how many. */
type Choice = (size: number) => readonly [start: number, bytes: number];

const missing = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
};

let underWay = 0;

/**
 * Whether a file is being waited for that may never answer: a FIFO, a disk of the network. process.exit would wait for it
 * too, and Node from 26 on tells of none (getActiveResourcesInfo).
 */
export const isReading = (): boolean => underWay > 0;

async function counted<T>(work: Promise<T>): Promise<T> {
  underWay += 1;
  try {
    return await work;
  } finally {
    underWay -= 1;
  }
}

/** Absence is a value. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await counted(work);
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
  return await named(path, orUndefined(readFile(path, "utf8")));
}

/** Of a folder that is read Node says that it is one, and not which. */
const named = <T>(path: string, work: Promise<T>): Promise<T> =>
  work.catch((error: NodeJS.ErrnoException) => {
    throw Object.assign(error, { path: error.path ?? path });
  });

async function readChosen(path: string, choose: Choice): Promise<FilePart | undefined> {
  if (!isRegular(path)) return await named(path, counted(readChosenLater(path, choose)));
  const fd = orAbsent(() => openSync(path, "r"));
  if (fd === undefined) return undefined;
  try {
    const { size, mtimeMs } = fstatSync(fd);
    const [offset, bytes] = choose(size);
    const buffer = Buffer.alloc(bytes);
    // Of a file that was cut short meanwhile there is less.
    const bytesRead = readSync(fd, buffer, 0, bytes, offset);
    return { offset, bytes: buffer.subarray(0, bytesRead), sizeBytes: size, modifiedAt: mtimeMs };
  } finally {
    closeSync(fd);
  }
}

async function readChosenLater(path: string, choose: Choice): Promise<FilePart | undefined> {
  const handle = await orUndefined(open(path, "r"));
  if (!handle) return undefined;
  try {
    const { size, mtimeMs } = await handle.stat();
    const [offset, bytes] = choose(size);
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(buffer, 0, bytes, offset);
    return { offset, bytes: buffer.subarray(0, bytesRead), sizeBytes: size, modifiedAt: mtimeMs };
  } finally {
    await handle.close();
  }
}

/** At most `bytes` from the offset on; an offset below 0 is counted from the end. */
export function readPart(path: string, offset: number, bytes: number): Promise<FilePart | undefined> {
  return readChosen(path, (size) => {
    const start = offset < 0 ? Math.max(0, size + offset) : offset;
    return [start, Math.max(0, Math.min(bytes, size - start))];
  });
}

export async function readTail(path: string, bytes: number): Promise<string | undefined> {
  const part = await readPart(path, -bytes, bytes);
  const text = part?.bytes.toString("utf8");
  return part?.offset === 0 ? text : text?.slice(text.indexOf("\n") + 1);
}

/** Of a device, whose size nobody tells, as well. */
export async function readBytes(path: string, bytes: number): Promise<Buffer | undefined> {
  return (await readChosen(path, () => [0, bytes]))?.bytes;
}
