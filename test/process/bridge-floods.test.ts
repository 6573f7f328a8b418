import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { frameKind, streamId } from "../../src/shared/bridge-frame.ts";
import { askStatus, frame, hello, rawCall } from "../support/ask-bridge.ts";
import { type BridgeBed, openBridgeBed, until } from "./bridge-bed.ts";
import { residentMiB } from "./link-bed.ts";

/** What a guest can send without end, and what the host holds of it. */

const outfile = new URL(`../../node_modules/.cache/hold-floods-${process.pid}.mjs`, import.meta.url).pathname;
const double = new URL("../doubles/op-double.cjs", import.meta.url).pathname;
let bed: BridgeBed;
let server: ChildProcess | undefined;
let clients: Socket[] = [];

beforeAll(async () => {
  const entryPoints = [new URL("./hold-bridge.ts", import.meta.url).pathname];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", packages: "external" });
  bed = await openBridgeBed();
});
afterAll(async () => {
  await bed.close();
  rmSync(outfile, { force: true });
});
afterEach(() => {
  for (const client of clients) client.destroy();
  clients = [];
  server?.kill("SIGKILL");
  server = undefined;
});

const exec = (args: readonly string[], more: object = {}): Buffer =>
  frame(
    frameKind.exec,
    JSON.stringify({ command: "op", args, streams: ["pipe", "pipe", "pipe"], env: [], ...more }),
  );

