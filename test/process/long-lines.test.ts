import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { startLong } from "../../src/cli/adapters/process.ts";
import { until } from "./bridge-bed.ts";

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

test("what is written without end is read slowly, the first line at once, and the end of its program is heard", async () => {
  let chars = 0;
  let first: string | undefined;
  let end: unknown;
  const child = startLong("sh", ["-c", "echo greeting; exec yes"], {
    mostStdoutChars: 100_000,
    onStdoutLine: (line) => {
      first ??= line;
      chars += line.length + 1;
    },
    onStderrLine: () => {},
    onExit: ({ signal }) => {
      end = signal;
    },
  });
  await until(() => chars > 100_000);
  expect(first).toBe("greeting");
  // Twice a second's worth more, with the read in which each was passed; `yes` writes hundreds of millions.
  await wait(1_500);
  expect(chars).toBeLessThan(1_000_000);
  child.kill("SIGTERM");
  await until(() => end !== undefined);
  expect(end).toBe("SIGTERM");
});

test("what is written whole is read to its end, however slowly", async () => {
  let chars = 0;
  await new Promise<void>((resolve) => {
    startLong("sh", ["-c", "yes | head -c 300000; sleep 0.2"], {
      mostStdoutChars: 100_000,
      onStdoutLine: (line) => {
        chars += line.length + 1;
      },
      onStderrLine: () => {},
      onExit: () => resolve(),
    });
  });
  expect(chars).toBe(300_000);
});
