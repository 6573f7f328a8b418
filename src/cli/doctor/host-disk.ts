import { quote } from "../quote.ts";
import { check } from "./check.ts";

/** What a start wants too. */
const scarceBytes = 2 * 1024 ** 3;
/** A package that the guest installs would fill it. */
const fullBytes = 256 * 1024 ** 2;

/** The VM's disks take only what was written to them, so they grow as the guest writes. */
export const hostDisk = check("host-disk", "There is room for the VM's disks to grow.", async (port) => {
  const { limaHome } = port.paths;
  const freeBytes = await port.context.files.freeBytes(limaHome);
  const evidence = `${(Math.floor((freeBytes / 1024 ** 3) * 10) / 10).toFixed(1)} GiB are free where ${limaHome} is`;
  if (freeBytes >= scarceBytes) return { verdict: "ok", evidence };
  return {
    verdict: freeBytes < fullBytes ? "problem" : "warning",
    evidence: `${evidence}; if it fills up, the VM is paused or its disks are damaged`,
    fix: `df -h ${quote(limaHome)}    (free some space)`,
  };
});
