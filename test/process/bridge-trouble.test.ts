import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFrameReader, frameKind } from "../../src/shared/bridge-frame.ts";
import { readError } from "../../src/shared/bridge-messages.ts";
import { askStatus, frame, hello, rawCall } from "../support/ask-bridge.ts";
import { hasSshd } from "../support/loopback-guest.ts";
import { type BridgeBed, ended, openBridgeBed, until } from "./bridge-bed.ts";
import { residentMiB } from "./link-bed.ts";
import { startLoopbackSshd } from "./loopback-sshd.ts";

const outfile = new URL(`../../node_modules/.cache/hold-bridge-${process.pid}.mjs`, import.meta.url).pathname;
const double = new URL("../doubles/op-double.cjs", import.meta.url).pathname;
let bed: BridgeBed;

beforeAll(async () => {
  const entryPoints = [new URL("./hold-bridge.ts", import.meta.url).pathname];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", packages: "external" });
  bed = await openBridgeBed();
});
afterAll(async () => {
  await bed.close();
  rmSync(outfile, { force: true });
});

/** A zombie is dead: who reaps it, and when, is not the bridge's business once its parent is gone. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    if (process.platform !== "linux") return true;
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return false;
  }
};

const exec = (args: readonly string[], more: object = {}): Buffer =>
  frame(
    frameKind.exec,
    JSON.stringify({ command: "op", args, streams: ["pipe", "pipe", "pipe"], env: [], ...more }),
  );

/** Starts a call that waits; the pid of its program on the host. */
async function waitingCall(
  args: readonly string[] = ["op", "vault", "get", "x"],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: ChildProcess; readonly pid: number }> {
  const child = bed.start(args, { env });
  const [bytes] = (await once(child.stdout as NonNullable<typeof child.stdout>, "data")) as [Buffer];
  return { child, pid: Number(bytes.toString()) };
}

