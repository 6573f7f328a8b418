/** A process that has so many descriptors left as its argument says, starts programs all the same, and goes on. */
import { closeSync, openSync, readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { startLong, startPiped, systemProcesses } from "../../src/cli/adapters/process.ts";

// What is loaded later needs descriptors too.
await systemProcesses.run("/bin/true", []);
const before = readdirSync("/dev/fd").length;
const taken: number[] = [];
try {
  for (;;) taken.push(openSync("/dev/null", "r"));
} catch {
  for (let left = Number(process.argv[2]); left > 0; left -= 1) closeSync(taken.pop() ?? -1);
}
const { startError } = await systemProcesses.run("/bin/echo", []);
const ends: unknown[] = [startError];
const onExit = (end: { readonly startError: string | undefined }): void => void ends.push(end.startError);
startLong("/bin/echo", [], { onStderrLine: () => {}, onExit }).write("x");
startPiped("/bin/echo", [], { env: {}, cwd: "/", pipes: [true, true, true], onExit });
await wait(200);
for (const fd of taken) closeSync(fd);
const kept = readdirSync("/dev/fd").length - before;
const { exitCode } = await systemProcesses.run("/bin/echo", []);
process.stdout.write(JSON.stringify({ ends, kept, exitCode }));
