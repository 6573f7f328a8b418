import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { listenAt } from "../../src/cli/adapters/listen.ts";
import { systemProcesses } from "../../src/cli/adapters/process.ts";
import { greetBridge } from "../../src/cli/bridge/endpoint.ts";
import type { Link } from "../../src/cli/links/link.ts";
import { prove } from "../../src/cli/links/probes/prove.ts";
import { countAgentKeys } from "../../src/cli/links/probes/ssh-agent.ts";
import { startDockerDouble } from "../doubles/docker-double.ts";

let folder: string;
let server: Server | undefined;
const path = (): string => join(folder, "s");
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "asc-"));
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A peer that says `reply`, in pieces, to whatever it is sent. */
async function peer(...reply: readonly (string | Uint8Array)[]): Promise<void> {
  server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      for (const [i, piece] of reply.entries()) setTimeout(() => socket.write(piece), i * 5);
      setTimeout(() => socket.end(), reply.length * 5 + 20);
    });
  });
  await new Promise<void>((resolve) => server?.listen(path(), resolve));
}
const proved = (protocol: Link["protocol"]) => prove(converse, protocol, path());

describe("docker", () => {
  test("an engine", async () => {
    const double = await startDockerDouble({ path: path() });
    expect(await proved("docker")).toMatchObject({
      kind: "up",
      facts: { server: "Docker/double", apiVersion: "1.50" },
    });
    expect(double.requests).toEqual(["GET /_ping"]);
    await double.close();
  });

  test.each([
    [
      "in pieces",
      ["HTT", "P/1.1 200 OK\r\nServer: Libpod/5.4.0 (linux)\r\n", "\r\nO", "K"],
      { kind: "up", facts: { server: "Libpod/5.4.0 (linux)" } },
    ],
    [
      "chunked",
      ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n"],
      { kind: "up" },
    ],
    [
      "a failing engine",
      ["HTTP/1.1 500 Internal Server Error\r\n\r\n"],
      { kind: "malformed", why: "/_ping answered 500" },
    ],
    [
      "another web server",
      ["HTTP/1.1 200 OK\r\n\r\n<html>hello"],
      { kind: "malformed", why: "/_ping did not say OK" },
    ],
    ["no web server", ["SSH-2.0-OpenSSH_9.6\r\n"], { kind: "malformed", why: "not an HTTP server" }],
    [
      "a head without end",
      ["HTTP/1.1 200 OK\r\n", "x: y\r\n".repeat(3000)],
      { kind: "malformed", why: "/_ping answered too much" },
    ],
    ["an early end", ["HTTP/1.1 200 OK\r\n"], { kind: "closed" }],
  ])("%s", async (_, reply, expected) => {
    await peer(...reply);
    expect(await proved("docker")).toMatchObject(expected);
  });
});

describe("ssh-agent", () => {
  test("the real one lives, counts its keys and tells nothing else", async () => {
    const started = await systemProcesses.run("ssh-agent", ["-s", "-a", path()]);
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started.stdout)?.[1]);
    expect(await proved("ssh-agent")).toMatchObject({ kind: "up", facts: undefined });
    expect(await countAgentKeys(converse, path())).toMatchObject({ kind: "up", facts: { keys: 0 } });
    await systemProcesses.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
    await systemProcesses.run("ssh-add", ["-q", join(folder, "key")], { env: { SSH_AUTH_SOCK: path() } });
    const one = await countAgentKeys(converse, path());
    expect(one).toEqual({ kind: "up", rttMs: expect.any(Number), facts: { keys: 1 } });
    process.kill(pid, "SIGTERM");
  });

  test("a proof asks for nothing that a locked agent would open its window for", async () => {
    const asked: number[] = [];
    server = createServer((socket) =>
      socket.on("data", (bytes) => {
        asked.push(bytes[4] ?? 0);
        socket.write(Uint8Array.from([0, 0, 0, 1, 5]));
      }),
    );
    await new Promise<void>((resolve) => server?.listen(path(), resolve));
    expect((await proved("ssh-agent")).kind).toBe("up");
    // SSH_AGENTC_EXTENSION; SSH_AGENTC_REQUEST_IDENTITIES is 11.
    expect(asked).toEqual([27]);
  });

  test("an agent that hangs up at what it does not know is asked for what it must know", async () => {
    server = createServer((socket) =>
      socket.on("data", (bytes) =>
        bytes[4] === 11 ? socket.write(Uint8Array.from([0, 0, 0, 5, 12, 0, 0, 0, 3])) : socket.destroy(),
      ),
    );
    await new Promise<void>((resolve) => server?.listen(path(), resolve));
    expect(await proved("ssh-agent")).toMatchObject({ kind: "up", facts: { keys: 3 } });
  });

  test.each([
    ["a refusal", [0, 0, 0, 1, 5], { kind: "up" }, { kind: "up", facts: { keys: undefined } }],
    ["a length of 2 GiB", [0x80, 0, 0, 0, 5, 0, 0, 0, 0], { kind: "malformed" }, { kind: "malformed" }],
    ["another message", [0, 0, 0, 5, 99, 0, 0, 0, 0], { kind: "malformed" }, { kind: "malformed" }],
    ["half an answer", [0, 0, 0], { kind: "closed" }, { kind: "closed" }],
  ])("%s", async (_, bytes, living, counted) => {
    await peer(Uint8Array.from(bytes));
    expect(await proved("ssh-agent")).toMatchObject(living);
    expect(await countAgentKeys(converse, path())).toMatchObject(counted);
  });
});

describe("bridge", () => {
  test("our own endpoint", async () => {
    const listener = await listenAt(path(), greetBridge);
    expect((await systemFiles.info(path()))?.mode).toBe(0o600);
    expect(await proved("bridge")).toMatchObject({ kind: "up", facts: { version: 1 } });
    // Anything else is hung up on.
    expect(await proved("docker")).toEqual({ kind: "closed" });
    expect((await proved("mux")).kind).toMatch(/closed|silent/);
    await listener.close();
    expect(await systemFiles.info(path())).toBeUndefined();
  });

  test.each([
    ["another version", "ascalon-bridge 7\n", { kind: "up", facts: { version: 7 } }],
    ["something else", "hello\n", { kind: "malformed" }],
    ["too long", "x".repeat(200), { kind: "malformed" }],
  ])("%s", async (_, reply, expected) => {
    await peer(reply);
    expect(await proved("bridge")).toMatchObject(expected);
  });
});

describe("a socket whose protocol is not known", () => {
  test("is up while it stays open, and is not written to", async () => {
    const seen: unknown[] = [];
    server = createServer((socket) => socket.on("data", (chunk) => seen.push(chunk)).on("error", () => {}));
    await new Promise<void>((resolve) => server?.listen(path(), resolve));
    expect(await proved("stream")).toMatchObject({ kind: "up" });
    expect(seen).toEqual([]);
  });

  test("is down when it closes at once", async () => {
    server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server?.listen(path(), resolve));
    expect(await proved("stream")).toEqual({ kind: "closed" });
  });
});
