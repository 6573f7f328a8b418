import { mkdirSync, rmdirSync } from "node:fs";
import { withLock } from "../../src/cli/lifecycle/lock.ts";
import { asAscalonError } from "../../src/cli/present/error.ts";
import { realContext } from "./real-context.ts";

/**
 * A program for test/process/lock.test.ts: takes the lock of a state folder, says `held`, keeps it for a time, and
 * says `done`. Whoever is inside has made a folder, which only one can. `--crash` dies right after it was taken.
 */
const [stateDir = "", holdMs = "0", flag] = process.argv.slice(2);
const inside = `${stateDir}/inside`;
const { context } = realContext({ home: stateDir });
async function hold(): Promise<void> {
  try {
    await withLock(context, stateDir, "ascalon test", async () => {
      if (flag === "--crash") process.kill(process.pid, "SIGKILL");
      mkdirSync(inside);
      process.stdout.write("held\n");
      await new Promise((resolve) => setTimeout(resolve, Number(holdMs)));
      rmdirSync(inside);
    });
    process.stdout.write("done\n");
  } catch (error) {
    const { code, message } = asAscalonError(error, false);
    process.stdout.write(`${code} ${message}\n`);
    process.exitCode = 9;
  }
}
void hold();
