import { posix } from "node:path";
import { expandHome } from "../paths.ts";
import type { Problem } from "./problem.ts";
import type { Filled } from "./schema.ts";
import type { Mount } from "./settings.ts";

/** Lima refuses these mount points (pkg/limayaml/validate.go); the guest's own system is in them. */
const systemFolders = [
  "/",
  "/bin",
  "/dev",
  "/etc",
  "/home",
  "/nix",
  "/opt",
  "/proc",
  "/run",
  "/sbin",
  "/sys",
  "/tmp",
  "/usr",
  "/var",
];

/** Absolute, normalised, each once, and nowhere where the guest has something of its own. */
export function resolveMounts(
  mounts: Filled["mounts"],
  user: string,
  home: string,
): { readonly mounts: readonly Mount[]; readonly problems: readonly Problem[] } {
  const resolved = mounts.map(({ host, writable }) => ({ host: folder(expandHome(host, home)), writable }));
  const problems = resolved.flatMap(({ host }, index): readonly Problem[] => {
    const path = ["mounts", index, "host"];
    const first = resolved.findIndex((other) => other.host === host);
    if (first < index) return [{ path, message: `${host} is mounted twice, see mounts[${first}]` }];
    if (systemFolders.includes(host)) {
      return [{ path, message: `the guest has its own ${host}; mount a folder below it` }];
    }
    if (host === `/home/${user}`) {
      return [{ path, message: `${host} is the home folder in the guest; mount a folder below it` }];
    }
    // Lima hands the path to QEMU inside an option whose parts are separated by commas, and does not escape it.
    if (host.includes(","))
      return [{ path, message: `${host} has a comma in it, which ends QEMU at its start` }];
    return [];
  });
  return { mounts: resolved, problems };
}

function folder(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}
