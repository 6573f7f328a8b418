import { describe, expect, test } from "vitest";
import { createCallTurns, createTurns } from "../../../src/cli/bridge/turns.ts";

const here = (): AbortSignal => new AbortController().signal;
const isOpen = async (turn: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([
    turn.then(() => "taken"),
    new Promise((resolve) => setImmediate(resolve, "waits")),
  ])) === "taken";

describe("turns", () => {
  test("one that is given back twice is one turn", async () => {
    const turns = createTurns(1);
    const giveBack = await turns.take(here());
    giveBack();
    giveBack();
    expect(await isOpen(turns.take(here()))).toBe(true);
    expect(await isOpen(turns.take(here()))).toBe(false);
  });

  test("go on in order, past those who left", async () => {
    const turns = createTurns(1);
    const giveBack = await turns.take(here());
    const leaving = new AbortController();
    const left = turns.take(leaving.signal);
    const next = turns.take(here());
    leaving.abort();
    await expect(left).rejects.toThrow("aborted");
    giveBack();
    expect(await isOpen(next)).toBe(true);
  });

  test("of a command are given back with those of all", async () => {
    const take = createCallTurns(64);
    const gone = here();
    const four = await Promise.all([1, 2, 3, 4].map(() => take("pbcopy", gone)));
    expect(await isOpen(take("pbcopy", gone))).toBe(false);
    expect(await isOpen(take("op", gone))).toBe(true);
    four[0]?.();
    four[1]?.();
    expect(await isOpen(take("pbcopy", gone))).toBe(true);
  });

  test("of a command are given back by who leaves while all others are taken", async () => {
    const take = createCallTurns(1);
    const giveBack = await take("op", here());
    for (let at = 0; at < 4; at += 1) {
      const leaving = new AbortController();
      const turn = take("pbcopy", leaving.signal);
      await new Promise((resolve) => setImmediate(resolve));
      leaving.abort();
      expect(await turn).toBeUndefined();
    }
    giveBack?.();
    expect(await isOpen(take("pbcopy", here()))).toBe(true);
  });
});
