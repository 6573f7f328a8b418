import { open } from "node:fs/promises";

/** Bytes out of a file, and what the file was when they were read. */
export interface FilePart {
  /** Where in the file they stand. */
  readonly offset: number;
  readonly bytes: Buffer;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

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

/** At most `bytes` from the offset on; an offset below 0 is counted from the end. */
export async function readPart(path: string, offset: number, bytes: number): Promise<FilePart | undefined> {
  const handle = await orUndefined(open(path, "r"));
  if (!handle) return undefined;
  try {
    const { size, mtimeMs } = await handle.stat();
    const start = offset < 0 ? Math.max(0, size + offset) : offset;
    const buffer = Buffer.alloc(Math.max(0, Math.min(bytes, size - start)));
    // Of a file that was cut short meanwhile there is less.
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return { offset: start, bytes: buffer.subarray(0, bytesRead), sizeBytes: size, modifiedAt: mtimeMs };
  } finally {
    await handle.close();
  }
}

export async function readTail(path: string, bytes: number): Promise<string | undefined> {
  const part = await readPart(path, -bytes, bytes);
  const text = part?.bytes.toString("utf8");
  return part?.offset === 0 ? text : text?.slice(text.indexOf("\n") + 1);
}

/** Of a device, whose size nobody tells, as well. */
export async function readBytes(path: string, bytes: number): Promise<Buffer | undefined> {
  const handle = await orUndefined(open(path, "r"));
  if (!handle) return undefined;
  try {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
