import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/cli/adapters/clock.ts";
import { systemProcesses } from "../../src/cli/adapters/process.ts";
import { type LinkBed, openLinkBed } from "./link-bed.ts";

const outfile = new URL(`../../node_modules/.cache/hold-links-${process.pid}.mjs`, import.meta.url).pathname;
let bed: LinkBed;
let holder: ChildProcess | undefined;

beforeAll(async () => {
  const entryPoints = [new URL("./hold-links.ts", import.meta.url).pathname];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", packages: "external" });
});
afterAll(() => rm(outfile, { force: true }));
beforeEach(async () => {
  bed = await openLinkBed({ unlink: false });
  await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
});
afterEach(async () => {
  holder?.kill("SIGKILL");
  await bed.close();
});

/** Returns the pid of its ssh, once all links are up. */
async function hold(): Promise<number> {
  const args = [outfile, bed.sshd.instanceDir, bed.sockDir, JSON.stringify(bed.links)];
  holder = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  if (!holder.stdout) throw new Error("no stdout");
  return Number(String((await once(holder.stdout, "data"))[0]).trim());
}

async function untilGone(pid: number, limitMs: number): Promise<void> {
  for (const startedAt = performance.now(); systemProcesses.exists(pid); await systemClock.sleep(10)) {
    if (performance.now() - startedAt > limitMs) throw new Error(`ssh ${pid} is still there`);
  }
}

test("killed -9, its ssh ends by itself, and the next one heals what it left", async () => {
  const ssh = await hold();
  holder?.kill("SIGKILL");
  await untilGone(ssh, 2_000);
  bed.startLinks();
  expect(await bed.untilUp()).toBeLessThan(5_000);
});

test.each([
  ["killed -9", "SIGKILL"],
  ["ended in order", "SIGTERM"],
] as const)(
  "%s while a window is attached: the window stays, and its ssh ends with it",
  async (_, signal) => {
    const ssh = await hold();
    const attached = connect({ path: `${bed.sockDir}/mux.sock` });
    const ping = async (): Promise<string> => {
      attached.write(Uint8Array.from([2, 1, 1]));
      return Buffer.from((await once(attached, "data"))[0] as Buffer).toString("hex");
    };
    expect(await ping()).toBe("020102");
    const gone = holder ? once(holder, "exit") : undefined;
    holder?.kill(signal);
    await gone;
    bed.startLinks();
    await bed.untilUp();
    expect(await ping()).toBe("020102");
    expect(systemProcesses.exists(ssh)).toBe(true);
    attached.destroy();
    await untilGone(ssh, 2_000);
    await bed.untilUp();
  },
);
