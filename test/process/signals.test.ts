import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtCli } from "../support/built-cli.ts";
import { type LimaBed, limaBed } from "../support/lima-bed.ts";

/** Lima and ascalon refuse root, so where the tests run as root these programs run as nobody. */
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

const cli = builtCli();
let bed: LimaBed;
/** What the program started last has said so far. */
let last = (): string => "";

beforeEach(async () => {
  bed = await limaBed();
  // Where nobody may read it.
  const double = `${bed.bin}/limactl-double.cjs`;
  copyFileSync(fileURLToPath(new URL("../doubles/limactl-double.cjs", import.meta.url)), double);
  writeFileSync(
    `${bed.bin}/limactl`,
    `#!/bin/sh
exec ${process.execPath} ${double} "$@"
`,
  );
  if (isRoot) spawnSync("chown", ["-R", `${nobody}:${nobody}`, bed.home]);
});

afterEach(() => bed.close());

function ascalon(...argv: string[]) {
  const child = spawn(process.execPath, [cli, ...argv], {
    cwd: bed.home,
    env: { HOME: bed.home, PATH: `${bed.bin}:${process.env.PATH}`, ...bed.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: string | null; text: string }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, text }));
  });
  last = () => text;
  return { pid: child.pid ?? -1, kill: (signal: NodeJS.Signals) => child.kill(signal), ended };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000 && !isTrue(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(isTrue(), last()).toBe(true);
}

/** Whether a SIGINT waits for the program to take it. */
const pends = (pid: number): boolean =>
  /^(?:Shd|Sig)Pnd:.*[2367abef]$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

const booting = (): boolean => existsSync(`${bed.instance}/qemu.pid`);

describe("signals", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s while it boots: 130, a sentence, and the next up goes on",
    async (name) => {
      bed.env.DOUBLE_FAULT = "held-boot";
      const up = ascalon("up");
      await until(booting);
      up.kill(name);
      const { code, text } = await up.ended;
      writeFileSync(`${bed.home}/boot-may-end`, "");
      expect(code).toBe(130);
      expect(text).toContain("interrupted [E_INTERRUPTED]");
      expect(text).toContain("run: ascalon up");
      const again = await ascalon("up", "--json", "--progress", "quiet").ended;
      expect(again).toMatchObject({ code: 0, text: expect.stringContaining('"state":"ready"') });
    },
  );

  it("killed -9 while it boots: nothing is locked, and the next up goes on", async () => {
    bed.env.DOUBLE_FAULT = "held-boot";
    const up = ascalon("up");
    await until(booting);
    up.kill("SIGKILL");
    await up.ended;
    writeFileSync(`${bed.home}/boot-may-end`, "");
    expect(await ascalon("up").ended).toMatchObject({ code: 0 });
  });

  it("killed -9 while limactl creates: the next up begins anew, and nothing removes it later", async () => {
    bed.env.DOUBLE_FAULT = "slow-create";
    const up = ascalon("up");
    await until(
      () => existsSync(`${bed.instance}/lima.yaml`) && existsSync(`${bed.state}/limactl-create.pid`),
    );
    const creator = Number(readFileSync(`${bed.state}/limactl-create.pid`, "utf8"));
    up.kill("SIGKILL");
    await up.ended;
    bed.env.DOUBLE_FAULT = "";
    expect(await ascalon("up").ended).toMatchObject({ code: 0 });
    await until(
      () => !existsSync(`/proc/${creator}`) || readFileSync(`/proc/${creator}/stat`, "utf8").includes(") Z "),
    );
    expect(await ascalon("status", "--json").ended).toMatchObject({
      text: expect.stringContaining('"state":"ready"'),
    });
  });

  it("two Ctrl-C end it at once, whatever it waits for", async () => {
    bed.env.DOUBLE_FAULT = "deaf";
    const up = ascalon("up");
    await until(() => existsSync(`${bed.home}/deaf`));
    up.kill("SIGINT");
    // Two that a program has not taken yet are one.
    await until(() => !pends(up.pid));
    up.kill("SIGINT");
    const began = Date.now();
    expect((await up.ended).code).toBe(130);
    expect(Date.now() - began).toBeLessThan(2000);
  });

  it("one Ctrl-C never cuts a step short, however long it takes", async () => {
    bed.env.DOUBLE_FAULT = "deaf";
    const up = ascalon("up");
    await until(() => existsSync(`${bed.home}/deaf`));
    up.kill("SIGINT");
    const ended = await Promise.race([
      up.ended,
      new Promise((resolve) => setTimeout(() => resolve("works"), 4000)),
    ]);
    expect(ended).toBe("works");
    up.kill("SIGINT");
    expect((await up.ended).code).toBe(130);
  });

  it("Ctrl-C is how status --watch ends well", async () => {
    const watch = ascalon("status", "--watch", "--json");
    await until(() => last().endsWith("\n"));
    watch.kill("SIGINT");
    const { code, text } = await watch.ended;
    expect(code).toBe(0);
    expect(JSON.parse(text.trim()).state).toBe("absent");
  });

  it("a reader that goes away is no error", async () => {
    const line = `"${process.execPath}" "${cli}" --help | head -n 1`;
    const { status, stderr } = spawnSync("bash", ["-c", `set -o pipefail; ${line}`], {
      env: { HOME: bed.home, PATH: process.env.PATH },
    });
    expect([status, String(stderr)]).toEqual([0, ""]);
  });

  it("nor of --version, which the launcher answers", () => {
    // The reader has ended before anything is written.
    const line = `mkfifo "$HOME/pipe"; exec 3<>"$HOME/pipe" 4>"$HOME/pipe" 3<&-; "${process.execPath}" "${cli}" --version >&4`;
    const { status, stderr } = spawnSync("bash", ["-c", line], {
      env: { HOME: bed.home, PATH: process.env.PATH },
    });
    expect([status, String(stderr)]).toEqual([0, ""]);
  });

  it.skipIf(!existsSync("/dev/full")).each([["status"], ["--version"]])(
    "output of %s that cannot be written is said, with exit 1",
    (command) => {
      const line = `"${process.execPath}" "${cli}" ${command} > /dev/full`;
      const { status, stderr } = spawnSync("bash", ["-c", line], {
        env: { HOME: bed.home, PATH: process.env.PATH },
      });
      expect(String(stderr)).toMatch(/^ascalon: cannot write its output: ENOSPC.*\n$/);
      expect(status).toBe(1);
    },
  );
});
