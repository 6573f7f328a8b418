/** Where the host puts nix/guest/rollback-timer.sh in a guest whose system does not have it yet. */
const uploadedScript = "/run/ascalon-rollback-timer.sh";

/** Arguments of sudo in the guest, for each thing the script does. */
export const rollbackTimer = {
  script: uploadedScript,
  arm: (previousSystem: string, seconds: number): readonly string[] => [
    "sh",
    uploadedScript,
    "arm",
    previousSystem,
    String(seconds),
  ],
  confirm: ["sh", uploadedScript, "confirm"],
  now: ["sh", uploadedScript, "now"],
  status: ["sh", uploadedScript, "status"],
} as const;

export type RollbackStatus =
  | { readonly state: "none" }
  | { readonly state: "armed"; readonly previous: string; readonly seconds: number }
  | { readonly state: "fired"; readonly previous: string; readonly exitCode: number };

/** The script's one line; undefined when it said something else. */
export function parseRollbackStatus(stdout: string): RollbackStatus | undefined {
  const [state, previous, number, ...more] = stdout.trim().split(" ");
  if (state === "none" && previous === undefined) return { state };
  const value = /^\d+$/.test(number ?? "") ? Number(number) : undefined;
  if (previous === undefined || value === undefined || more.length > 0) return undefined;
  if (state === "armed") return { state, previous, seconds: value };
  if (state === "fired") return { state, previous, exitCode: value };
  return undefined;
}
