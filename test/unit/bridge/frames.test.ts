import { describe, expect, test } from "vitest";
import { createIncoming, createOutgoing } from "../../../src/shared/bridge-flow.ts";
import {
  createFrameReader,
  frameHeader,
  frameKind,
  frameLimits,
  numberAt,
} from "../../../src/shared/bridge-frame.ts";
import { readExec } from "../../../src/shared/bridge-messages.ts";

const bytesOf = (kind: number, stream: number, payload: Uint8Array): Buffer =>
  Buffer.concat([frameHeader(kind, stream, payload.length), payload]);

function reading(kinds: readonly number[] = [frameKind.data, frameKind.exec, frameKind.end]) {
  const seen: string[] = [];
  const reader = createFrameReader(kinds, {
    onData: (stream, bytes) => seen.push(`data ${stream} ${Buffer.from(bytes)}`),
    onFrame: (kind, stream, payload) => seen.push(`${kind} ${stream} ${Buffer.from(payload)}`),
  });
  return { reader, seen };
}

describe("frames", () => {
  const stream = Buffer.concat([
    bytesOf(frameKind.exec, 0, Buffer.from("{}")),
    bytesOf(frameKind.data, 1, Buffer.from("hello")),
    bytesOf(frameKind.end, 1, Buffer.alloc(0)),
  ]);

  test("come out as they went in", () => {
    const { reader, seen } = reading();
    expect(reader.push(stream)).toBeUndefined();
    expect(seen).toEqual(["1 0 {}", "data 1 hello", "4 1 "]);
  });

  test("are held, whatever is in the middle of a piece, and come out with what comes after", () => {
    for (let cut = 1; cut < stream.length; cut += 1) {
      const seen: string[] = [];
      const reader = createFrameReader([frameKind.data, frameKind.exec, frameKind.end], {
        onData: (id, bytes) => seen.push(`data ${id} ${Buffer.from(bytes)}`),
        onFrame: (kind, id, payload) => {
          seen.push(`${kind} ${id} ${Buffer.from(payload)}`);
          if (kind === frameKind.exec) reader.hold(1_000);
        },
      });
      reader.push(stream.subarray(0, cut));
      reader.push(stream.subarray(cut));
      expect(seen).toEqual(["1 0 {}"]);
      expect(reader.release()).toBeUndefined();
      expect(seen.join("|").replaceAll("|data 1 ", "")).toMatch(/^1 0 \{\}hello\|4 1 $/);
      expect(reader.push(frameHeader(99, 0, 0))).toContain("unknown frame");
    }
  });

  test("are held up to so many bytes", () => {
    const { reader } = reading();
    reader.hold(10);
    expect(reader.push(Buffer.alloc(10))).toBeUndefined();
    expect(reader.push(Buffer.alloc(1))).toBe("too much before the call began");
  });

  test("wherever the connection is cut into pieces", () => {
    for (let size = 1; size < stream.length; size += 1) {
      const { reader, seen } = reading();
      for (let at = 0; at < stream.length; at += size)
        expect(reader.push(stream.subarray(at, at + size))).toBeUndefined();
      const data = seen.filter((line) => line.startsWith("data")).map((line) => line.slice(7));
      expect({ first: seen[0], data: data.join(""), last: seen.at(-1) }).toEqual({
        first: "1 0 {}",
        data: "hello",
        last: "4 1 ",
      });
    }
  });

  test.each([
    ["an unknown kind", frameHeader(99, 0, 0), "unknown frame 99"],
    ["a kind of the other side", frameHeader(frameKind.exit, 0, 2), "unknown frame 17"],
    ["an unknown stream", frameHeader(frameKind.data, 4, 1), "unknown stream 4"],
    ["too much data", frameHeader(frameKind.data, 0, frameLimits.dataBytes + 1), "data of 65537 bytes"],
    ["empty data", frameHeader(frameKind.data, 0, 0), "data of 0 bytes"],
    ["a huge request", frameHeader(frameKind.exec, 0, 2 ** 32 - 1), "frame of 4294967295 bytes"],
  ])("%s ends the reading before anything is kept", (_, header, why) => {
    const { reader, seen } = reading();
    expect(reader.push(header)).toBe(why);
    expect(reader.push(stream)).toBe(why);
    expect(seen).toEqual([]);
  });
});

