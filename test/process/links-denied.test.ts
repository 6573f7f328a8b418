import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemProcesses } from "../../src/cli/adapters/process.ts";
import type { Link } from "../../src/cli/links/link.ts";
import { prove } from "../../src/cli/links/probes/prove.ts";
import { type LinkBed, openLinkBed } from "./link-bed.ts";
import { type MuxWindow, openMuxWindow } from "./mux-window.ts";

let bed: LinkBed;
const windows: MuxWindow[] = [];
afterEach(async () => {
  for (const window of windows.splice(0)) window.close();
  await bed.close();
});

async function open(extra: readonly string[] = [], unlink = true): Promise<void> {
  bed = await openLinkBed({ unlink, extra });
  await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
}

async function openWindow(): Promise<MuxWindow> {
  const window = await openMuxWindow(`${bed.sockDir}/mux.sock`);
  windows.push(window);
  expect(await window.ping()).toBe(true);
  return window;
}

const fromHost = (name: string, guestEnd: string, sockDir = bed.sockDir): Link => ({
  name,
  protocol: "stream",
  direction: "host-to-guest",
  hostEnd: `${sockDir}/host-${name}.sock`,
  guestEnd,
  target: `${bed.root}/docker-target.sock`,
  probeEnd: `${sockDir}/probe-${name}.sock`,
  chosen: "the test's",
});

const toHost = (name: string, hostEnd: string): Link => ({
  name,
  protocol: "stream",
  direction: "guest-to-host",
  hostEnd,
  guestEnd: `${bed.root}/wezterm/sock`,
  target: undefined,
  probeEnd: hostEnd,
  chosen: "the test's",
});

/** How many ssh processes came to carry the links. */
const starts = (): number => bed.lines.filter((line) => line.includes(" carries ")).length;

describe.each([
  ["a guest with StreamLocalBindUnlink", true],
  ["a guest without it", false],
])("%s: a link that cannot be made", (_, unlink) => {
  test("says why, cuts no window, and comes when it can be made", async () => {
    await open([], unlink);
    const folder = `${bed.root}/later`;
    bed.startLinks([...bed.links, fromHost("pg", `${folder}/pg.sock`)]);
    await bed.untilUp();
    const first = await openWindow();
    await bed.until(() => bed.state("pg").kind === "broken");
    await wait(8_000);
    expect(first.isOpen()).toBe(true);
    expect(starts()).toBeLessThanOrEqual(2);
    expect(bed.state("pg")).toMatchObject({
      kind: "broken",
      reason: `the VM cannot make ${folder}/pg.sock`,
    });
    // Each later look is told, and is no ssh for the others.
    expect(bed.state("pg")).toMatchObject({ nextAttemptAt: expect.any(Number) });
    const logged = bed.lines.length;
    bed.running().hurry();
    await wait(1_000);
    expect(bed.lines.length).toBe(logged);
    await mkdir(folder);
    bed.running().hurry();
    await bed.untilUp(["mux", "docker", "ssh-agent", "pg"]);
    expect(await first.ping()).toBe(true);
    expect(starts()).toBeLessThanOrEqual(3);
  });
});

test("paths with letters that ssh expands are taken as they are, both ways", async () => {
  await open();
  const odd = `${bed.root}/p%h 100%done\\x~`;
  await mkdir(odd, { mode: 0o700 });
  const down = fromHost("down", `${bed.guestDir}/down.sock`, odd);
  const up = toHost("up", `${odd}/a%zb.sock`);
  bed.startLinks([...bed.links, down, up]);
  await bed.untilUp(["mux", "docker", "ssh-agent", "down", "up"]);
  expect(existsSync(down.probeEnd)).toBe(true);
  expect(await prove(converse, "docker", down.probeEnd)).toMatchObject({ kind: "up" });
  expect(await prove(converse, "mux", up.hostEnd)).toMatchObject({ kind: "up" });
  // From inside the guest, to the socket behind the odd path.
  expect(await prove(converse, "docker", down.guestEnd)).toMatchObject({ kind: "up" });
});

test("one slow login costs no window, then or later", { timeout: 120_000 }, async () => {
  const slow = `/tmp/ascalon-slow-${process.pid}`;
  await open([`ForceCommand test -e ${slow} && sleep 11; exec cat`]);
  try {
    bed.startLinks();
    await bed.untilUp();
    const first = await openWindow();
    await writeFile(slow, "");
    await bed.running().setLinks(bed.links.slice(0, 2));
    await wait(5_000);
    await rm(slow);
    await bed.until(() => starts() === 2, 40_000);
    const second = await openWindow();
    await bed.running().setLinks(bed.links);
    await bed.until(() => starts() === 3);
    await bed.untilUp();
    await wait(1_500);
    expect(await Promise.all([first.ping(), second.ping()])).toEqual([true, true]);
    expect(starts(), bed.lines.join("\n")).toBe(3);
    const { stdout } = await systemProcesses.run("ps", ["-o", "args=", "-p", String(bed.running().pid())]);
    expect(stdout).not.toContain(" -N ");
  } finally {
    await rm(slow, { force: true });
  }
});

test("a guest that runs nothing: another set of links is one ssh more, and cuts nobody", async () => {
  await open(["ForceCommand /bin/false"]);
  bed.startLinks();
  await bed.untilUp();
  const window = await openWindow();
  const before = starts();
  await bed.running().setLinks(bed.links.slice(0, 2));
  await bed.until(() => starts() > before);
  await wait(2_500);
  expect(starts()).toBe(before + 1);
  expect(await window.ping()).toBe(true);
  await bed.untilUp(["mux", "docker"]);
});
