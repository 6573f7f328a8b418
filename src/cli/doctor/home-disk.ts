import { isHomeLost } from "../lifecycle/refusals.ts";
import { check, notRunning, running } from "./check.ts";

const fullPercent = 95;

export const homeDisk = check("home", "/home is on its own disk and has room.", async (port) => {
  if (!(port.facts instanceof Error) && isHomeLost(port.facts)) {
    const evidence = "the home disk's file is gone from this machine, and /home is lost when the VM stops";
    return { verdict: "problem", evidence, fix: "ascalon stop    (stops nothing, and tells how to save it)" };
  }
  if (!running(port)) return notRunning;
  const said = await port.guest("df -Pk /home /");
  // A POSIX table: one head line, then device, size, used, free, percent, mount point.
  const [home, root] = said.stdout
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  if (said.exitCode !== 0 || !home || !root)
    return { verdict: "skipped", evidence: "the guest did not report its disks" };
  const [device, , , freeKiB, percent = ""] = home;
  if (device === root[0]) {
    const evidence = "/home is on the system disk: `ascalon destroy` would delete it too";
    return { verdict: "problem", evidence, fix: "ascalon restart" };
  }
  const evidence = `/home is ${percent} full on ${device}, ${(Number(freeKiB) / 1024 ** 2).toFixed(1)} GiB are free`;
  if (Number.parseInt(percent, 10) < fullPercent) return { verdict: "ok", evidence };
  return { verdict: "warning", evidence, fix: "ascalon config set vm.home SIZE && ascalon restart" };
});
