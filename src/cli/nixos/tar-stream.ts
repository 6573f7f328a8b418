/**
 * A tar archive as a stream. Written here and not by the host's tar, because those of macOS and Linux differ in what
 * they add (attributes, owners, times); this one is the same bytes for the same files.
 */
export type TarEntry =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly executable: boolean;
      readonly content: Uint8Array;
    }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

const blockSize = 512;
const typeFlags = { file: "0", link: "2", pax: "x" } as const;

export async function* tarStream(
  entries: AsyncIterable<TarEntry> | Iterable<TarEntry>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const entry of entries) {
    const target = entry.kind === "link" ? entry.target : "";
    const long = paxRecords({ path: entry.path, linkpath: target });
    if (long.length > 0)
      yield* member({ path: "PaxHeader", type: "pax", mode: 0o644, target: "", content: long });
    yield* member({
      path: entry.path,
      type: entry.kind,
      mode: entry.kind === "file" && entry.executable ? 0o755 : 0o644,
      target,
      content: entry.kind === "file" ? entry.content : new Uint8Array(),
    });
  }
  // Two empty blocks end an archive.
  yield new Uint8Array(2 * blockSize);
}

interface Member {
  readonly path: string;
  readonly type: keyof typeof typeFlags;
  readonly mode: number;
  readonly target: string;
  readonly content: Uint8Array;
}

function* member({ path, type, mode, target, content }: Member): Generator<Uint8Array, void, undefined> {
  const header = Buffer.alloc(blockSize);
  writeText(header, path, 0, 100);
  writeOctal(header, mode, 100, 8);
  writeOctal(header, 0, 108, 8);
  writeOctal(header, 0, 116, 8);
  writeOctal(header, content.byteLength, 124, 12);
  writeOctal(header, 1, 136, 12);
  header.write(typeFlags[type], 156);
  writeText(header, target, 157, 100);
  header.write("ustar\x0000", 257, "latin1");
  // The checksum is taken over a header that has spaces where it goes.
  header.fill(" ", 148, 156);
  writeOctal(
    header,
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  yield header;
  if (content.byteLength > 0) yield content;
  const rest = content.byteLength % blockSize;
  if (rest > 0) yield new Uint8Array(blockSize - rest);
}

/** What a field of the header has no room for, as records of their own in front of the entry. */
function paxRecords(fields: Readonly<Record<string, string>>): Buffer {
  const long = Object.entries(fields).filter(([, value]) => Buffer.byteLength(value) > 100);
  return Buffer.from(long.map(([name, value]) => paxRecord(name, value)).join(""));
}

/** `LENGTH NAME=VALUE<newline>`, where the length counts its own digits. */
function paxRecord(name: string, value: string): string {
  const body = ` ${name}=${value}\n`;
  const bytes = Buffer.byteLength(body);
  const digits = String(bytes + String(bytes).length).length;
  return `${bytes + digits}${body}`;
}

function writeText(header: Buffer, text: string, offset: number, size: number): void {
  Buffer.from(text).copy(header, offset, 0, size);
}

function writeOctal(header: Buffer, value: number, offset: number, size: number): void {
  header.write(`${value.toString(8).padStart(size - 1, "0")}\0`, offset, "latin1");
}
