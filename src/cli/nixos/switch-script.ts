/** Where the host puts nix/guest/system-switch.sh: it runs itself again in a unit, so it has to be a file. */
const uploadedScript = "/run/ascalon-system-switch.sh";

/** Arguments of sudo in the guest, for each thing the script does. */
export const switchScript = {
  live: (system: string): readonly string[] => ["sh", uploadedScript, "live", system],
  /** With a number the generation keeps it; setting its path would make a new one of it. */
  makeDefault: (system: string, generation?: number): readonly string[] => [
    "sh",
    uploadedScript,
    "default",
    system,
    ...(generation === undefined ? ["--set", system] : ["--switch-generation", String(generation)]),
  ],
} as const;
