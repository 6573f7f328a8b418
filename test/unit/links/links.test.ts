import { expect, test } from "vitest";
import type { Link } from "../../../src/cli/links/link.ts";
import { createLinks, type LinksPort } from "../../../src/cli/links/links.ts";
import { manualClock } from "../../support/manual-clock.ts";
import { sshTarget } from "../../support/ssh-target.ts";

const link = (name: string): Link => ({
  name,
  protocol: "stream",
  direction: "host-to-guest",
  hostEnd: `/s/host-${name}.sock`,
  guestEnd: `/run/ascalon/${name}.sock`,
  target: `/${name}.sock`,
  probeEnd: `/s/probe-${name}.sock`,
  chosen: "",
});

/** An ssh that carries at once whatever it is asked to, and sockets that answer. */
function open(links: readonly Link[]) {
  const clock = manualClock();
  const state = {
    full: false,
    refused: [] as { name: string; why: string }[],
    unreadable: false,
    started: [] as string[],
    turned: [] as string[],
    /** Where each symlink leads. */
    leads: new Map<string, string | undefined>(),
    /** What an ssh that is about to start looks at comes slowly. */
    slowDisk: false,
    /** Paths whose next proof is refused: once each time that they stand here. */
    closes: [] as string[],
    /** The forward never leads to its target, which is there. */
    leadsNowhere: false,
    lines: [] as string[],
    /** The VM does not answer in time what lies at a path in it. */
    slow: false,
    /** Links that nothing comes through. */
    mute: [] as string[],
    /** So many, from the first one on, carry nothing at all any more. */
    dead: 0,
    /** Lines that the VM has and has not answered. */
    held: [] as (() => void)[],
    /** How long the VM takes for a login. */
    loginMs: 0,
    ended: [] as string[],
    /** The end of each ssh by itself. */
    exits: [] as (() => void)[],
  };
  const port: LinksPort = {
    clock,
    startSsh: (args, options) => {
      const pid = state.started.push(args.join(" "));
      const begins = clock.sleep(state.loginMs);
      state.exits.push(() => options.onExit({ exitCode: 255, signal: undefined, startError: undefined }));
      return {
        pid,
        write: (text) => {
          const answer = (): void => void begins.then(() => options.onStdoutLine?.(text.trim()));
          if (state.dead < pid) answer();
          else state.held.push(answer);
        },
        closeInput: () => {
          state.ended.push(`${pid} let go`);
          options.onExit({ exitCode: 0, signal: undefined, startError: undefined });
        },
        leave: () => {},
        kill: (signal) => {
          state.ended.push(`${pid} ${signal}`);
          options.onExit({ exitCode: undefined, signal, startError: undefined });
        },
      };
    },
    runSsh: async () =>
      state.slow
        ? { exitCode: undefined, stdout: "", stderr: "", timedOut: true }
        : { exitCode: 0, stdout: "looked\n", stderr: "", timedOut: false },
    target: async () => {
      if (state.unreadable) throw new Error("EIO: i/o error, read");
      return sshTarget;
    },
    greets: async () => true,
    prepare: async (given) => {
      if (state.slowDisk) await clock.sleep(300);
      for (const { hostEnd, target } of given) state.leads.set(hostEnd, target);
      return { refused: state.refused };
    },
    prove: async (_protocol, path) => {
      if (
        path.includes("probe-") &&
        (state.dead >= state.started.length || state.mute.some((name) => path.includes(name)))
      ) {
        await clock.sleep(2_000);
        return { kind: "silent" };
      }
      if (state.leadsNowhere && path.includes("probe-")) return { kind: "closed" };
      const at = state.closes.indexOf(path);
      if (at >= 0) {
        state.closes.splice(at, 1);
        return { kind: "closed" };
      }
      return state.unreadable ? { kind: "silent" } : { kind: "up", rttMs: 1, facts: undefined };
    },
    identity: async () => String(state.loginMs > 0 ? 0 : state.started.length),
    turnLink: async (path, to) => {
      if (state.full && path.includes("-b.")) throw new Error("ENOSPC: no space left on device");
      state.turned.push(path);
      state.leads.set(path, to);
    },
    removeDead: async () => {},
  };
  const all = createLinks(port, { links, onChange: () => {}, onLine: (line) => state.lines.push(line) });
  const kindOf = (name: string) => all.reports().find((one) => one.link.name === name)?.state;
  return Object.assign(state, { clock, links: all, kindOf });
}

async function close({ clock, links }: ReturnType<typeof open>): Promise<void> {
  const stopping = links.stop();
  await clock.advance(20_000);
  await stopping;
}

