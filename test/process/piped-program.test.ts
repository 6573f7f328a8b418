import { expect, test } from "vitest";
import { type StartPiped, startPiped } from "../../src/cli/adapters/process.ts";
import { startPipedProgram } from "../../src/cli/bridge/piped-program.ts";
import type { ProgramEvents, ProgramSpec } from "../../src/cli/bridge/program.ts";

/** What came of a line of sh, stdout as text. */
function outcomeOf(line: string, start: StartPiped = startPiped): Promise<{ text: string; code: unknown }> {
  return new Promise((resolve, reject) => {
    let text = "";
    const spec = {
      file: "/bin/sh",
      args: ["-c", line],
      env: { PATH: "/usr/bin:/bin" },
      streams: ["none", "pipe", "pipe"],
    } as unknown as ProgramSpec;
    const events = {
      onStartError: reject,
      onData: (_stream: number, bytes: Uint8Array) => {
        text += Buffer.from(bytes).toString();
      },
      onEnd: () => {},
      onShut: () => {},
      onExit: ({ code }: { code: unknown }) => resolve({ text, code }),
    } as unknown as ProgramEvents;
    startPipedProgram(start, spec, events);
  });
}

test("bytes that came while the process was busy are delivered before the end", async () => {
  // As when many programs are started in the moment in which one ends: its timers are due before its pipes are read.
  const busyAfterEnd: StartPiped = (file, args, options) =>
    startPiped(file, args, {
      ...options,
      onExit: (end) => {
        options.onExit(end);
        const until = performance.now() + 900;
        while (performance.now() < until);
      },
    });
  // The program ends at once; what it left behind writes while nobody reads.
  expect(await outcomeOf("(sleep 0.4; echo late) & exit 3", busyAfterEnd)).toEqual({
    text: "late\n",
    code: 3,
  });
});

test("a pipe that somebody else holds open without a word does not hold the end", async () => {
  const began = performance.now();
  expect(await outcomeOf("echo word; sleep 30 & exit 0")).toEqual({ text: "word\n", code: 0 });
  expect(performance.now() - began).toBeLessThan(5_000);
});
