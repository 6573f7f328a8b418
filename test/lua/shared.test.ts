import { beforeAll, describe, expect, test } from "vitest";
import { plain, sharedFunctions, sharedInLua } from "./shared-in-lua.ts";
import { contract, socketPath, wellStatus } from "./wezterm-double.ts";

type Call = readonly [name: string, args: readonly unknown[]];

const now = 1_800_000_000;

function* statuses() {
  const vms = ["absent", "stopped", "starting", "running", "stopping", "broken", "unknown"] as const;
  for (const state of vms) yield wellStatus(now, { vm: { state, since: now - 75, reason: "a reason" } });
  for (const state of ["off", "waiting", "up", "broken", "healing"] as const) {
    yield wellStatus(now, { links: [{ name: "mux", state, since: now - 3, reason: "why" }] });
  }
  for (const codec of [42, 44, 45]) {
    yield wellStatus(now, {
      mux: { socketPath, codec, version: `v${codec}` },
      codec: { verdict: "different", sentence: "s", fix: "f" },
    });
  }
  yield wellStatus(now, {
    links: [],
    gui: [],
    generation: 7,
    pendingPlan: { restart: 0, rebuild: 2, recreate: 0 },
  });
  yield wellStatus(now, { mux: { socketPath, hijacked: true, exe: "/x" } });
  yield wellStatus(now - 40, {});
  yield wellStatus(now + 400, {});
}

function* gateCalls(): Generator<Call> {
  for (const status of [undefined, ...statuses()]) {
    for (const domain of ["attached", "detached", "unregistered"]) {
      for (const asked of [true, false]) {
        for (const guiPid of [4242, 1, undefined]) {
          yield [
            "decideAttach",
            [{ now, status, domain, hasPanes: asked, busy: false, asked, cliKnown: guiPid !== 1, guiPid }],
          ];
        }
      }
    }
  }
}