describe("flow", () => {
  const chunk = Buffer.alloc(frameLimits.dataBytes, 7);
  const grant = (bytes: number): Uint8Array => frameHeader(0, 0, bytes).subarray(2);

  function sending() {
    const log: string[] = [];
    let sent = 0;
    const outgoing = createOutgoing(
      1,
      (kind, _, payload) => {
        if (kind === frameKind.data) sent += payload.length;
        else log.push(`frame ${kind}`);
      },
      { pause: () => log.push("pause"), resume: () => log.push("resume") },
    );
    return { log, outgoing, sent: () => sent };
  }

  test("no more is sent than a window, and the source is paused", () => {
    const { log, outgoing, sent } = sending();
    for (let i = 0; i < 17; i += 1) outgoing.push(chunk);
    expect(sent()).toBe(frameLimits.windowBytes);
    expect(log).toEqual(["pause"]);
    outgoing.grant(grant(100));
    expect(sent()).toBe(frameLimits.windowBytes + 100);
    outgoing.end();
    outgoing.grant(grant(frameLimits.dataBytes));
    expect(sent()).toBe(17 * frameLimits.dataBytes);
    expect(log).toEqual(["pause", "resume", "frame 4"]);
  });

  test("a peer cannot grant more than a window", () => {
    const { outgoing, sent } = sending();
    outgoing.grant(grant(2 ** 32 - 1));
    for (let i = 0; i < 40; i += 1) outgoing.push(chunk);
    expect(sent()).toBe(frameLimits.windowBytes);
  });

  test("a connection that is full stops a stream, whatever credit it has, until it drained", () => {
    let isFull = false;
    let sent = 0;
    const paused: string[] = [];
    const outgoing = createOutgoing(
      1,
      (_, __, payload) => {
        sent += payload.length;
        return !isFull;
      },
      { pause: () => paused.push("pause"), resume: () => paused.push("resume") },
    );
    isFull = true;
    for (let i = 0; i < 3; i += 1) outgoing.push(chunk);
    outgoing.grant(grant(frameLimits.windowBytes));
    expect(sent).toBe(chunk.length);
    isFull = false;
    outgoing.drained();
    expect(sent).toBe(3 * chunk.length);
    expect(paused).toEqual(["pause", "resume"]);
  });

  test("what nobody reads any more is dropped, and the source runs dry", () => {
    const { log, outgoing, sent } = sending();
    for (let i = 0; i < 17; i += 1) outgoing.push(chunk);
    outgoing.drop();
    outgoing.push(chunk);
    expect(sent()).toBe(frameLimits.windowBytes);
    expect(log).toEqual(["pause", "resume"]);
  });

  test("credit is given back when bytes were passed on, and more than it is refused", () => {
    const given: number[] = [];
    const dones: (() => void)[] = [];
    const incoming = createIncoming(
      1,
      (kind, _, payload) => kind === frameKind.credit && given.push(numberAt(payload, 0)),
      { write: (_, done) => dones.push(done), end: () => {} },
    );
    for (let i = 0; i < 16; i += 1) expect(incoming.take(chunk)).toBeUndefined();
    expect(incoming.take(Buffer.alloc(1))).toBe("more bytes than were asked for");
    for (const done of dones) done();
    expect(given.length).toBe(8);
    expect(given.reduce((a, b) => a + b)).toBe(frameLimits.windowBytes);
  });
});

describe("a sink that takes its time", () => {
  function slow() {
    const log: string[] = [];
    const dones: (() => void)[] = [];
    const write = (bytes: Uint8Array, done: () => void): void => {
      log.push(Buffer.from(bytes).toString());
      dones.push(done);
    };
    const incoming = createIncoming(0, () => {}, { write, end: () => log.push("end") });
    return { log, incoming, done: () => dones.shift()?.() };
  }

  test("is given one piece at a time, and what came meanwhile as the next one", () => {
    const { log, incoming, done } = slow();
    for (const byte of "abcdef") incoming.take(Buffer.from(byte));
    expect(log).toEqual(["a"]);
    done();
    expect(log).toEqual(["a", "bcdef"]);
    incoming.take(Buffer.from("g"));
    done();
    done();
    incoming.take(Buffer.from("h"));
    expect(log).toEqual(["a", "bcdef", "g", "h"]);
  });

  test("is told of the end behind the last piece", () => {
    const { log, incoming, done } = slow();
    for (const byte of "abc") incoming.take(Buffer.from(byte));
    incoming.end();
    incoming.take(Buffer.from("d"));
    expect(log).toEqual(["a"]);
    done();
    expect(log).toEqual(["a", "bc", "end"]);
    done();
    expect(log).toEqual(["a", "bc", "end"]);
  });

  test("that is gone is given nothing more", () => {
    const { log, incoming, done } = slow();
    for (const byte of "abc") incoming.take(Buffer.from(byte));
    incoming.shut();
    done();
    incoming.end();
    expect(log).toEqual(["a"]);
  });

  test("any cut into pieces is the same bytes", () => {
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const got: Buffer[] = [];
    const dones: (() => void)[] = [];
    const write = (bytes: Uint8Array, done: () => void): void => {
      got.push(Buffer.from(bytes));
      dones.push(done);
    };
    const incoming = createIncoming(0, () => {}, { write, end: () => {} });
    for (let at = 0, size = 1; at < sent.length; at += size, size = (size * 7 + 3) % 90_001) {
      incoming.take(sent.subarray(at, at + size));
      if (size % 3 === 0) dones.shift()?.();
    }
    while (dones.length > 0) dones.shift()?.();
    expect(Buffer.concat(got).equals(sent)).toBe(true);
  });
});

describe("requests", () => {
  const good = { command: "op", args: ["read"], streams: ["pipe", "pipe", "pipe"], env: [["TERM", "x"]] };
  test("one that is whole", () => expect(readExec(good)).toMatchObject(good));
  test.each([
    ["nothing", undefined],
    ["a list", []],
    ["no command", { ...good, command: undefined }],
    ["a long command", { ...good, command: "x".repeat(65) }],
    ["a number as argument", { ...good, args: [1] }],
    ["a NUL in an argument", { ...good, args: ["a\0b"] }],
    ["too many arguments", { ...good, args: Array(5000).fill("x") }],
    ["a long argument", { ...good, args: ["x".repeat(131_073)] }],
    ["two streams", { ...good, streams: ["pipe", "pipe"] }],
    ["an odd stream", { ...good, streams: ["pipe", "pipe", "file"] }],
    ["a terminal without a size", { ...good, streams: ["terminal", "pipe", "pipe"] }],
    [
      "a terminal of no columns",
      { ...good, streams: ["terminal", "pipe", "pipe"], terminal: { columns: 0, rows: 1 } },
    ],
    ["variables that are no pairs", { ...good, env: [["TERM"]] }],
    ["too many variables", { ...good, env: Array(65).fill(["A", "b"]) }],
    ["a long session", { ...good, session: "x".repeat(129) }],
  ])("%s is none", (_, value) => expect(readExec(value)).toBeUndefined());
});
