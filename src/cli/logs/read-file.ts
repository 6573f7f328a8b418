import type { Files } from "../adapters/files.ts";
import type { FilePart } from "../adapters/read-file.ts";
import type { Context } from "../context.ts";
import type { LogEntry } from "./entry.ts";
import type { HostLog } from "./topics.ts";

/** Of each file at most this much is read: its end is what is asked for. */
const longestBytes = 4 * 1024 ** 2;

/** A line that is longer than this is taken for whole: somebody who writes no line end must not be waited for. */
const longestLine = 64 * 1024;

/** So much of what was read is kept to know it again. */
const markBytes = 512;

/** How far a file was read: up to a line's end, and what stood before it. */
export interface ReadTo {
  readonly offset: number;
  readonly mark: Buffer;
  /** A last line that had no end yet, as it was shown. */
  readonly shown?: string | undefined;
}

export const unread: ReadTo = { offset: 0, mark: Buffer.alloc(0) };

export interface FileRead {
  readonly entries: readonly LogEntry[];
  readonly to: ReadTo;
}

/** The end of a log, with what stands in its older file when the whole of the log is that end. */
export async function readEnd({ files }: Context, log: HostLog): Promise<FileRead> {
  const part = await files.readPart(log.path, -longestBytes, longestBytes);
  const isWhole = (part?.offset ?? 0) === 0;
  const older = isWhole ? await readOlder(files, log) : undefined;
  const texts = [older, part].flatMap((piece) => (piece ? [fromLineStart(piece.bytes, piece.offset)] : []));
  const writtenMs = (part?.sizeBytes ? part : older)?.modifiedAt ?? 0;
  const entries = log.parse(texts.join(""), writtenMs);
  if (!part) return { entries, to: unread };
  const to = readTo(part.offset, part.bytes);
  const hasRest = to.offset < part.offset + part.bytes.length;
  return { entries, to: { ...to, shown: hasRest ? entries.at(-1)?.text : undefined } };
}

/** One that cannot be read must not hide the log itself. */
const readOlder = async (files: Files, { olderPath }: HostLog): Promise<FilePart | undefined> =>
  olderPath === undefined
    ? undefined
    : await files.readPart(olderPath, -longestBytes, longestBytes).catch(() => undefined);

/** What was cut out of the middle of a file begins with half a line. */
const fromLineStart = (bytes: Buffer, offset: number): string =>
  (offset > 0 ? bytes.subarray(bytes.indexOf("\n") + 1) : bytes).toString("utf8");

/** Up to the last line's end in these bytes, which stand there in the file. */
function readTo(offset: number, bytes: Buffer): ReadTo {
  const end = wholeLines(bytes).length;
  return { offset: offset + end, mark: Buffer.from(bytes.subarray(Math.max(0, end - markBytes), end)) };
}

const wholeLines = (bytes: Buffer): Buffer => {
  const end = bytes.lastIndexOf("\n") + 1;
  return bytes.length - end > longestLine ? bytes : bytes.subarray(0, end);
};

/** At most so much at a time; the rest follows at once. */
const chunkBytes = 1024 ** 2;

export interface FileNews extends FileRead {
  /** There is more already. */
  readonly isBehind: boolean;
}

/**
 * What a log says since it was read so far. A file that does not have there what was read was begun anew: what its older
 * file has beyond that comes first, then the new file from its start.
 */
export async function readNews({ files }: Context, log: HostLog, to: ReadTo): Promise<FileNews> {
  const { mark } = to;
  const part = await files.readPart(log.path, to.offset - mark.length, mark.length + chunkBytes);
  // Between two starts of Lima its log is not there.
  if (!part) return { entries: [], to, isBehind: false };
  if (!part.bytes.subarray(0, mark.length).equals(mark)) {
    const older = log.olderPath
      ? await files.readPart(log.olderPath, -longestBytes, longestBytes)
      : undefined;
    const at = older?.bytes.lastIndexOf(mark) ?? -1;
    const rest = older && at >= 0 ? older.bytes.subarray(at + mark.length).toString("utf8") : "";
    return { entries: log.parse(rest, older?.modifiedAt ?? 0), to: unread, isBehind: true };
  }
  const fresh = part.bytes.subarray(mark.length);
  const whole = wholeLines(fresh);
  const known = Buffer.concat([mark, whole]);
  const offset = to.offset + whole.length;
  const entries = log.parse(whole.toString("utf8"), part.modifiedAt);
  const isShown = to.shown !== undefined && entries[0]?.text === to.shown;
  return {
    entries: isShown ? entries.slice(1) : entries,
    to: {
      offset,
      mark: Buffer.from(known.subarray(-markBytes)),
      shown: whole.length === 0 ? to.shown : undefined,
    },
    isBehind: part.offset + part.bytes.length < part.sizeBytes,
  };
}
