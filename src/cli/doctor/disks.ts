import { isHomeLost } from "../machine/facts.ts";
import { answersOf, check, type Finding, notAnswered, notRunning, running } from "./check.ts";
import type { GuestAnswers } from "./guest-answers.ts";

const fullPercent = 95;

/** Device, size, used, free, percent, mount point. */
const rowOf = ({ disks }: GuestAnswers, at: 0 | 1): readonly string[] | undefined =>
  disks[at]?.trim().split(/\s+/);

const roomOf = (what: string, [device, , , freeKiB, percent = ""]: readonly string[]) => ({
  evidence: `${what} is ${percent} full on ${device}, ${(Number(freeKiB) / 1024 ** 2).toFixed(1)} GiB are free`,
  isFull: Number.parseInt(percent, 10) >= fullPercent,
});

/** Linux makes a file system in which it found an error read-only; the next start checks and repairs it. */
const readOnly = (place: string) =>
  ({
    verdict: "problem",
    evidence: `${place} is read-only: the guest's kernel found an error on its disk, or somebody remounted it`,
    fix: "ascalon restart",
  }) as const;

const untold = { verdict: "skipped", evidence: "the guest did not report its disks" } as const;

const homeLost = {
  verdict: "problem",
  evidence: "the home disk's file is gone from this machine, and /home is lost when the VM stops",
  fix: "ascalon stop    (stops nothing, and says how to save it)",
} as const;

const homeShut = (folder: string): Omit<Finding, "id"> => ({
  verdict: "problem",
  evidence: `the guest's user cannot write to ${folder}: it is missing, or its owner or mode was changed`,
  fix: `ascalon shell --no-cwd -- sh -c 'sudo install -d -m 700 -o "$USER" ${folder}'`,
});

export const homeDisk = check(
  "home",
  "/home is on its own disk, can be written to and has room.",
  async (port) => {
    if (!(port.facts instanceof Error) && isHomeLost(port.facts)) return homeLost;
    if (!running(port)) return notRunning;
    const answers = await answersOf(port);
    if (answers === undefined) return notAnswered;
    const [home, root] = [rowOf(answers, 0), rowOf(answers, 1)];
    if (answers.exitCode !== 0 || !home || !root) return untold;
    if (home[0] === root[0]) {
      const evidence = "/home is on the system disk: `ascalon destroy` would delete it too";
      return { verdict: "problem", evidence, fix: "ascalon restart" };
    }
    if (answers.readOnly.includes("/home")) return readOnly("/home");
    if (answers.shutHome !== undefined) return homeShut(answers.shutHome);
    const { evidence, isFull } = roomOf("/home", home);
    if (!isFull) return { verdict: "ok", evidence };
    return { verdict: "warning", evidence, fix: "ascalon config set vm.home SIZE && ascalon restart" };
  },
);

/** Where nothing fits any more no program of the guest's system starts as it should, and no new system is built. */
export const rootDisk = check("root", "The system disk can be written to and has room.", async (port) => {
  if (!running(port)) return notRunning;
  const answers = await answersOf(port);
  if (answers === undefined) return notAnswered;
  const root = rowOf(answers, 1);
  if (answers.exitCode !== 0 || !root) return untold;
  if (answers.readOnly.includes("/")) return readOnly("the system disk");
  const { evidence, isFull } = roomOf("the system disk", root);
  if (!isFull) return { verdict: "ok", evidence };
  return { verdict: "warning", evidence, fix: "ascalon config set vm.disk SIZE && ascalon restart" };
});
