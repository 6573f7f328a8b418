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
  "/opt",
  "/proc",
  "/run",
  "/sbin",
  "/sys",
  "/tmp",
  "/usr",
  "/var",
];

/**
 * What a path cannot hold, because nobody on its way into the guest escapes it. Lima writes it bare into user-data, and
 * nixos-lima's lima-init makes a line of /etc/fstab of that with awk. Brackets, `#` and `'` pass both; `"` and `\` are
 * in no path of the settings.
 */
const breakers = [
  // The comma separates the parts of the option that has the path.
  { form: /,/, message: "has a comma in it, with which QEMU does not start" },
  // local-fs.target wants the line mounted, and what is mounted then is half a path.
  {
    form: /\s/u,
    message:
      "has whitespace in it, which ends a path in the guest's fstab: the image's system would start in emergency mode",
  },
  // For lima-init the list of mounts ends before the first line with a colon.
  {
    form: /:/,
    message: "has a colon in it: the guest would mount neither this folder nor those after it",
  },
] as const;

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
    if (/^\/(nix|boot)(\/|$)/.test(host)) {
      return [
        { path, message: `the guest has its own ${host}, and would not start with another in its place` },
      ];
    }
    if (systemFolders.includes(host)) {
      return [{ path, message: `the guest has its own ${host}; mount a folder below it` }];
    }
    if (host === `/home/${user}`) {
      return [{ path, message: `${host} is the home folder in the guest; mount a folder below it` }];
    }
    const breaker = breakers.find(({ form }) => form.test(host));
    if (breaker) return [{ path, message: `${host} ${breaker.message}; ${wayOut(host, home)}` }];
    return [];
  });
  return { mounts: resolved, problems };
}

/** Other disks are right below these, which a mount need not pass on. */
const diskFolders = /^\/(Volumes|mnt|media(\/[^/]+)?)$/;

/**
 * Below a mount the guest takes every name, so the folder above helps, unless that would share the whole home or more.
 * A symlink would be mounted, but a shell's folder has its real path, for which the guest would have no place.
 */
function wayOut(host: string, home: string): string {
  let above = posix.dirname(host);
  while (breakers.some(({ form }) => form.test(above))) above = posix.dirname(above);
  const isNone =
    systemFolders.includes(above) || `${home}/`.startsWith(`${above}/`) || diskFolders.test(above);
  return isNone ? "give it another name" : `give it another name, or mount ${above}`;
}

function folder(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}
