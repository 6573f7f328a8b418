import { type ChildProcess, spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildHelper } from "../support/build-helper.ts";
import { deadPid, endAll, impostor } from "../support/impostors.ts";

let holder: string;

beforeAll(async () => {
  holder = await buildHelper("lock-holder");
});

let state: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  state = mkdtempSync(`${tmpdir()}/lock-`);
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  endAll();
  rmSync(state, { recursive: true, force: true });
});

interface Run {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly held: Promise<void>;
  readonly ended: Promise<string>;
}

function hold(holdMs: number, ...flags: string[]): Run {
  const child = spawn(process.execPath, [holder, state, String(holdMs), ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let text = "";
  let told = (): void => {};
  const held = new Promise<void>((resolve) => {
    told = resolve;
  });
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text.includes("held")) told();
  });
  const ended = new Promise<string>((resolve) => child.once("close", () => resolve(text)));
  return { pid: child.pid ?? -1, kill: (signal) => child.kill(signal), held, ended };
}

/** A lock left by a holder of the past. */
function leave(holderText: string, turn = 1): void {
  mkdirSync(`${state}/lock.d`, { recursive: true });
  writeFileSync(`${state}/lock.d/${turn}`, holderText);
}

const leaveHolder = (pid: number, startedAt = "long ago"): void =>
  leave(`${JSON.stringify({ pid, startedAt, command: "ascalon up" })}\n`);

describe("the lock", () => {
  it("two at once: the second is told who works", async () => {
    const first = hold(60_000);
    await first.held;
    expect(await hold(0).ended).toBe(
      `E_LOCKED another ascalon is working: \`ascalon test\`, pid ${first.pid}\n`,
    );
  });

  it("one after the other", async () => {
    for (let round = 0; round < 3; round += 1) expect(await hold(0).ended).toBe("held\ndone\n");
  });

  it("a holder that was killed -9 holds nothing any more", async () => {
    const first = hold(60_000);
    await first.held;
    first.kill("SIGKILL");
    await first.ended;
    rmSync(`${state}/inside`, { recursive: true });
    expect(await hold(0).ended).toBe("held\ndone\n");
  });

  it("one that died the moment it had it neither", async () => {
    expect(await hold(0, "--crash").ended).toBe("");
    expect(await hold(0).ended).toBe("held\ndone\n");
  });

  it("a stopped holder is no dead one, however long it is stopped", async () => {
    const first = hold(60_000);
    await first.held;
    first.kill("SIGSTOP");
    const file = `${state}/lock.d/${readdirSync(`${state}/lock.d`)[0]}`;
    utimesSync(file, 1, 1);
    expect(await hold(0).ended).toContain("E_LOCKED");
  });

  it("a pid that is another program's now is no holder, and that program lives on", async () => {
    const pid = await impostor("sleep");
    leaveHolder(pid);
    expect(await hold(0).ended).toBe("held\ndone\n");
    process.kill(pid, 0);
  });

  it.each([
    ["an empty file, after a power loss", ""],
    ["half a file", '{"pid":12'],
    ["another form", "[]"],
  ])("%s holds nothing", async (_name, text) => {
    leave(text);
    expect(await hold(0).ended).toBe("held\ndone\n");
  });

  it.each(["99999999999999999999", "12345678901", "1e3", "-1"])(
    "a file named %s is no turn",
    async (name) => {
      mkdirSync(`${state}/lock.d`, { recursive: true });
      writeFileSync(`${state}/lock.d/${name}`, "");
      expect(await hold(0).ended).toBe("held\ndone\n");
      expect(await hold(0).ended).toBe("held\ndone\n");
    },
  );

  it("something in the way that nobody holds is told as that", async () => {
    mkdirSync(`${state}/lock.d`, { recursive: true });
    symlinkSync("nowhere", `${state}/lock.d/5`);
    expect(await hold(0).ended).toContain("nothing seems to hold it");
  });

  it("what killed programs left in the folder is cleared away in time", async () => {
    leave("{}", 1);
    leave("{}", 2);
    writeFileSync(`${state}/lock.d/3.4711.x1y2`, "half");
    for (const name of ["1", "3.4711.x1y2"]) utimesSync(`${state}/lock.d/${name}`, 1, 1);
    expect(await hold(0).ended).toBe("held\ndone\n");
    expect(readdirSync(`${state}/lock.d`).sort()).toEqual(["2", "3"]);
  });

  it("a turn of long ago, made again by one who comes late, gives nothing", async () => {
    // The newest turn is 7, and nobody ever makes an old one into a lock.
    const first = hold(60_000);
    await first.held;
    const text = readFileSync(`${state}/lock.d/1`, "utf8");
    leave(text, 7);
    rmSync(`${state}/lock.d/1`);
    expect(await hold(0).ended).toContain("E_LOCKED");
    expect(readdirSync(`${state}/lock.d`)).toEqual(["7"]);
  });

  it("20 that race for a stale lock: never two at a time, and whoever does not get it says why", async () => {
    leaveHolder(await deadPid());
    for (let round = 0; round < 2; round += 1) {
      const texts = await Promise.all(Array.from({ length: 20 }, () => hold(30).ended));
      const winners = texts.filter((text) => text === "held\ndone\n");
      const refused = texts.filter((text) => text.startsWith("E_LOCKED another ascalon is working"));
      expect(winners.length).toBeGreaterThan(0);
      expect([...winners, ...refused]).toHaveLength(20);
    }
  });
});
