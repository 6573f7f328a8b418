import type { StartPiped } from "../../src/cli/adapters/process.ts";
import { createBridgeServer } from "../../src/cli/bridge/server.ts";
import { frameHeader, frameKind } from "../../src/shared/bridge-frame.ts";
import { bridgeHello } from "../../src/shared/bridge-hello.ts";
import { fakeContext } from "../support/fake-context.ts";
import { fuzzInput, fuzzOutput, fuzzSocket } from "./bridge-ends.ts";

/**
 * Feeds the whole server (hello, frames, requests, policy) connections of mutated frames. Programs are doubles that
 * note what was started: whatever the bytes are, it must be one of the programs that the settings allow, with
 * arguments that a rule made, and it must be gone when its connection is. Clients grant what they do not read and
 * programs do not read what they are sent: neither may make the server hold more than its bounds.
 */
export interface BridgeFuzzFigures {
  readonly connections: number;
  readonly frames: number;
  readonly started: number;
  readonly elapsedMs: number;
}

type Random = (below: number) => number;

function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

const words = [
  "op read item get create inject run plugin document - -- --out-file=/x -o --account --vault=x op://v/i/f",
  "f[file]=/etc/passwd --template=x sh -c signin --raw https://a.example /etc/passwd -a Terminal ../.. %00 \u0000 \u202e",
]
  .join(" ")
  .split(" ");

const commands = [
  "op",
  "op",
  "op",
  "open",
  "pbcopy",
  "pbpaste",
  "notify",
  "sh",
  "/bin/sh",
  "",
  "constructor",
];
const kinds = ["pipe", "none", "terminal", "file", 7];

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;

function request(random: Random): unknown {
  const value: Record<string, unknown> = {
    command: pick(random, commands),
    args: Array.from({ length: random(6) }, () => pick(random, words)),
    streams: Array.from({ length: random(12) === 0 ? random(5) : 3 }, () =>
      random(8) === 0 ? pick(random, kinds) : "pipe",
    ),
    env:
      random(6) === 0
        ? [
            ["PATH", "/evil"],
            ["OP_SESSION_x", "y"],
          ]
        : [],
  };
  if (random(4) === 0) value.terminal = { columns: random(300), rows: random(100) };
  if (random(20) === 0) delete value[pick(random, Object.keys(value))];
  if (random(20) === 0) value[pick(random, Object.keys(value))] = pick(random, [null, 1, "x", [], {}, [[]]]);
  return value;
}

function frame(random: Random): Buffer {
  const kind =
    random(10) === 0
      ? random(256)
      : pick(random, [...Object.values(frameKind), frameKind.data, frameKind.exec]);
  const payload =
    kind === frameKind.exec
      ? Buffer.from(JSON.stringify(request(random)))
      : kind === frameKind.ask
        ? Buffer.from(pick(random, ['"status"', "null", "x"]))
        : kind === frameKind.signal
          ? Buffer.from(pick(random, ["SIGINT", "SIGTERM", "SIGKILL", "KILL", "", "SIGSTOP"]))
          : kind === frameKind.credit && random(2) === 0
            ? Buffer.from([0, 16, 0, 0])
            : Buffer.alloc(random(random(5) === 0 ? 70_000 : 64), random(256));
  const bytes = Buffer.concat([
    frameHeader(kind, random(12) === 0 ? random(256) : random(4), payload.length),
    payload,
  ]);
  for (let hits = random(6) === 0 ? 1 + random(3) : 0; hits > 0; hits -= 1)
    bytes[random(bytes.length)] = random(256);
  return random(25) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

function exec(random: Random): Buffer {
  const payload = Buffer.from(JSON.stringify(request(random)));
  return Buffer.concat([frameHeader(frameKind.exec, 0, payload.length), payload]);
}

const forbidden = /^(--?o(ut-file|utput)?\b|--template|--config|--in-file|-i\b)|\0/;

/** What each program may be given, told independently of the rules. */
const isFine: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  "/usr/bin/op": (args) =>
    !args.some((arg) => forbidden.test(arg)) &&
    !(
      args[0] === "item" &&
      args.some((arg) => arg.includes("[file]=") && /^(create|edit)$/.test(args[1] ?? ""))
    ) &&
    !/^(run|plugin|update|sh|-c)$/.test(args[0] ?? ""),
  "/usr/bin/xdg-open": (args) => args.length === 1 && /^(https?:\/\/|mailto:)/.test(args[0] ?? ""),
  "/usr/bin/wl-copy": (args) => args.length === 0,
  "/usr/bin/notify-send": ([app, dashes, title, body, ...more]) =>
    app === "--app-name=ascalon" &&
    dashes === "--" &&
    more.length === 0 &&
    !/[\p{Cc}<>]/u.test(`${title}${body}`),
};
const allowed = new Set(Object.keys(isFine));

