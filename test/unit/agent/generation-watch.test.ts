import { expect, test } from "vitest";
import {
  createGenerationWatch,
  type GenerationAnswer,
  readGeneration,
} from "../../../src/cli/agent/generation-watch.ts";

test.each<[number | undefined, string, GenerationAnswer]>([
  [0, "system-42-link\n", 42],
  [0, "/nix/store/x-nixos-system", "none"],
  [1, "", "none"],
  [255, "", "failed"],
  [undefined, "", "failed"],
])("exit %s, %j: %s", (exitCode, stdout, expected) => {
  expect(readGeneration(exitCode, stdout)).toBe(expected);
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function arrange(answers: readonly GenerationAnswer[]) {
  let nowMs = 0;
  const left = [...answers];
  const told = { asked: 0, changes: 0 };
  const watch = createGenerationWatch(
    { monotonic: () => nowMs },
    async () => {
      told.asked += 1;
      return left.shift() ?? "failed";
    },
    () => {
      told.changes += 1;
    },
  );
  const lookAt = async (ms: number, vmRuns = true): Promise<number | undefined> => {
    nowMs = ms;
    watch.look(vmRuns);
    await settled();
    return watch.look(vmRuns);
  };
  return { told, lookAt };
}

test("asked once a minute, told when it changes, forgotten when the VM stops", async () => {
  const { told, lookAt } = arrange([7, 7, 8, 9]);
  expect(await lookAt(0)).toBe(7);
  expect(await lookAt(59_000)).toBe(7);
  expect(told).toEqual({ asked: 1, changes: 1 });
  expect(await lookAt(60_000)).toBe(7);
  expect(await lookAt(120_000)).toBe(8);
  expect(told).toEqual({ asked: 3, changes: 2 });
  expect(await lookAt(121_000, false)).toBeUndefined();
  expect(await lookAt(122_000)).toBe(9);
});

test("a guest without generations is asked once a boot; one that did not answer, again", async () => {
  const { told, lookAt } = arrange(["failed", "none", 3]);
  await lookAt(0);
  expect(await lookAt(60_000)).toBeUndefined();
  expect(await lookAt(3_600_000)).toBeUndefined();
  expect(told.asked).toBe(2);
  await lookAt(3_601_000, false);
  expect(await lookAt(3_602_000)).toBe(3);
});

test("what was asked of the boot before is not believed of this one", async () => {
  const answers: ((answer: GenerationAnswer) => void)[] = [];
  let changes = 0;
  const watch = createGenerationWatch(
    { monotonic: () => 1 },
    () => new Promise((resolve) => answers.push(resolve)),
    () => {
      changes += 1;
    },
  );
  watch.look(true);
  watch.look(false);
  watch.look(true);
  answers[0]?.(7);
  await settled();
  expect(watch.look(true)).toBeUndefined();
  expect(changes).toBe(0);
  answers[1]?.(8);
  await settled();
  expect(watch.look(true)).toBe(8);
});
