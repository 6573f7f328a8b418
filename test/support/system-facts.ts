import type { SystemFacts } from "../../src/cli/nixos/system-facts.ts";

/** What a NixOS guest of ascalon's says of itself when all is well. */
export const systemFactsOf = (system: string): SystemFacts => ({
  os: "nixos",
  host: "ascalon",
  system,
  isAscalon: true,
  told: null,
  home: "mounted",
  freeBytes: 1,
  muxState: "running",
  withoutMux: false,
  isSwitching: false,
  failedUnits: [],
  files: new Map(),
});
