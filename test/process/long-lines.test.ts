import { expect, test } from "vitest";
import { startLong } from "../../src/cli/adapters/process.ts";

test("a line without an end comes in pieces, and nothing of it is lost", async () => {
  const pieces: string[] = [];
  const total = 3_000_000;
  const script = `process.stderr.write("x".repeat(${total}), () => process.stderr.write("\\nlast"))`;
  await new Promise<void>((resolve) => {
    startLong(process.execPath, ["-e", script], {
      onStderrLine: (line) => pieces.push(line),
      onExit: () => resolve(),
    });
  });
  expect(pieces.pop()).toBe("last");
  expect(pieces.join("")).toHaveLength(total);
  // A piece is what was kept and one read of the pipe.
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(128 * 1024);
});
