import { posix } from "node:path";
import type { FileInfo, Files } from "../../src/cli/adapters/files.ts";

interface Node {
  kind: FileInfo["kind"];
  text: string;
  mode: number;
  uid: number;
  modifiedAt: number;
}

export interface FakeFiles extends Files {
  /** Text of a file, undefined when there is none; for expectations. */
  text(path: string): string | undefined;
  /** Puts an entry there, with its parents; for the arrangement of a test. */
  put(
    path: string,
    text: string,
    extra?: Partial<Pick<FileInfo, "kind" | "mode" | "uid" | "modifiedAt">>,
  ): void;
  /** Every path that is not a folder, sorted. */
  paths(): readonly string[];
  /** What `freeBytes` answers. */
  free: number;
}

function failure(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}

/** A file system in memory: absolute paths, no permissions checks, symlinks only as far as linkTarget and realPath go. */
export function fakeFiles(
  initial: Readonly<Record<string, string>> = {},
  now: () => number = () => 0,
): FakeFiles {
  const nodes = new Map<string, Node>();

  const folder = (path: string, mode: number): void => {
    if (nodes.has(path)) return;
    if (path !== "/") folder(posix.dirname(path), mode);
    nodes.set(path, { kind: "folder", text: "", mode, uid: 1000, modifiedAt: now() });
  };
  const put: FakeFiles["put"] = (path, text, extra = {}) => {
    folder(posix.dirname(path), 0o700);
    nodes.set(path, { kind: "file", text, mode: 0o600, uid: 1000, modifiedAt: now(), ...extra });
  };
  const textOf = (path: string): string | undefined => {
    const node = nodes.get(path);
    if (node?.kind === "folder") throw failure("EISDIR", path);
    return node?.text;
  };
  const below = (path: string): string[] => [...nodes.keys()].filter((key) => key.startsWith(`${path}/`));
  const append = async (path: string, text: string): Promise<void> => {
    if (!nodes.has(posix.dirname(path))) throw failure("ENOENT", path);
    put(path, (textOf(path) ?? "") + text, { mode: nodes.get(path)?.mode ?? 0o600 });
  };

  for (const [path, text] of Object.entries(initial)) put(path, text);
  folder("/", 0o755);

  return {
    free: 1024 ** 4,
    text: textOf,
    put,
    paths: () => [...nodes].flatMap(([path, node]) => (node.kind === "folder" ? [] : [path])).sort(),
    readText: async (path) => textOf(path),
    readTail: async (path, bytes) => {
      const text = textOf(path);
      if (text === undefined || text.length <= bytes) return text;
      const tail = text.slice(-bytes);
      return tail.slice(tail.indexOf("\n") + 1);
    },
    info: async (path) => {
      const node = nodes.get(path);
      if (!node) return undefined;
      const { kind, mode, uid, modifiedAt } = node;
      const sizeBytes = Buffer.byteLength(node.text);
      const allocatedBytes = Math.ceil(sizeBytes / 4096) * 4096;
      return { kind, mode, uid, id: path, modifiedAt, sizeBytes, allocatedBytes };
    },
    list: async (path) => {
      if (nodes.get(path)?.kind !== "folder") return undefined;
      const prefix = path === "/" ? "/" : `${path}/`;
      return [...nodes.keys()]
        .filter((key) => key !== path && key.startsWith(prefix) && !key.slice(prefix.length).includes("/"))
        .map((key) => key.slice(prefix.length))
        .sort();
    },
    linkTarget: async (path) => {
      const node = nodes.get(path);
      if (node && node.kind !== "symlink") throw failure("EINVAL", path);
      return node?.text;
    },
    realPath: async (path) => {
      let at = posix.normalize(path);
      // Each round resolves the first symlink on the way; 40 is where Linux gives up.
      for (let round = 0; round < 40; round += 1) {
        const names = at.split("/").filter((name) => name !== "");
        const prefixes = names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
        const link = prefixes.find((prefix) => nodes.get(prefix)?.kind === "symlink");
        if (link === undefined) return nodes.has(at) ? at : undefined;
        at = posix.join(
          posix.resolve(posix.dirname(link), nodes.get(link)?.text ?? ""),
          at.slice(link.length),
        );
      }
      return undefined;
    },
    writeAtomic: async (path, text, mode = 0o600) => {
      if (nodes.get(path)?.kind === "folder") throw failure("EISDIR", path);
      put(path, text, { mode });
    },
    append,
    empty: async (path) => put(path, "", { mode: nodes.get(path)?.mode ?? 0o600 }),
    linkExclusive: async (path, text) => {
      if (nodes.has(path)) return false;
      await append(path, text);
      return true;
    },
    readBytes: async (path, bytes) => {
      const text = textOf(path);
      return text === undefined ? undefined : Buffer.from(text, "latin1").subarray(0, bytes);
    },
    readPart: async (path, offset, bytes) => {
      const text = textOf(path);
      if (text === undefined) return undefined;
      const whole = Buffer.from(text, "utf8");
      const start = offset < 0 ? Math.max(0, whole.length + offset) : offset;
      return {
        offset: start,
        bytes: whole.subarray(start, start + bytes),
        sizeBytes: whole.length,
        modifiedAt: nodes.get(path)?.modifiedAt ?? 0,
      };
    },
    writeBytesAtomic: async (path, bytes, mode = 0o600) => {
      put(path, Buffer.from(bytes).toString("latin1"), { mode });
    },
    makeFolder: async (path, mode = 0o700) => {
      const node = nodes.get(path);
      if (node && node.kind !== "folder") throw failure("EEXIST", path);
      folder(path, mode);
    },
    remove: async (path) => {
      if (nodes.get(path)?.kind === "folder") throw failure("ERR_FS_EISDIR", path);
      nodes.delete(path);
    },
    removeFolder: async (path) => {
      for (const key of [path, ...below(path)]) nodes.delete(key);
    },
    rename: async (from, to) => {
      const node = nodes.get(from);
      if (!node) throw failure("ENOENT", from);
      folder(posix.dirname(to), 0o700);
      for (const key of [from, ...below(from)]) {
        const moved = nodes.get(key);
        nodes.delete(key);
        if (moved) nodes.set(to + key.slice(from.length), moved);
      }
    },
    async freeBytes() {
      return this.free;
    },
    isReadWritable: async (path) => ((nodes.get(path)?.mode ?? 0) & 0o600) === 0o600,
    isExecutable: async (path) => ((nodes.get(path)?.mode ?? 0) & 0o100) === 0o100,
    isReadable: async (path) => ((nodes.get(path)?.mode ?? 0) & 0o400) === 0o400,
    mayMakeIn: async (path) => ((nodes.get(path)?.mode ?? 0) & 0o300) === 0o300,
    openAppend: async (path) => {
      if (!nodes.has(posix.dirname(path))) throw failure("ENOENT", path);
      if (!nodes.has(path)) put(path, "");
      return { fd: -1, close: async () => {} };
    },
  };
}
