import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { type LinkBed, openLinkBed } from "./link-bed.ts";

let bed: LinkBed;
afterEach(() => bed.close());

async function open(extra: readonly string[] = [], mux: { readonly silent?: boolean } = {}): Promise<void> {
  bed = await openLinkBed({ unlink: true, extra });
  await Promise.all([bed.startMux(mux), bed.startDocker(), bed.startAgent()]);
  bed.startLinks();
}

const signalAll = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) process.kill(pid, signal);
};

describe("a guest that stands still", () => {
  test("for some seconds keeps its ssh, and its connections with it", { timeout: 120_000 }, async () => {
    await open();
    await bed.untilUp();
    const pid = bed.running().pid();
    const listener = Number(await readFile(`${bed.sshd.instanceDir}/sshd.pid`, "utf8"));
    const frozen = [listener, ...(await bed.sshd.sessions())];
    signalAll(frozen, "SIGSTOP");
    bed.running().hurry();
    await bed.until(() => JSON.stringify(bed.state("mux")).includes("is frozen"));
    await wait(3_000);
    signalAll(frozen, "SIGCONT");
    expect(await bed.untilUp()).toBeLessThan(3_000);
    expect(bed.running().pid()).toBe(pid);
  });

  test("in one connection alone gets another connection", { timeout: 120_000 }, async () => {
    await open();
    await bed.untilUp();
    const pid = bed.running().pid();
    const frozen = await bed.sshd.sessions();
    signalAll(frozen, "SIGSTOP");
    bed.running().hurry();
    // Six seconds: a probe has to run out before anything is known, and a busy VM is not a dead connection.
    await bed.until(() => bed.running().pid() !== pid && bed.running().pid() !== undefined, 30_000);
    await bed.untilUp();
    signalAll(frozen, "SIGKILL");
  });
});

test.each([
  ["", []],
  [", with an ssh that runs nothing in the guest", ["ForceCommand /bin/false"]],
] as const)(
  "a server in the guest that says nothing costs no other link its connection%s",
  async (_, extra) => {
    await open(extra, { silent: true });
    await bed.untilUp(["docker", "ssh-agent"]);
    const pid = bed.running().pid();
    await bed.until(() => JSON.stringify(bed.state("mux")).includes("does not answer"));
    await wait(2_000);
    expect(bed.running().pid()).toBe(pid);
    expect(bed.lines.join("\n")).not.toContain("seems dead");
  },
);

describe("login shells", () => {
  test("one that cannot run cat costs nothing but the courtesy", async () => {
    await open(["ForceCommand /bin/false"]);
    await bed.untilUp(undefined, 5_000);
    process.kill(bed.running().pid() ?? -1, "SIGKILL");
    await bed.until(() => bed.state("mux").kind !== "up");
    expect(await bed.untilUp()).toBeLessThan(3_000);
  });

  test("one that greets first is no matter", async () => {
    await open(["ForceCommand echo welcome; printf 'no newline '; exec cat"]);
    expect(await bed.untilUp()).toBeLessThan(3_000);
  });
});
