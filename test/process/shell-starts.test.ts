import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { quoteAll } from "../../src/cli/quote.ts";
import { buildHelper } from "../support/build-helper.ts";
import { type LimaBed, limaBed } from "../support/lima-bed.ts";
import { hasSshd, type LoopbackGuest, startLoopbackGuest } from "../support/loopback-guest.ts";

let program: string;

let guest: LoopbackGuest;
let bed: LimaBed;

const started = (): readonly string[] => bed.calls().filter((call) => call.startsWith("start "));
const env = (): NodeJS.ProcessEnv => ({
  ...bed.env,
  HOME: bed.home,
  PATH: `${bed.bin}:${process.env.PATH}`,
  TERM: "xterm-256color",
});

/** ascalon on a terminal of its own, by util-linux's `script`. */
async function onTerminal(...args: string[]): Promise<{ code: number | null; screen: string }> {
  const command = quoteAll([process.execPath, program, ...args]);
  const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: bed.home, env: env(), stdio: "pipe" });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, screen };
}

describe.skipIf(!hasSshd() || process.platform !== "linux")("ascalon shell of a stopped VM", () => {
  beforeAll(async () => {
    guest = await startLoopbackGuest();
    program = await buildHelper("not-root");
  });
  afterAll(() => guest.close());

  beforeEach(async () => {
    bed = await limaBed();
    bed.env.DOUBLE_SSH_CONFIG = `${guest.instanceDir}/ssh.config`;
    expect(await bed.run(["up"])).toMatchObject({ code: 0 });
    expect(await bed.run(["stop"])).toMatchObject({ code: 0 });
    expect(started()).toHaveLength(1);
  });
  afterEach(() => bed.close());

  it("starts it on a terminal, and runs in it", async () => {
    const { code, screen } = await onTerminal("shell", "--no-cwd", "--", "sh", "-c", "echo in-guest; exit 7");
    // Of a terminal that has no size, as this one, every line would lose its last letter.
    expect(screen).toMatch(/Starting the VM \(\d\.\d s\)/);
    expect(screen).toContain("in-guest");
    expect(code).toBe(7);
    expect(started()).toHaveLength(2);
    expect(existsSync(`${bed.instance}/ha.pid`)).toBe(true);
  });

  it("refuses without one", () => {
    const { status, stderr } = spawnSync(process.execPath, [program, "shell", "--", "true"], {
      env: env(),
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
    });
    expect(status).toBe(125);
    expect(stderr).toContain("E_VM_STOPPED");
    expect(started()).toHaveLength(1);
  });

  it("refuses on one with --no-start", async () => {
    const { code, screen } = await onTerminal("shell", "--no-start", "--", "true");
    expect(code).toBe(125);
    expect(screen).toContain("E_VM_STOPPED");
    expect(started()).toHaveLength(1);
  });
});
