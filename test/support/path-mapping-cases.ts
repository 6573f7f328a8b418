import type { PathMount } from "../../src/shared/path-mapping.ts";

/** One table for Node and for Lua: the two compilers have to give the same answers. */
export const mounts: readonly PathMount[] = [
  { host: "/Users/mia/Projects", guest: "/Users/mia/Projects" },
  // The same folder by its real path.
  { host: "/Volumes/Work/Projects", guest: "/Users/mia/Projects" },
  // Inside the first, and somewhere else in the guest.
  { host: "/Users/mia/Projects/data", guest: "/srv/data" },
  // Lies over a part of the first in the guest.
  { host: "/Users/mia/cache", guest: "/Users/mia/Projects/cache" },
  { host: "/Users/mia/Büro", guest: "/Users/mia/Büro" },
];

type Row = readonly [path: string, mapped: string | undefined];

export const toGuestRows: readonly Row[] = [
  ["/Users/mia/Projects", "/Users/mia/Projects"],
  ["/Users/mia/Projects/", "/Users/mia/Projects"],
  ["/Users/mia/Projects/a/b c", "/Users/mia/Projects/a/b c"],
  ["/Users/mia//Projects/./a/../b", "/Users/mia/Projects/b"],
  ["/Users/mia/Projects-old", undefined],
  ["/Users/mia/Projects/../Music", undefined],
  ["/Users/mia", undefined],
  ["/", undefined],
  ["", undefined],
  ["/Volumes/Work/Projects/x", "/Users/mia/Projects/x"],
  ["/Users/mia/Projects/data", "/srv/data"],
  ["/Users/mia/Projects/data/set", "/srv/data/set"],
  ["/Users/mia/Projects/database", "/Users/mia/Projects/database"],
  // In the guest another mount covers that place, so these files are nowhere to be seen.
  ["/Users/mia/Projects/cache/x", undefined],
  ["/Users/mia/cache/x", "/Users/mia/Projects/cache/x"],
  ["/Users/mia/Büro/Übung", "/Users/mia/Büro/Übung"],
];

export const toHostRows: readonly Row[] = [
  ["/Users/mia/Projects/a", "/Users/mia/Projects/a"],
  ["/srv/data/set", "/Users/mia/Projects/data/set"],
  ["/Users/mia/Projects/cache/x", "/Users/mia/cache/x"],
  // On the host that place shows what the guest has at /srv/data.
  ["/Users/mia/Projects/data/x", undefined],
  ["/home/dev", undefined],
  ["/srv/data2", undefined],
];
