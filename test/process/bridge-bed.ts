import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { inject } from "vitest";
import { systemClock } from "../../src/cli/adapters/clock.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { type Listener, listenAt } from "../../src/cli/adapters/listen.ts";
import { startPiped, systemProcesses } from "../../src/cli/adapters/process.ts";
import type { BridgeSettings } from "../../src/cli/bridge/decide-call.ts";
import { createBridgeLog } from "../../src/cli/bridge/log.ts";
import { type BridgeServer, createBridgeServer } from "../../src/cli/bridge/server.ts";
import type { BridgeRule } from "../../src/cli/settings/settings.ts";
import type { BridgeStatus } from "../../src/shared/bridge-messages.ts";

const double = new URL("../doubles/op-double.cjs", import.meta.url).pathname;

export interface GuestEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: Buffer;
  readonly err: string;
}

export interface GuestOptions {
  readonly input?: Buffer | string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Both ends of the bridge on one machine: the real server, the built client, op-double. */
export interface BridgeBed {
  readonly root: string;
  /** Where the server listens, and where the client connects unless told otherwise. */
  readonly socket: string;
  readonly client: string;
  /** A folder with every shim by name. */
  readonly shims: string;
  readonly project: string;
  settings: BridgeSettings;
  start(args: readonly string[], options?: GuestOptions): ChildProcess;
  guest(args: readonly string[], options?: GuestOptions): Promise<GuestEnd>;
  log(): Promise<string>;
  status(): Promise<BridgeStatus>;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export function ended(child: ChildProcess): Promise<GuestEnd> {
  const out: Buffer[] = [];
  let err = "";
  child.stdout?.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, out: Buffer.concat(out), err }));
  });
}

/** Programs of the host that write down what they were given: `open`, `pbcopy`, …. */
function recorder(path: string, file: string, more = ""): string {
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > ${file}\n${more}\n`);
  chmodSync(path, 0o755);
  return path;
}

export async function openBridgeBed(): Promise<BridgeBed> {
  const client = `${inject("runFolder")}/ascalon-guest.mjs`;
  const root = realpathSync(mkdtempSync(`${tmpdir()}/asb-`));
  const project = `${root}/project`;
  const shims = `${root}/shims`;
  for (const folder of [project, shims, `${root}/bin`, `${root}/log`]) mkdirSync(folder, { mode: 0o700 });
  for (const name of ["op", "open", "xdg-open", "pbcopy", "pbpaste", "notify", "ascalon-guest"]) {
    writeFileSync(
      `${shims}/${name}`,
      `#!/bin/sh\nexport ASCALON_NODE_OPTIONS="\${NODE_OPTIONS-}" NODE_OPTIONS=\nexec ${process.execPath} -- ${client} ${name === "ascalon-guest" ? "" : name} "$@"\n`,
    );
    chmodSync(`${shims}/${name}`, 0o755);
  }
  const rule = (command: string, program: string): BridgeRule => ({ command, program, confirm: false });
  const bin = (name: string, more?: string): string =>
    recorder(`${root}/bin/${name}`, `${root}/${name}.args`, more);
  const bed: { settings: BridgeSettings } = {
    settings: {
      bridge: {
        allow: ["op", "open", "pbcopy", "pbpaste", "notify"],
        rules: [
          rule("op", double),
          rule("open", bin("xdg-open")),
          rule("pbcopy", bin("wl-copy", `cat > ${root}/clipboard`)),
          rule("pbpaste", bin("wl-paste", `cat ${root}/clipboard`)),
          rule("notify", bin("notify-send")),
        ],
      },
      mounts: [{ host: project, writable: true }],
    },
  };
  const socket = `${root}/bridge.sock`;
  const logFile = `${root}/log/bridge.log`;
  let listener: Listener | undefined;
  let server: BridgeServer | undefined;
  let log = createBridgeLog(systemFiles, systemClock, logFile);
  const context = {
    env: { ...process.env, HOME: root, OP_DEBUG: "of-the-host" },
    host: { platform: "linux", arch: "x64", cpus: 2, memoryBytes: 1, home: root } as const,
    files: systemFiles,
    clock: systemClock,
    processes: systemProcesses,
  };
  const startServer = async (): Promise<void> => {
    log = createBridgeLog(systemFiles, systemClock, logFile);
    server = createBridgeServer({ context, startPiped, readSettings: async () => bed.settings, log });
    listener = await listenAt(socket, server.serve);
  };
  const stopServer = async (): Promise<void> => {
    await listener?.close();
    server?.close();
    listener = undefined;
  };
  const start: BridgeBed["start"] = (args, options = {}) => {
    const child = spawn(process.execPath, ["--", client, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      cwd: options.cwd ?? root,
      env: { PATH: `${shims}:/usr/bin:/bin`, HOME: root, ASCALON_BRIDGE_SOCKET: socket, ...options.env },
    });
    child.stdin?.on("error", () => {});
    if (options.input !== undefined) child.stdin?.end(options.input);
    return child;
  };
  await startServer();
  return Object.assign(bed, {
    root,
    socket,
    client,
    shims,
    project,
    start,
    guest: (args: readonly string[], options: GuestOptions = {}) =>
      ended(start(args, { input: "", ...options })),
    log: async () => {
      await log.settled();
      return readFileSync(logFile, "utf8");
    },
    status: async () => {
      const { askStatus } = await import("../support/ask-bridge.ts");
      return await askStatus(socket);
    },
    startServer,
    stopServer,
    close: async () => {
      await stopServer();
      await wait(10);
      rmSync(root, { recursive: true, force: true });
    },
  });
}

/** Asks again until it is so. The bound is for what never comes: a machine with other work takes its time. */
export async function until(what: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await wait(10);
  }
}