test("a symlink that cannot be turned is told, and costs no other link", async () => {
  const bed = open([link("a")]);
  await bed.clock.advance(1_000);
  bed.full = true;
  const next = [link("a"), link("b"), link("c")];
  await expect(bed.links.setLinks(next)).rejects.toThrow("ENOSPC");
  await bed.clock.advance(1_000);
  expect(bed.turned).toContain("/s/host-c.sock");
  expect(bed.started).toHaveLength(2);
  expect(bed.kindOf("c")).toMatchObject({ kind: "up" });
  bed.full = false;
  await bed.links.setLinks(next);
  expect(bed.turned).toContain("/s/host-b.sock");
  await bed.clock.advance(1_000);
  expect(bed.started).toHaveLength(2);
  await close(bed);
});

test("a target that changes while an ssh is about to start is where the link leads", async () => {
  const bed = open([link("a")]);
  await bed.clock.advance(1_000);
  bed.slowDisk = true;
  await bed.links.setLinks([link("a"), link("b")]);
  await bed.clock.advance(100);
  const set = bed.links.setLinks([{ ...link("a"), target: "/other.sock" }, link("b")]);
  await bed.clock.advance(1_000);
  await set;
  expect(bed.started).toHaveLength(2);
  expect(bed.leads.get("/s/host-a.sock")).toBe("/other.sock");
  await close(bed);
});

test("a link that was refused is broken with its reason, and up when nothing is in its way", async () => {
  const bed = open([link("a"), link("b")]);
  bed.refused = [{ name: "b", why: "/s/probe-b.sock is no socket" }];
  await bed.clock.advance(5_000);
  expect(bed.kindOf("a")).toMatchObject({ kind: "up" });
  expect(bed.kindOf("b")).toMatchObject({ kind: "broken", reason: "/s/probe-b.sock is no socket" });
  bed.refused = [];
  bed.links.hurry();
  await bed.clock.advance(1_000);
  expect(bed.kindOf("b")).toMatchObject({ kind: "up" });
  await close(bed);
});

test("a link that was refused and has no target is waiting for it, and broken once it is there", async () => {
  const bed = open([link("a"), { ...link("b"), target: undefined, chosen: "no Docker socket found" }]);
  bed.refused = [{ name: "b", why: "the VM cannot make /run/ascalon/b.sock" }];
  await bed.clock.advance(5_000);
  expect(bed.kindOf("b")).toMatchObject({ kind: "waiting", reason: "no Docker socket found" });
  await bed.links.setLinks([link("a"), link("b")]);
  await bed.clock.advance(1_000);
  expect(bed.kindOf("b")).toMatchObject({
    kind: "broken",
    reason: "the VM cannot make /run/ascalon/b.sock",
    nextAttemptAt: expect.any(Number),
  });
  expect(bed.started).toHaveLength(1);
  await close(bed);
});

test("a refusal is one line in the log, however often it is looked at", async () => {
  const bed = open([link("a"), link("b")]);
  bed.refused = [{ name: "b", why: "/s/probe-b.sock is no socket" }];
  await bed.clock.advance(120_000);
  expect(bed.lines.filter((line) => line.startsWith("b: "))).toHaveLength(1);
  const state = bed.kindOf("b");
  expect(state && "nextAttemptAt" in state && state.nextAttemptAt).toBeGreaterThan(bed.clock.now());
  await close(bed);
});

test("a link that is silent while its ssh carries anything else costs the ssh nothing", async () => {
  const bed = open([link("a"), link("b")]);
  await bed.clock.advance(5_000);
  bed.mute = ["probe-b"];
  await bed.clock.advance(60_000);
  expect(bed.kindOf("b")).toMatchObject({
    kind: "broken",
    reason: expect.stringContaining("does not answer"),
  });
  // No other link says so: the line that goes to the guest and back does.
  bed.mute = ["probe-a", "probe-b"];
  await bed.clock.advance(60_000);
  expect(bed.kindOf("a")).toMatchObject({ kind: "broken" });
  expect(bed.started).toHaveLength(1);
  bed.mute = [];
  await bed.clock.advance(5_000);
  expect(bed.kindOf("a")).toMatchObject({ kind: "up" });
  await close(bed);
});

test("an ssh that carries nothing while the VM answers is replaced", async () => {
  const bed = open([link("a"), link("b")]);
  await bed.clock.advance(5_000);
  const state = bed.kindOf("b");
  bed.dead = 1;
  bed.links.hurry();
  await bed.clock.advance(5_900);
  expect(bed.started).toHaveLength(1);
  await bed.clock.advance(1_000);
  expect(bed.started).toHaveLength(2);
  expect(bed.ended).toEqual(["1 SIGKILL"]);
  expect(bed.kindOf("a")).toMatchObject({ kind: "up" });
  // By that the plugin knows that the windows were lost.
  expect(bed.kindOf("b")?.since).toBeGreaterThan(state?.since ?? 0);
  await close(bed);
});