/** A server of its own, whose memory can be measured; `program` stands for op. */
async function serving(name: string, program: string) {
  const socket = `${bed.root}/${name}.sock`;
  const started = spawn(process.execPath, [outfile, socket, program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  server = started;
  await once(started.stdout as NonNullable<typeof started.stdout>, "data");
  return { socket, residentMiB: () => residentMiB(started.pid ?? -1) };
}

function client(socket: string, ...parts: readonly Uint8Array[]): Socket {
  const made = connect(socket).on("error", () => {});
  clients.push(made);
  for (const part of parts) made.write(part);
  return made;
}

const sleeper = (): string => {
  const path = `${bed.root}/bin/sleeper`;
  writeFileSync(path, "#!/bin/sh\nexec sleep 300\n", { mode: 0o755 });
  return path;
};

/** So many one-byte frames. */
const drips = (count: number, stream: number): Buffer => {
  const one = frame(frameKind.data, "x", stream);
  return Buffer.alloc(count * one.length, one);
};

describe("a guest that sends and does not stop", () => {
  test.each([
    ["a pipe", streamId.stdin, {}],
    [
      "a terminal",
      streamId.terminal,
      { streams: ["terminal", "terminal", "terminal"], terminal: { columns: 80, rows: 24 } },
    ],
  ])("bytes one by one, for a program that does not read, by %s", async (_, stream, more) => {
    const { socket, residentMiB } = await serving(`drips-${stream}`, sleeper());
    const before = await residentMiB();
    const window = drips(1_000_000, stream);
    for (let at = 0; at < 4; at += 1) {
      const one = client(socket, hello, exec(["whoami"], more));
      one.resume();
      await until(async () => (await askStatus(socket)).running === at + 1);
      await wait(200);
      await new Promise<void>((resolve) => void one.write(window, () => resolve()));
    }
    await wait(1_000);
    expect((await askStatus(socket)).running).toBe(4);
    expect((await residentMiB()) - before).toBeLessThan(90);
  });

  test("credit for what it does not read", async () => {
    const { socket, residentMiB } = await serving("credit", double);
    const one = client(socket, hello, exec(["document", "get", "1000"])).pause();
    await until(async () => (await askStatus(socket)).running === 1);
    await wait(1_000);
    const before = await residentMiB();
    const grant = frame(frameKind.credit, Buffer.from([0, 16, 0, 0]), streamId.stdout);
    for (let count = 0; count < 100; count += 1) {
      one.write(grant);
      await wait(20);
    }
    expect((await askStatus(socket)).running).toBe(1);
    expect((await residentMiB()) - before).toBeLessThan(30);
  });

  test("new sizes, for a terminal", async () => {
    const { socket, residentMiB } = await serving("sizes", sleeper());
    const terminal = { streams: ["terminal", "terminal", "terminal"], terminal: { columns: 80, rows: 24 } };
    const one = client(socket, hello, exec(["whoami"], terminal));
    one.resume();
    await until(async () => (await askStatus(socket)).running === 1);
    await wait(300);
    const before = await residentMiB();
    const size = frame(frameKind.resize, Buffer.from([0, 80, 0, 24]), streamId.terminal);
    const many = Buffer.alloc(1_000_000 * size.length, size);
    await new Promise<void>((resolve) => void one.write(many, () => resolve()));
    expect((await residentMiB()) - before).toBeLessThan(160);
    expect((await askStatus(socket)).running).toBe(1);
  });

  test("questions, and gets one answer a connection", async () => {
    const { socket } = await serving("questions", double);
    const ask = frame(frameKind.ask, '"status"');
    const frames = await rawCall(socket, hello, ask, ask, exec(["whoami"]));
    expect(frames.map(({ kind }) => kind)).toEqual([frameKind.answer]);
    const answer = JSON.parse(frames[0]?.payload.toString() ?? "null");
    expect(answer).toMatchObject({ calls: 0, running: 0, malformed: 0 });
    expect(await askStatus(socket)).toMatchObject({ calls: 0, running: 0, malformed: 0 });
    const flood = Buffer.alloc(60_000 * ask.length, ask);
    for (let at = 0; at < 20; at += 1) client(socket, hello, flood);
    const startedAt = performance.now();
    await askStatus(socket);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe("a guest that holds what connections there are", () => {
  /** Opens another one for each that is closed. */
  function holding(count: number, socket: string, ...parts: readonly Uint8Array[]) {
    let goesOn = true;
    let opened = 0;
    const again = (): void => {
      if (!goesOn) return;
      opened += 1;
      client(socket, ...parts)
        .on("close", () => setTimeout(again, 5))
        .resume();
    };
    for (let at = 0; at < count; at += 1) again();
    return {
      opened: () => opened,
      stop: () => {
        goesOn = false;
      },
    };
  }

  test.each([
    ["without a request", [hello]],
    ["with what is none, and stays", [hello, Buffer.alloc(6, 99)]],
    ["with more calls than there may be", [hello, exec(["whoami"])]],
  ])("%s keeps nobody out who asks how the bridge is", async (_, parts) => {
    const { socket } = await serving("held", sleeper());
    const held = holding(400, socket, ...parts);
    await until(() => held.opened() > 600);
    let answered = 0;
    for (let at = 0; at < 20; at += 1) if ((await askStatus(socket)).allow.includes("op")) answered += 1;
    held.stop();
    // One that comes in the same moment as hundreds may be among those that give way.
    expect(answered).toBeGreaterThanOrEqual(18);
  });

  test("calls beyond their bound are told that there are too many, the others wait and run", async () => {
    const { socket } = await serving("calls", sleeper());
    // As many as the rate of op lets in at once: the host has room for each.
    const calls = Array.from({ length: 300 }, () => client(socket, hello, exec(["whoami"])));
    await until(async () => (await askStatus(socket)).running === 64);
    await wait(200);
    expect((await askStatus(socket)).refused).toBe(0);
    calls.push(...[1, 2, 3, 4].map(() => client(socket, hello, exec(["whoami"]))));
    await wait(100);
    const [late] = await rawCall(socket, hello, exec(["whoami"]));
    expect(JSON.parse(late?.payload.toString() ?? "null")).toEqual({
      code: "busy",
      message: "too many calls at once",
    });
    expect(calls.filter((one) => one.destroyed)).toEqual([]);
    calls[0]?.destroy();
    const next = client(socket, hello, exec(["whoami"]));
    await wait(300);
    expect(next.destroyed).toBe(false);
  });
});

describe("a guest that takes its time", () => {
  test("a byte now and then does not keep a connection without a request", async () => {
    const startedAt = performance.now();
    const one = client(bed.socket, hello);
    // Not events.once, which rejects for a write that meets the end.
    const closed = new Promise((resolve) => one.resume().once("close", resolve));
    const request = exec(["whoami"]);
    let at = 0;
    const timer = setInterval(() => one.write(request.subarray(at, ++at)), 500);
    await closed;
    clearInterval(timer);
    expect(performance.now() - startedAt).toBeLessThan(7_000);
  });

  test("a call whose client is gone never runs, whatever it sent while it waited", async () => {
    const { settings } = bed;
    const programs: Readonly<Record<string, string>> = { op: sleeper() };
    const rules = settings.bridge.rules.map((rule) => ({
      ...rule,
      program: programs[rule.command] ?? rule.program,
    }));
    bed.settings = { ...settings, bridge: { ...settings.bridge, rules } } as typeof settings;
    const running = Array.from({ length: 64 }, () => client(bed.socket, hello, exec(["whoami"])));
    await until(async () => (await bed.status()).running === 64);
    const streams = ["none", "pipe", "pipe"];
    const late = client(bed.socket, hello, exec(["https://late.example/"], { command: "open", streams }));
    for (let at = 0; at < 3; at += 1) {
      await wait(200);
      late.write(frame(frameKind.data, Buffer.alloc(20_000)));
    }
    await wait(200);
    late.destroy();
    await wait(200);
    running[0]?.destroy();
    await until(async () => (await bed.status()).running === 63);
    await wait(500);
    expect(existsSync(`${bed.root}/xdg-open.args`)).toBe(false);
    for (const one of running) one.destroy();
    bed.settings = settings;
    await until(async () => (await bed.status()).running === 0);
  });

  test("a program that it stopped and left is asked to end before it is made to", async () => {
    const path = `${bed.root}/bin/trapping`;
    const lines = ["#!/bin/sh", `trap 'echo asked > ${bed.root}/asked; exit' TERM`, "echo ready"];
    writeFileSync(path, `${lines.join("\n")}\nwhile :; do sleep 0.05; done\n`, { mode: 0o755 });
    const { socket } = await serving("trapping", path);
    const one = client(socket, hello, exec(["whoami"]));
    let said = "";
    one.on("data", (bytes: Buffer) => {
      said += bytes.toString("latin1");
    });
    await until(() => said.includes("ready"));
    one.write(frame(frameKind.signal, "SIGSTOP"));
    await wait(200);
    one.destroy();
    await until(() => existsSync(`${bed.root}/asked`));
  });

  test("who sends more than a little before the call began is cut", async () => {
    const { settings } = bed;
    const rules = settings.bridge.rules.map((rule) => ({ ...rule, confirm: rule.command === "op" }));
    bed.settings = { ...settings, bridge: { ...settings.bridge, rules } };
    const piece = frame(frameKind.data, Buffer.alloc(60_000));
    const frames = await rawCall(bed.socket, hello, exec(["whoami"]), piece, piece);
    bed.settings = settings;
    expect(frames.at(-1)?.kind).toBe(frameKind.error);
  });
});
