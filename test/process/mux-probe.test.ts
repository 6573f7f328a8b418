import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { converse } from "../../src/cli/adapters/converse.ts";
import { probeMux as probe } from "../../src/cli/links/probes/mux.ts";
import {
  type MuxDouble,
  type MuxDoubleOptions,
  muxDoubleFile,
  startMuxDouble,
} from "../doubles/mux-double.ts";

const probeMux = (path: string, timeoutMs?: number) => probe(converse, path, timeoutMs);

let folder: string;
let double: MuxDouble | undefined;
const start = async (options: Omit<MuxDoubleOptions, "path"> = {}): Promise<string> => {
  double = await startMuxDouble({ path: join(folder, "sock"), ...options });
  return double.path;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ascalon-mux-"));
});
afterEach(async () => {
  await double?.close();
  double = undefined;
  await rm(folder, { recursive: true, force: true });
});

const exe =
  "/nix/store/0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p-wezterm-0-unstable-2025-02-23/bin/wezterm-mux-server";

test.each(["off", "stored", "auto"] as const)("a server with zstd %s is up", async (zstd) => {
  const found = await probeMux(await start({ codec: 45, exe, version: "0-unstable-2025-02-23", zstd }));
  expect(found).toEqual({
    kind: "up",
    rttMs: expect.any(Number),
    facts: { codec: 45, version: "0-unstable-2025-02-23", exe, configFile: null },
  });
  expect(double?.requests).toEqual([1, 26]);
});

test("pushes before the reply are passed over", async () => {
  expect(await probeMux(await start({ pushes: 5_000 }))).toMatchObject({ kind: "up", facts: { codec: 44 } });
});

test("nothing at the path", async () => {
  expect(await probeMux(join(folder, "none"))).toEqual({ kind: "absent" });
  expect(await probeMux(join(folder, "none", "deeper"))).toEqual({ kind: "absent" });
});

test("a socket file whose server was killed is refused", async () => {
  const path = join(folder, "sock");
  const child = spawn(process.execPath, [muxDoubleFile, "--path", path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  expect(await probeMux(path)).toMatchObject({ kind: "up" });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await probeMux(path)).toEqual({ kind: "refused", code: "ECONNREFUSED" });
});

test("a plain file at the path is refused", async () => {
  await writeFile(join(folder, "file"), "");
  expect(await probeMux(join(folder, "file"))).toMatchObject({ kind: "refused" });
});

test("a socket we may not use is refused", async () => {
  const path = await start();
  await chmod(folder, 0o755);
  await chmod(path, 0);
  // Root may use any, so it is nobody while it asks.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    expect(await probeMux(path)).toEqual({ kind: "refused", code: "EACCES" });
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test("a path that is too long for a socket is refused", async () => {
  expect(await probeMux(join(folder, "x".repeat(120)))).toEqual({
    kind: "refused",
    code: "ENAMETOOLONG",
  });
});

test("accepts and closes", async () => {
  expect(await probeMux(await start({ closes: true }))).toEqual({ kind: "closed" });
});

test("a peer that pushes without end, and answers nothing, is not read for as long as a probe may take", async () => {
  // Length 2, serial 0, ident 5: a push without data.
  const pushes = Buffer.alloc(3 * 65_536, Buffer.from([2, 0, 5]));
  let sent = 0;
  const server = createServer((socket) => {
    const push = (): void => {
      do sent += pushes.length;
      while (socket.write(pushes));
    };
    socket.on("error", () => {}).on("drain", push);
    push();
  });
  const path = join(folder, "pushes");
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  try {
    expect(await probeMux(path)).toEqual({ kind: "malformed", why: "it sends more than was asked for" });
    expect(sent).toBeLessThan(8 * 1024 * 1024);
  } finally {
    server.close();
  }
});

test("accepts and says nothing", async () => {
  const startedAt = performance.now();
  expect(await probeMux(await start({ silent: true }), 150)).toEqual({ kind: "silent" });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test.each([
  ["SSH-2.0-OpenSSH_9.6\r\n", "silent"],
  ["\u0000\u0000\u0000", "malformed"],
  ["HTTP/1.1 400 Bad Request\r\n\r\n", "silent"],
])("a peer that says %j is no mux server: %s", async (greeting, kind) => {
  const server = createServer((socket) => void socket.write(greeting));
  await new Promise<void>((resolve) => server.listen(join(folder, "other"), resolve));
  // What is said in time is no silence, however late it is read.
  expect((await probeMux(join(folder, "other"), kind === "silent" ? 200 : 5_000)).kind).toBe(kind);
  server.close();
});

test("an error instead of the version is told", async () => {
  const server = createServer((socket) => {
    socket.on("data", () => socket.write(Uint8Array.from([2, 1, 2, 6, 2, 0, 3, 0x6e, 0x6f, 0x21])));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "old"), resolve));
  expect(await probeMux(join(folder, "old"))).toEqual({ kind: "malformed", why: "no!" });
  server.close();
});
