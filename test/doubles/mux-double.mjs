#!/usr/bin/env node
/**
 * Stands in for wezterm-mux-server where none can be installed: the real wire format for the few messages that a
 * probe sends, no terminals. One file without imports from the project, so that it also runs inside a guest:
 *   node mux-double.mjs [--path P] [--codec N] [--version V] [--exe E] [--config-file F] [--zstd auto|stored|off]
 *                       [--pushes N] [--silent] [--closes]
 * Like the real server it makes the folder 0700, takes over an existing socket file, and dies of an absurd length.
 */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as zlib from "node:zlib";

const uleb = (value) => {
  const bytes = [];
  for (let rest = BigInt(value); ; ) {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? group : group | 0x80);
    if (rest === 0n) return Buffer.from(bytes);
  }
};

const text = (value) => Buffer.concat([uleb(Buffer.byteLength(value)), Buffer.from(value)]);

const readUleb = (bytes, at) => {
  let value = 0n;
  for (let i = 0; i < 10; i += 1) {
    const byte = bytes[at + i];
    if (byte === undefined) return "partial";
    if (i === 9 && byte > 1) return "overflow";
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return "overflow";
};

/** A zstd frame of one raw block: legal, and larger than what it holds. */
const stored = (data) => {
  const head = (data.length << 3) | 1;
  const magic = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
  return Buffer.concat([Buffer.from([...magic, head & 255, (head >> 8) & 255, head >> 16]), data]);
};

const pack = (data, zstd) => {
  if (zstd === "stored" && data.length > 32) return stored(data);
  if (zstd !== "auto" || data.length <= 32 || !zlib.zstdCompressSync) return undefined;
  const packed = zlib.zstdCompressSync(data);
  return packed.length < data.length ? packed : undefined;
};

const frame = (serial, ident, data, zstd = "off") => {
  const packed = pack(data, zstd);
  const rest = Buffer.concat([uleb(serial), uleb(ident), packed ?? data]);
  return Buffer.concat([uleb(BigInt(rest.length) | (packed ? 1n << 63n : 0n)), rest]);
};

const error = (serial, message) => frame(serial, 0, text(`Error: ${message}`));

const none = Buffer.alloc(0);

function reply(serial, ident, options) {
  const { codec = 44, version = "20250223-062404-4ff581a8", configFile = null, zstd = "auto" } = options;
  const exe = options.exe ?? "/usr/local/bin/wezterm-mux-server";
  if (ident === 1) return frame(serial, 2, none);
  // No tabs, no tab titles, no window titles.
  if (ident === 3) return frame(serial, 4, Buffer.from([0, 0, 0]));
  if (ident === 26) {
    const config =
      configFile === null ? Buffer.from([0]) : Buffer.concat([Buffer.from([1]), text(configFile)]);
    return frame(serial, 27, Buffer.concat([uleb(codec), text(version), text(exe), config]), zstd);
  }
  if (ident === 40) return frame(serial, 10, none);
  if (ident === 41) return frame(serial, 42, Buffer.from([0]));
  if (ident === 2) return error(serial, "expected a request, got Pong(Pong)");
  return error(serial, `invalid PDU Invalid { ident: ${ident} }`);
}

/** Options and result: mux-double.ts. */
export function startMuxDouble(options) {
  mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
  rmSync(options.path, { force: true });
  const sockets = new Set();
  const double = { path: options.path, requests: [], aborted: false, close: () => stop() };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let pending = none;
    let greeted = false;
    socket.on("data", (chunk) => {
      if (options.closes) return socket.destroy();
      if (options.silent) return undefined;
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const length = readUleb(pending, 0);
        if (length === "partial") return undefined;
        if (length === "overflow") return socket.destroy();
        const total = length.value & ((1n << 63n) - 1n);
        if (total >= 1n << 40n) {
          // A real server aborts here and every pane dies with it.
          double.aborted = true;
          void stop();
          return undefined;
        }
        if (BigInt(pending.length - length.next) < total) return undefined;
        const end = length.next + Number(total);
        const serial = readUleb(pending.subarray(0, end), length.next);
        if (typeof serial === "string") return socket.destroy();
        const ident = readUleb(pending.subarray(0, end), serial.next);
        if (typeof ident === "string") return socket.destroy();
        pending = pending.subarray(end);
        double.requests.push(Number(ident.value));
        // TabTitleChanged with a tab number and a title: any real push looks like this one.
        const push = frame(0, 56, Buffer.concat([uleb(1), text("x".repeat(200))]), options.zstd ?? "auto");
        if (!greeted) for (let i = 0; i < (options.pushes ?? 0); i += 1) socket.write(push);
        greeted = true;
        socket.write(reply(serial.value, Number(ident.value), options));
      }
    });
  });
  const stop = () =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve(undefined));
    });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.path, () => {
      chmodSync(options.path, 0o1700);
      resolve(double);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = ["path", "codec", "version", "exe", "config-file", "zstd", "pushes"];
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(names.map((name) => [name, { type: "string" }])),
      silent: { type: "boolean" },
      closes: { type: "boolean" },
    },
  });
  const runtime = process.env.XDG_RUNTIME_DIR ?? `${homedir()}/.local/share`;
  const double = await startMuxDouble({
    ...values,
    path: values.path ?? `${runtime}/wezterm/sock`,
    codec: Number(values.codec ?? 44),
    pushes: Number(values.pushes ?? 0),
    configFile: values["config-file"] ?? null,
  });
  process.on("SIGTERM", () => process.exit(143));
  process.stdout.write(`mux-double listens at ${double.path}\n`);
  setInterval(() => {
    if (double.aborted) process.exit(134);
  }, 50).unref();
}