describe("either side dying frees the other", () => {
  test.each([["x"], ["stubborn"]])("a client killed -9 ends its program (%s)", async (kind) => {
    const { child, pid } = await waitingCall(["op", "vault", "get", kind]);
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGKILL");
    await until(() => !isAlive(pid));
    await until(async () => (await bed.status()).running === 0);
    expect(await bed.log()).toMatch(/op vault get: abandoned, SIG(TERM|KILL) after \d+ ms/);
  });

  test("a server killed -9 ends the client with one sentence, and its program", async () => {
    const socket = `${bed.root}/killed.sock`;
    const server = spawn(process.execPath, [outfile, socket, double], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(server.stdout as NonNullable<typeof server.stdout>, "data");
    const child = bed.start(["op", "document", "edit", "x", "-"], { env: { ASCALON_BRIDGE_SOCKET: socket } });
    const end = ended(child);
    child.stdin?.write("echo");
    await once(child.stdout as NonNullable<typeof child.stdout>, "data");
    server.kill("SIGKILL");
    expect(await end).toMatchObject({
      code: 125,
      err: "op: the bridge to the host was cut while the command ran\n",
    });
  });

  test("a client sends nothing to read before its program runs, so that its death is heard while it waits", async () => {
    const socket = `${bed.root}/waiting.sock`;
    const kinds: number[] = [];
    let host: Socket | undefined;
    const note = (kind: number): void => void kinds.push(kind);
    const server = createServer((peer) => {
      host = peer;
      const reader = createFrameReader(Object.values(frameKind), {
        onData: () => note(frameKind.data),
        onFrame: (kind) => note(kind),
      });
      let greeted = false;
      peer.on("data", (bytes: Buffer) => {
        const start = greeted ? 0 : bytes.indexOf("\n") + 1;
        greeted ||= start > 0;
        if (greeted) reader.push(bytes.subarray(start));
      });
      peer.on("error", () => {});
      peer.write(hello);
    });
    await new Promise<void>((resolve) => void server.listen(socket, resolve));
    const child = bed.start(["pbcopy"], { env: { ASCALON_BRIDGE_SOCKET: socket } });
    try {
      child.stdin?.write(Buffer.alloc(300_000));
      await until(() => kinds.includes(frameKind.exec));
      await wait(300);
      expect(kinds).not.toContain(frameKind.data);
      host?.write(frame(frameKind.started));
      await until(() => kinds.includes(frameKind.data));
    } finally {
      child.kill("SIGKILL");
      server.close();
    }
  });

  test("a program that reads nothing ends with the server, killed -9", async () => {
    const socket = `${bed.root}/deaf.sock`;
    const server = spawn(process.execPath, [outfile, socket, double], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(server.stdout as NonNullable<typeof server.stdout>, "data");
    const env = { ASCALON_BRIDGE_SOCKET: socket };
    const { pid } = await waitingCall(["op", "vault", "get", "stubborn"], env);
    server.kill("SIGKILL");
    await until(() => !isAlive(pid));
  });

  test("a terminal's program ends with the server, killed -9", async () => {
    const socket = `${bed.root}/terminal.sock`;
    const server = spawn(process.execPath, [outfile, socket, double], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(server.stdout as NonNullable<typeof server.stdout>, "data");
    const client = connect(socket);
    const streams = ["terminal", "terminal", "terminal"];
    client.write(hello);
    client.write(exec(["vault", "get", "stubborn"], { streams, terminal: { columns: 80, rows: 24 } }));
    // Frames, because a terminal may give one line in several pieces.
    let screen = "";
    const show = {
      onData: (_: number, bytes: Uint8Array) => {
        screen += Buffer.from(bytes).toString();
      },
      onFrame: () => {},
    };
    const reader = createFrameReader(Object.values(frameKind), show);
    let greeted = false;
    client.on("data", (bytes) => {
      const start = greeted ? 0 : bytes.indexOf("\n") + 1;
      greeted ||= start > 0;
      if (greeted) reader.push(bytes.subarray(start));
    });
    client.on("error", () => {});
    await until(() => /^\d+\n$/.test(screen));
    const pid = Number(screen);
    expect(isAlive(pid)).toBe(true);
    server.kill("SIGKILL");
    await until(() => !isAlive(pid));
  });

  test.skipIf(!hasSshd())(
    "a link that is cut in the middle of a call, over the real ssh -R, and healed",
    async () => {
      const sshd = await startLoopbackSshd({ folder: `${bed.root}/lima`, unlink: true });
      const guestEnd = `${bed.root}/guest.sock`;
      const forward = async (): Promise<ChildProcess> => {
        const options = [
          "-o",
          "ControlPath=none",
          "-o",
          "ControlMaster=no",
          "-o",
          "ExitOnForwardFailure=yes",
        ];
        const ssh = spawn(
          "ssh",
          [
            "-F",
            `${sshd.instanceDir}/ssh.config`,
            ...options,
            "-R",
            `${guestEnd}:${bed.socket}`,
            "lima-ascalon",
            "echo up; cat",
          ],
          { stdio: ["pipe", "pipe", "ignore"] },
        );
        await once(ssh.stdout as NonNullable<typeof ssh.stdout>, "data");
        return ssh;
      };
      const env = { ASCALON_BRIDGE_SOCKET: guestEnd };
      const ssh = await forward();
      expect((await bed.guest(["op", "read", "op://v/i/f"], { env })).out.toString()).toBe(
        "secret-of-v/i/f\n",
      );
      const big = await bed.guest(["op", "document", "get", "64"], { env });
      expect(big.out.length).toBe(64 * 1024 * 1024);
      const { child, pid } = await waitingCall(undefined, env);
      const end = ended(child);
      ssh.kill("SIGKILL");
      expect(await end).toMatchObject({ code: 125, err: expect.stringContaining("was cut") });
      await until(() => !isAlive(pid));
      const healed = await forward();
      expect((await bed.guest(["op", "read", "op://v/i/f"], { env })).code).toBe(0);
      healed.kill("SIGKILL");
      await sshd.stop();
    },
  );
});

describe("a hostile guest", () => {
  const reason = async (...parts: readonly Buffer[]): Promise<string> => {
    const last = (await rawCall(bed.socket, ...parts)).at(-1);
    return last?.kind === frameKind.error ? readError(JSON.parse(last.payload.toString())).message : "closed";
  };

  test.each([
    ["no hello", [Buffer.from("GET / HTTP/1.1\r\n\r\n")], "closed"],
    ["a hello without an end", [Buffer.alloc(200, 97)], "closed"],
    ["another version", [Buffer.from("ascalon-bridge 2\n")], "closed"],
    ["an unknown frame", [hello, frame(77)], "unknown frame 77"],
    ["a frame of the host", [hello, frame(frameKind.exit, "{}")], "unknown frame 17"],
    ["a frame before the request", [hello, frame(frameKind.signal, "SIGTERM")], "a frame before the request"],
    ["no JSON", [hello, frame(frameKind.exec, "{")], "not a valid request"],
    [
      "a huge frame",
      [hello, Buffer.from([frameKind.exec, 0, 255, 255, 255, 255])],
      "frame of 4294967295 bytes",
    ],
    ["an odd question", [hello, frame(frameKind.ask, '"secrets"')], "not a valid question"],
    ["a shell", [hello, exec(["-c", "id"], { command: "sh" })], "the bridge does not know the command"],
    ["a path", [hello, exec([], { command: "/bin/sh" })], "the bridge does not know the command"],
    ["a second request", [hello, exec(["vault", "get", "x"]), exec(["whoami"])], "a second frame 1"],
    [
      "a signal of its own",
      [hello, exec(["vault", "get", "x"]), frame(frameKind.signal, "SIGSEGV")],
      "a signal that is not passed on",
    ],
    [
      "a resize without a size",
      [hello, exec(["vault", "get", "x"]), frame(frameKind.resize, "x")],
      "a resize without a size",
    ],
  ])("%s gets an error frame or nothing", async (_, parts, why) => {
    expect(await reason(...parts)).toBe(why);
    await until(async () => (await bed.status()).running === 0);
  });

  test("is counted", async () => {
    const before = await bed.status();
    await rawCall(bed.socket, Buffer.from("nonsense\n"));
    await rawCall(bed.socket, hello, exec([], { command: "sh" }));
    const after = await bed.status();
    expect(after.malformed).toBe(before.malformed + 1);
    expect(after.refused).toBe(before.refused + 1);
  });

  test("who says hello and then nothing is closed", async () => {
    const startedAt = performance.now();
    await rawCall(bed.socket, hello);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });

  test("who sends more than asked for is closed, and the host keeps its memory", async () => {
    const parts = Array.from({ length: 64 }, () => frame(frameKind.data, Buffer.alloc(65_536)));
    const streams = ["pipe", "none", "none"];
    expect(await reason(hello, exec(["vault", "get", "x"], { streams }), ...parts)).toMatch(
      /more bytes than were asked for|too much before the call began/,
    );
    await until(async () => (await bed.status()).running === 0);
  });

  const sleeper = (): string => {
    const path = `${bed.root}/bin/sleeper`;
    writeFileSync(path, "#!/bin/sh\nexec sleep 300\n", { mode: 0o755 });
    return path;
  };

  /** Calls that run until their connection ends: with 64 of them every other call waits. */
  const occupy = (socket: string, many: number): readonly Socket[] =>
    Array.from({ length: many }, () => {
      const client = connect(socket).on("error", () => {});
      client.write(hello);
      client.write(exec(["whoami"]));
      return client;
    });

  test("a file that changes while its call waits is looked at when its turn has come", async () => {
    const { settings } = bed;
    const rules = settings.bridge.rules.map((rule) =>
      rule.command === "op" ? { ...rule, program: sleeper() } : rule,
    );
    bed.settings = { ...settings, bridge: { ...settings.bridge, rules } };
    const clients = occupy(bed.socket, 64);
    await until(async () => (await bed.status()).running === 64);
    const notes = `${bed.project}/notes.txt`;
    writeFileSync(notes, "hello\n");
    writeFileSync(`${bed.project}/evil.command`, "#!/bin/sh\n", { mode: 0o755 });
    const opened = bed.guest(["open", notes]);
    // Long enough for the call to have come; what is proved is only that it does not run what was put there.
    await wait(1_000);
    rmSync(notes);
    symlinkSync("evil.command", notes);
    clients[0]?.destroy();
    expect(await opened).toMatchObject({ code: 0 });
    // Shown in its folder, as whatever could run.
    expect(readFileSync(`${bed.root}/xdg-open.args`, "utf8")).toBe(`${bed.project}\n`);
    for (const client of clients) client.destroy();
    bed.settings = settings;
    await until(async () => (await bed.status()).running === 0);
  });

  test("calls that wait for their turn cost a few KiB each, whatever they send", async () => {
    const socket = `${bed.root}/turns.sock`;
    const server = spawn(process.execPath, [outfile, socket, sleeper()], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(server.stdout as NonNullable<typeof server.stdout>, "data");
    const running = occupy(socket, 64);
    await until(async () => (await askStatus(socket)).running === 64);
    const before = await residentMiB(server.pid ?? -1);
    const waiting = occupy(socket, 200);
    const size = frame(frameKind.resize, Buffer.from([0, 80, 0, 24]));
    const sizes = Buffer.concat(Array.from({ length: 60 }, () => size));
    for (let i = 0; i < 100; i += 1) {
      for (const client of waiting) client.write(sizes);
      await wait(20);
    }
    expect((await residentMiB(server.pid ?? -1)) - before).toBeLessThan(60);
    // Not events.once, which rejects for a write that meets the end.
    const isCut = waiting
      .slice(0, 100)
      .map((client) => new Promise((resolve) => client.resume().once("close", resolve)));
    for (const client of waiting.slice(0, 100)) client.write(Buffer.alloc(65_536));
    await Promise.all(isCut);
    for (const client of [...running, ...waiting]) client.destroy();
    server.kill("SIGKILL");
  });

  test("what was sent before the turn came arrives whole and in order", async () => {
    const { settings } = bed;
    const programs: Readonly<Record<string, string>> = { op: sleeper(), pbcopy: `${bed.root}/bin/wl-copy` };
    const rules = settings.bridge.rules.map((rule) => ({
      ...rule,
      program: programs[rule.command] ?? rule.program,
    }));
    bed.settings = { ...settings, bridge: { ...settings.bridge, rules } } as typeof settings;
    const clients = occupy(bed.socket, 64);
    await until(async () => (await bed.status()).running === 64);
    const input = randomBytes(3 * 1024 * 1024);
    const copied = bed.guest(["pbcopy"], { input });
    await wait(1_000);
    clients[0]?.destroy();
    expect(await copied).toMatchObject({ code: 0 });
    expect(readFileSync(`${bed.root}/clipboard`).equals(input)).toBe(true);
    for (const client of clients) client.destroy();
    bed.settings = settings;
    await until(async () => (await bed.status()).running === 0);
  });

  test("few copy at one time, because what is copied stays in the host's memory", async () => {
    const clients = Array.from({ length: 8 }, () => {
      const client = connect(bed.socket).on("error", () => {});
      client.write(hello);
      client.write(exec([], { command: "pbcopy", streams: ["pipe", "none", "none"] }));
      return client;
    });
    await until(async () => (await bed.status()).running === 4);
    await wait(300);
    expect((await bed.status()).running).toBe(4);
    for (const client of clients) client.destroy();
    await until(async () => (await bed.status()).running === 0);
  });

  test("connections beyond the limit are closed, and those of others work again", async () => {
    const sockets = Array.from({ length: 400 }, () => connect(bed.socket));
    let closed = 0;
    for (const socket of sockets)
      socket
        .on("error", () => {})
        .on("close", () => (closed += 1))
        .resume()
        .write(hello);
    await until(() => closed >= 80);
    for (const socket of sockets) socket.destroy();
    // Those that were let go take a moment to be known as gone.
    await until(async () => (await bed.guest(["op", "whoami"])).code === 0);
  });

  test("a reader that stands still costs a window and no more", async () => {
    const socket = `${bed.root}/still.sock`;
    const server = spawn(process.execPath, [outfile, socket, double], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(server.stdout as NonNullable<typeof server.stdout>, "data");
    const before = await residentMiB(server.pid ?? -1);
    const clients = Array.from({ length: 8 }, () => {
      const client = connect(socket);
      client.write(hello);
      client.write(exec(["document", "get", "100000"]));
      client.pause();
      return client;
    });
    await until(async () => (await askStatus(socket)).running === 8);
    await wait(3_000);
    expect((await askStatus(socket)).running).toBe(8);
    expect((await residentMiB(server.pid ?? -1)) - before).toBeLessThan(80);
    for (const client of clients) client.destroy();
    server.kill("SIGKILL");
  });

  test("the log has a line for each call and no secret", async () => {
    await bed.guest(["op", "item", "create", "--title=my-secret-title", "password=my-secret"]);
    await bed.guest(["op", "my-secret"]);
    await bed.guest(["open", "https://example.com/?token=my-secret"]);
    const log = await bed.log();
    expect(statSync(`${bed.root}/log/bridge.log`).mode & 0o777).toBe(0o600);
    expect(log).toMatch(/Z op item create: exit 0 after \d+ ms\n/);
    expect(log).toMatch(/Z op: refused, the subcommand is not known to the bridge\n/);
    expect(log).toMatch(/Z open address: exit 0 after/);
    expect(log).not.toContain("my-secret");
    expect(readFileSync(`${bed.root}/xdg-open.args`, "utf8")).toContain("token=my-secret");
  });
});