function* otherCalls(): Generator<Call> {
  for (const status of [undefined, ...statuses()]) {
    yield ["statusText", [status, now, { always: true }]];
    yield ["statusText", [status, now, { always: false }]];
    if (status) yield ["staleFor", [status, now]];
    yield ["readStatus", [status]];
    for (const memory of [
      { wanted: 1, linkSince: 5, lostAt: 0, attempts: 0, nextAt: 0 },
      { wanted: 1, linkSince: 5, lostAt: now - 60, attempts: 3, nextAt: now - 1 },
      { wanted: 1, linkSince: now, lostAt: now - 60, attempts: 5, nextAt: now - 1 },
      { wanted: 0, linkSince: 0, lostAt: 0, attempts: 0, nextAt: 0 },
    ]) {
      for (const attached of [true, false])
        yield ["stepReattach", [memory, { now, attached, busy: false, status }]];
    }
  }
  for (const value of [
    {},
    [],
    "text",
    7,
    true,
    { schema: 1 },
    {
      schema: 1.9,
      writtenAt: 1,
      nextWriteBy: 2,
      vm: 3,
      links: [1, "x", { name: "a", state: "odd", rttMs: 1.25 }],
    },
  ]) {
    yield ["readStatus", [value]];
    yield ["readContract", [value, contract]];
  }
  yield [
    "readContract",
    [{ ...contract, mounts: [{ host: 1 }, { host: "/a", guest: "/b" }], palette: [{ id: "x" }] }, contract],
  ];
  yield ["defaultContract", ["/state"]];
  for (const version of [0, 1, 2]) yield ["contractMismatch", [version, "1.2.3"]];
  for (const seconds of [-5, 0, 1, 59, 60, 61.7, 3599, 3600, 172799, 172800, 9e8])
    yield ["ageText", [seconds]];
  for (const text of ["CMD|SHIFT+A", "+", "A", "CMD++", "", "a+b+c"]) {
    yield ["parseChord", [text]];
    yield ["piecesOf", [text, "+"]];
    yield ["positionOf", [text, "A"]];
    yield ["chordIdentity", [text, "cmd | Shift"]];
  }
  for (const key of ["a", "A", "phys:a", "mapped:F1", "[", "1", "é"]) {
    for (const mods of ["", "NONE", "CMD", "SUPER|SHIFT", "OPT|CTRL|SHIFT", "LEADER"])
      yield ["chordIdentity", [key, mods]];
  }
  for (const name of ["palete", "palette", "ntoify", "x", "", "reattache", "kyes"]) {
    yield ["nearest", [name, ["palette", "notify", "reattach", "keys"]]];
  }
  for (const name of ["ascalon.open", "ascalon.notify", "ascalon.attach", "other"]) {
    for (const value of [
      "",
      "https://e.org/",
      "http://e.org/\u0001",
      "file:///x",
      "a'b",
      "é".repeat(20),
      "x".repeat(2100),
    ]) {
      for (const from of ["local", "vm", "other"]) {
        yield ["judgeMessage", [name, value, from, { open: true, notify: true, attach: true }]];
      }
      yield ["judgeMessage", [name, value, "vm", { open: false, notify: false, attach: false }]];
    }
  }
  for (const count of [0, 4, 5]) yield ["takeTurn", [{ windowStart: now - 3, count }, now, 5, 10]];
  yield ["takeTurn", [{ windowStart: now + 3, count: 9 }, now, 5, 10]];
  for (const text of [
    'failed to attach domain ascalon: failed to connect to Socket("x"): connecting to x\nstack traceback:\n\tfoo',
    "The server version is 1 (codec version 42),\nours\n2 (codec version 44).",
    "EOF while reading leb128 encoded value",
    "",
    "é".repeat(300),
  ]) {
    // Bytes and letters: only ASCII is cut alike, and WezTerm's texts are ASCII.
    if (!text.startsWith("é")) yield ["explainAttachFailure", [text]];
  }
  for (const ends of [
    [undefined, undefined],
    [{ codec: 1, version: "a" }, undefined],
    [
      { codec: 1, version: "a" },
      { codec: 2, version: "b" },
    ],
    [
      { codec: 2, version: "a" },
      { codec: 1, version: "b" },
    ],
  ]) {
    yield ["compareCodecs", ends];
  }
  const mounts = [
    { host: "/Users/ada/Projects", guest: "/Users/ada/Projects" },
    { host: "/Users/ada/Projects/inner", guest: "/srv" },
    { host: "/", guest: "/host" },
  ];
  for (const path of [
    "/",
    "/Users/ada/Projects",
    "/Users/ada/Projects/é/x",
    "/Users/ada/Projects-x",
    "/a/../b//c/.",
    "",
    "rel",
    "/srv/x",
  ]) {
    yield ["normalPath", [path]];
    for (const list of [mounts, mounts.slice(0, 1), []]) {
      yield ["toGuestPath", [path, list]];
      yield ["toHostPath", [path, list]];
      yield ["toGuestFolder", [{ logical: path, physical: "/Users/ada/Projects/x" }, list]];
    }
  }
  yield ["linkNamed", [wellStatus(now), "mux"]];
  yield ["linkNamed", [wellStatus(now), "docker"]];
}

describe("What plugin, CLI and agent share says the same in Node and in Lua", () => {
  let inLua: (name: string, args: readonly unknown[]) => unknown;
  const inNode = new Map<string, (...args: readonly unknown[]) => unknown>();
  beforeAll(async () => {
    inLua = await sharedInLua();
    for (const [file, names] of Object.entries(sharedFunctions)) {
      const module = await import(`../../src/shared/${file}.ts`);
      for (const name of names) inNode.set(name, module[name]);
    }
  }, 60_000);

  const compare = (calls: readonly Call[]): void => {
    for (const [name, args] of calls) {
      const node = inNode.get(name)?.(...args);
      expect({ name, args, value: plain(inLua(name, args)) }).toEqual({ name, args, value: plain(node) });
    }
  };

  test("the attach gate", () => {
    const calls = [...gateCalls()];
    expect(calls.length).toBeGreaterThan(300);
    compare(calls);
  });

  test("everything else", () => {
    compare([...otherCalls()]);
  });

  test("every function of the list is called", () => {
    const called = new Set([...gateCalls(), ...otherCalls()].map(([name]) => name));
    expect(
      Object.values(sharedFunctions)
        .flat()
        .filter((name) => !called.has(name)),
    ).toEqual([]);
  });
});
