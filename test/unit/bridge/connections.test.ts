import { describe, expect, test } from "vitest";
import type { Stage } from "../../../src/cli/bridge/connection.ts";
import { createConnections } from "../../../src/cli/bridge/connections.ts";

/** Connections in the stages of the list, the first the oldest; returns which of them gave way. */
function full(...stages: readonly Stage[]) {
  const connections = createConnections(stages.length);
  const gone: number[] = [];
  const closed: (() => void)[] = [];
  for (const [index, stage] of stages.entries()) {
    const socket = {
      on: (event: string, listener: () => void) => {
        if (event === "close") closed[index] = listener;
      },
      write: () => {},
      end: () => {},
      destroy: () => void gone.push(index),
      writableLength: 0,
    };
    expect(connections.makeRoom()).toBe(true);
    connections.add(socket as never, { stage: () => stage });
  }
  return { connections, gone, close: (index: number) => closed[index]?.() };
}

describe("when all connections are taken", () => {
  test.each<readonly [stages: readonly Stage[], gone: number | undefined]>([
    [["busy", "unheard", "unheard"], 1],
    [["unheard", "over", "told"], 2],
    [["over", "unheard", "busy"], 1],
    [["busy", "over", "over"], 1],
    [["busy", "busy"], undefined],
  ])("of %j number %s gives way", (stages, expected) => {
    const { connections, gone } = full(...stages);
    expect(connections.makeRoom()).toBe(expected !== undefined);
    expect(gone).toEqual(expected === undefined ? [] : [expected]);
  });

  test("each gives way once, and one that left by itself has made room", () => {
    const { connections, gone, close } = full("unheard", "unheard", "busy");
    expect(connections.makeRoom()).toBe(true);
    expect(connections.makeRoom()).toBe(true);
    expect(gone).toEqual([0]);
    connections.add({ on: () => {}, destroy: () => {} } as never, { stage: () => "busy" });
    expect(connections.busy()).toBe(2);
    close(2);
    expect(connections.busy()).toBe(1);
    expect(connections.makeRoom()).toBe(true);
    expect(gone).toEqual([0]);
  });
});
