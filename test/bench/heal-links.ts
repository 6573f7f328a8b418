import { rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { startMuxDouble } from "../doubles/mux-double.ts";
import { type LinkBed, openLinkBed, residentMiB } from "../process/link-bed.ts";

/** Each fault on the real ssh and sshd of this machine, without a hint to ascalon, and the time until all links carry bytes. */
export interface HealFigure {
  readonly fault: string;
  /** From when the time counts. */
  readonly from: string;
  readonly medianMs: number;
  readonly worstMs: number;
  readonly runs: number;
}

type Fault = (bed: LinkBed) => Promise<void>;

/** Which link notices first is chance, and the ssh that heals it heals the others before they do. */
const noticed = (bed: LinkBed): Promise<number> =>
  bed.until(() => bed.links.some(({ name }) => bed.state(name).kind !== "up"), 12_000);

const faults: readonly {
  readonly fault: string;
  readonly from: string;
  readonly unlink?: false;
  /** Resolves when the cause is gone. */
  readonly inject: Fault;
}[] = [
  {
    fault: "our ssh killed -9",
    from: "the kill",
    inject: async (bed) => {
      process.kill(bed.running().pid() ?? -1, "SIGKILL");
    },
  },
  {
    fault: "our ssh killed -9, guest without StreamLocalBindUnlink (stale sockets on both sides)",
    from: "the kill",
    unlink: false,
    inject: async (bed) => {
      process.kill(bed.running().pid() ?? -1, "SIGKILL");
    },
  },
  {
    fault: "sshd and its sessions killed -9, away for 2 s",
    from: "sshd accepts again",
    inject: async (bed) => {
      await bed.sshd.stop({ signal: "SIGKILL" });
      await wait(2_000);
      await bed.sshd.start();
    },
  },
  {
    fault: "sshd and its sessions stopped, away for 15 s",
    from: "sshd accepts again",
    inject: async (bed) => {
      await bed.sshd.stop();
      await wait(15_000);
      await bed.sshd.start();
    },
  },
  {
    fault: "the host's Docker socket removed for 5 s and made anew",
    from: "it listens again",
    inject: async (bed) => {
      await bed.docker?.close();
      await wait(5_000);
      await bed.startDocker();
    },
  },
  {
    fault: "the socket folder removed under us",
    from: "the removal",
    inject: (bed) => rm(bed.sockDir, { recursive: true }),
  },
  {
    fault: "the guest's socket folder emptied",
    from: "the removal",
    inject: async (bed) => {
      for (const name of ["docker", "ssh-agent"]) await rm(`${bed.guestDir}/${name}.sock`, { force: true });
    },
  },
  {
    fault: "the guest stands still for 15 s (same ssh, no connection lost)",
    from: "it goes on",
    inject: async (bed) => {
      const pid = bed.running().pid();
      const frozen = [await bed.sshd.pid(), ...(await bed.sshd.sessions())];
      for (const one of frozen) process.kill(one, "SIGSTOP");
      await wait(15_000);
      for (const one of frozen) process.kill(one, "SIGCONT");
      if (bed.running().pid() !== pid) throw new Error("ssh was replaced");
    },
  },
  {
    fault: "our connection alone stands still",
    from: "it stops",
    inject: async (bed) => {
      for (const one of await bed.sshd.sessions()) process.kill(one, "SIGSTOP");
    },
  },
  {
    fault: "a local WezTerm server takes over mux.sock",
    from: "the takeover",
    inject: async (bed) => {
      await startMuxDouble({ path: `${bed.sockDir}/mux.sock`, exe: "/Applications/WezTerm.app/x" });
    },
  },
];

/** Faults that stay until they are repaired: time counts from their begin. Of the others the cause goes away. */
const fromStart = new Set(["the kill", "the removal", "the takeover", "it stops"]);

export async function measureHeals(
  runs: number,
  which: RegExp,
  log: (line: string) => void,
): Promise<HealFigure[]> {
  const figures: HealFigure[] = [];
  for (const { fault, from, inject, unlink = true } of faults.filter((one) => which.test(one.fault))) {
    const times: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const bed = await openLinkBed({ unlink });
      await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
      bed.startLinks();
      await bed.untilUp();
      // Past the time in which a second failure counts as one in a row, and at a random place between two proofs.
      await wait(5_200 + Math.random() * 2_000);
      const startedAt = performance.now();
      await inject(bed);
      const goneAt = performance.now();
      const counted = fromStart.has(from) ? startedAt : goneAt;
      if (fromStart.has(from)) await noticed(bed);
      await bed.untilUp(undefined, 20_000);
      times.push(performance.now() - counted);
      await bed.close();
    }
    times.sort((a, b) => a - b);
    const figure = { fault, from, runs, medianMs: times[runs >> 1] ?? 0, worstMs: times.at(-1) ?? 0 };
    log(JSON.stringify(figure));
    figures.push(figure);
  }
  return figures;
}

export interface GrowthFigure {
  readonly heals: number;
  readonly lost: number;
  readonly beforeMiB: number;
  readonly afterMiB: number;
  readonly handlesBefore: number;
  readonly handlesAfter: number;
  readonly medianMs: number;
}

const handles = (): number => process.getActiveResourcesInfo().length;

/** Kills ssh again and again; the backoff is passed over by asking at once. */
export async function measureGrowth(heals: number): Promise<GrowthFigure> {
  const bed = await openLinkBed({ unlink: true });
  await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
  bed.startLinks();
  await bed.untilUp();
  const times: number[] = [];
  let [beforeMiB, handlesBefore, lost] = [0, 0, 0];
  for (let i = 0; i < heals; i += 1) {
    if (i === Math.floor(heals / 10)) {
      globalThis.gc?.();
      [beforeMiB, handlesBefore] = [await residentMiB(process.pid), handles()];
    }
    const startedAt = performance.now();
    process.kill(bed.running().pid() ?? -1, "SIGKILL");
    await bed.until(() => bed.state("mux").kind !== "up");
    bed.running().hurry();
    await bed.untilUp().catch(() => {
      lost += 1;
    });
    times.push(performance.now() - startedAt);
  }
  globalThis.gc?.();
  const afterMiB = await residentMiB(process.pid);
  const handlesAfter = handles();
  await bed.close();
  times.sort((a, b) => a - b);
  return { heals, lost, beforeMiB, afterMiB, handlesBefore, handlesAfter, medianMs: times[heals >> 1] ?? 0 };
}

/** CPU of this process while all links are up and nothing happens, in percent of one core. */
export async function measureIdle(seconds: number): Promise<number> {
  const bed = await openLinkBed({ unlink: true });
  await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
  bed.startLinks();
  await bed.untilUp();
  await wait(3_000);
  const before = process.cpuUsage();
  await wait(seconds * 1_000);
  const used = process.cpuUsage(before);
  await bed.close();
  return (used.user + used.system) / 10_000 / seconds;
}