/** Throws on the first thing that must not be. */
export async function fuzzBridge(seed: number, frames: number): Promise<BridgeFuzzFigures> {
  const random = randomFrom(seed);
  const context = fakeContext();
  const startedAt = performance.now();
  const problems: unknown[] = [];
  let [started, living, sent, connections] = [0, 0, 0, 0];
  const startPiped: StartPiped = (file, args, { onExit }) => {
    // The server would make an error frame of whatever is thrown here.
    if (!allowed.has(file)) problems.push(`started ${file}`);
    if (!isFine[file]?.(args)) problems.push(`${file} ${JSON.stringify(args)}`);
    started += 1;
    living += 1;
    let isOver = false;
    const kill = (): void => {
      if (isOver) return;
      isOver = true;
      living -= 1;
      queueMicrotask(() => onExit({ exitCode: 0, signal: undefined, startError: undefined }));
    };
    if (random(3) === 0) setImmediate(kill);
    const stdin = random(2) === 0 ? null : fuzzInput(() => random(2) === 0, onProblem);
    const stdout = random(8) === 0 ? fuzzOutput(random(48)) : null;
    return { pid: 1, stdin, stdout, stderr: null, kill };
  };
  const onProblem = (error: unknown): void => void problems.push(error);
  process.on("unhandledRejection", onProblem);
  process.on("uncaughtException", onProblem);
  const server = createBridgeServer({
    // Time passes faster than it does, so that the rate limits do not end the run.
    context: {
      ...context,
      files: { ...context.files, isExecutable: async (file) => allowed.has(file) },
      clock: { ...context.clock, monotonic: () => performance.now() * 1_000 },
    },
    startPiped,
    readSettings: async () => ({
      bridge: { allow: ["op", "open", "pbcopy", "notify"], rules: [] },
      mounts: [{ host: "/p", writable: true }],
    }),
    log: { write: () => {}, settled: async () => {} },
  });
  try {
    while (sent < frames) {
      connections += 1;
      const { socket, emit, read, isClosed } = fuzzSocket(onProblem);
      server.serve(socket);
      const first = random(20) === 0 ? Buffer.alloc(random(100), random(256)) : Buffer.from(bridgeHello(1));
      emit("data", first);
      const total = 1 + random(12);
      for (let count = total; count > 0 && !isClosed(); count -= 1) {
        sent += 1;
        emit("data", count === total && random(3) > 0 ? exec(random) : frame(random));
        if (random(3) === 0) await new Promise((resolve) => setImmediate(resolve));
        if (random(4) === 0) read();
      }
      for (let ticks = random(8); ticks >= 0; ticks -= 1)
        await new Promise((resolve) => setImmediate(resolve));
      emit("close");
      if (problems.length > 0)
        throw new Error(`seed ${seed}, connection ${connections}`, { cause: problems[0] });
    }
    for (let tries = 0; living > 0 && tries < 50; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    if (living > 0) throw new Error(`seed ${seed}: ${living} programs outlived their connections`);
  } finally {
    process.removeListener("unhandledRejection", onProblem);
    process.removeListener("uncaughtException", onProblem);
    server.close();
  }
  const elapsedMs = performance.now() - startedAt;
  return { connections, frames: sent, started, elapsedMs };
}