test("an ssh that was silent and answers while another one logs in was slow, and keeps what it carries", async () => {
  const bed = open([link("a"), link("b")]);
  await bed.clock.advance(5_000);
  bed.dead = 1;
  bed.loginMs = 8_000;
  bed.links.hurry();
  await bed.clock.advance(8_000);
  expect(bed.started).toHaveLength(2);
  for (const answer of bed.held.splice(0)) answer();
  bed.dead = 0;
  await bed.clock.advance(10_000);
  expect(bed.ended).toEqual(["1 let go"]);
  expect(bed.kindOf("a")).toMatchObject({ kind: "up" });
  await close(bed);
});

test("an ssh that ends by itself while another one logs in beside it has lost what it carried", async () => {
  const bed = open([link("a")]);
  await bed.clock.advance(5_000);
  const before = bed.kindOf("a");
  bed.loginMs = 3_000;
  await bed.links.setLinks([link("a"), link("b")]);
  await bed.clock.advance(1_000);
  expect(bed.started).toHaveLength(2);
  bed.exits[0]?.();
  await bed.clock.advance(5_000);
  expect(bed.kindOf("a")).toMatchObject({ kind: "up" });
  // By that the plugin knows that the windows were lost, and brings them back.
  expect(bed.kindOf("a")?.since).toBeGreaterThan(before?.since ?? 0);
  await close(bed);
});

test("a silent ssh is not ended for one that does not come about", async () => {
  const bed = open([link("a"), link("b")]);
  await bed.clock.advance(5_000);
  bed.dead = 1;
  bed.loginMs = 3_600_000;
  bed.links.hurry();
  await bed.clock.advance(120_000);
  expect(bed.started.length).toBeGreaterThan(2);
  expect(bed.ended).not.toContain("1 SIGKILL");
  bed.loginMs = 0;
  await bed.clock.advance(120_000);
  expect(bed.ended).toContain("1 SIGKILL");
  await close(bed);
});

test("a link that asks for new forwards again and again gets them ever more rarely", async () => {
  const bed = open([link("a")]);
  bed.leadsNowhere = true;
  await bed.clock.advance(3_600_000);
  expect(bed.started.length).toBeGreaterThan(50);
  expect(bed.started.length).toBeLessThan(80);
  // What was mended for a while is mended soon.
  bed.leadsNowhere = false;
  await bed.clock.advance(600_000);
  const before = bed.started.length;
  bed.leadsNowhere = true;
  await bed.clock.advance(5_000);
  expect(bed.started.length).toBeGreaterThan(before + 2);
  await close(bed);
});

test("a proof that cannot even be begun is a failed proof", async () => {
  const bed = open([link("a")]);
  await bed.clock.advance(1_000);
  bed.unreadable = true;
  bed.links.hurry();
  await bed.clock.advance(1_000);
  expect(bed.kindOf("a")).toMatchObject({ kind: "broken", reason: "EIO: i/o error, read" });
  bed.unreadable = false;
  await bed.clock.advance(15_000);
  expect(bed.kindOf("a")).toMatchObject({ kind: "up" });
  await close(bed);
});

test("a target that comes in the middle of a proof costs no ssh, one that the forward does not reach does", async () => {
  const bed = open([link("a")]);
  await bed.clock.advance(1_000);
  // Refused by the forward, and there when it is asked directly.
  bed.closes.push("/s/probe-a.sock");
  bed.links.hurry();
  await bed.clock.advance(1_000);
  expect(bed.kindOf("a")).toMatchObject({ kind: "up" });
  expect(bed.started).toHaveLength(1);
  bed.closes.push("/s/probe-a.sock", "/s/probe-a.sock");
  bed.links.hurry();
  await bed.clock.advance(1_000);
  expect(bed.started).toHaveLength(2);
  await close(bed);
});

test("a VM that is too slow to say what lies at a path costs no link that works", async () => {
  const chosen = { ...link("a"), guestEnd: "/home/dev/a.sock" };
  const bed = open([chosen, link("b")]);
  // Something refused for good has the paths looked at again and again.
  bed.refused = [{ name: "b", why: "/s/probe-b.sock is no socket" }];
  await bed.clock.advance(5_000);
  bed.slow = true;
  await bed.clock.advance(30_000);
  expect(bed.kindOf("a")).toMatchObject({ kind: "up" });
  expect(bed.started).toHaveLength(1);
  await close(bed);
});

test("what is wanted while an ssh is started is carried by the next one, and not said to be by this one", async () => {
  const bed = open([link("a")]);
  bed.loginMs = 5_000;
  await bed.clock.advance(1_000);
  await bed.links.setLinks([link("a"), link("b")]);
  await bed.clock.advance(5_000);
  expect(bed.links.reports().map(({ link, carried }) => [link.name, carried])).toEqual([
    ["a", true],
    ["b", false],
  ]);
  expect(bed.kindOf("b")?.kind).not.toBe("up");
  await bed.clock.advance(6_000);
  expect(bed.kindOf("b")).toMatchObject({ kind: "up" });
  await close(bed);
});
