import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Call } from "../../../src/cli/bridge/call.ts";
import { type Client, serveConnection } from "../../../src/cli/bridge/connection.ts";
import { frameKind } from "../../../src/shared/bridge-frame.ts";
import { fuzzSocket } from "../../fuzz/bridge-ends.ts";
import { frame, hello } from "../../support/ask-bridge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const request = frame(
  frameKind.exec,
  JSON.stringify({ command: "op", args: [], streams: ["pipe", "pipe", "pipe"], env: [] }),
);

/** A connection whose client never closes, and a call that begins when the test says so. */
function serving(unsent = (): number => 0) {
  const ends = fuzzSocket((what) => {
    throw new Error(what);
  });
  const done: string[] = [];
  let client: Client | undefined;
  let begin = (_: Call | undefined): void => {};
  const call: Call = {
    onFrame: () => void done.push("frame"),
    onData: () => void done.push("data"),
    drained: () => {},
    abandon: () => void done.push("abandoned"),
  };
  serveConnection(
    {
      ...ends.socket,
      get writableLength() {
        return unsent();
      },
      end: () => void done.push("ended"),
    },
    {
      exec: (_, from) => {
        client = from;
        return new Promise((resolve) => {
          begin = resolve;
        });
      },
      ask: () => done.push("asked"),
      malformed: (why) => done.push(why),
    },
  );
  ends.emit("data", hello);
  const begun = async (): Promise<void> => {
    begin(call);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ...ends, done, begun, client: () => client };
}

describe("a connection", () => {
  test("whose client leaves while its call begins has that call abandoned", async () => {
    const { emit, done, begun } = serving();
    emit("data", request);
    emit("close");
    await begun();
    expect(done).toEqual(["abandoned"]);
  });

  test("whose client breaks the protocol while its call begins, too", async () => {
    const { emit, done, begun, client } = serving();
    emit("data", request);
    emit("data", Buffer.alloc(70_000));
    expect(client()?.gone.aborted).toBe(true);
    await begun();
    expect(done).toEqual(["too much before the call began", "ended", "abandoned"]);
  });

  test("delivers what was sent before its call began", async () => {
    const { emit, done, begun } = serving();
    emit("data", Buffer.concat([request, frame(frameKind.data, "x"), frame(frameKind.signal, "SIGINT")]));
    expect(done).toEqual([]);
    await begun();
    expect(done).toEqual(["data", "frame"]);
  });

  test("has five seconds for its request, whatever drips", async () => {
    const { emit, isClosed } = serving();
    for (let at = 0; at < 9; at += 1) {
      emit("data", request.subarray(at, at + 1));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(isClosed()).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    expect(isClosed()).toBe(true);
  });

  test("has all the time there is once its request is there", async () => {
    const { emit, isClosed } = serving();
    emit("data", request);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(isClosed()).toBe(false);
  });

  test("whose client gives bytes and never takes what it is told of them is cut", async () => {
    let unsent = 0;
    const { emit, begun, client, isClosed } = serving(() => unsent);
    emit("data", request);
    await begun();
    const credit = new Uint8Array(4);
    // As much data as may wait, of three streams, and some words about them.
    unsent = 460 * 1024;
    client()?.send(frameKind.credit, 0, credit);
    expect(isClosed()).toBe(false);
    unsent = 500 * 1024;
    client()?.send(frameKind.credit, 0, credit);
    expect(isClosed()).toBe(true);
  });

  test("is finished once", () => {
    const { emit, done, client } = serving();
    emit("data", request);
    client()?.finish(frameKind.exit, { code: 0 });
    client()?.fail("failed", "too late");
    expect(done).toEqual(["ended"]);
  });

  test("has a minute to take its last bytes, whatever it sends meanwhile", async () => {
    const { emit, isClosed, client } = serving();
    emit("data", request);
    client()?.finish(frameKind.exit, { code: 0 });
    for (let at = 0; at < 59; at += 1) {
      emit("data", Buffer.from("x"));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(isClosed()).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isClosed()).toBe(true);
  });
});
