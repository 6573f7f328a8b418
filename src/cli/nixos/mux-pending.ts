import { guestOf, type SystemWork } from "./system-work.ts";

const askMs = 15_000;

/**
 * Tells when the system has another mux server than the one that runs: a switch leaves that alone, because its end is
 * the end of every session (nix/guest/mux-pending.sh).
 */
export async function noteMuxPending(work: SystemWork): Promise<void> {
  const ask = "command -v ascalon-mux-pending >/dev/null || exit 0; ascalon-mux-pending";
  const result = await (await guestOf(work)).run(["sh", "-c", ask], { timeoutMs: askMs });
  if (result.kind !== "ended" || !result.stdout.startsWith("pending ")) return;
  work.note(
    "Another WezTerm server is waiting. To start it, which ends every session: ascalon shell -- systemctl --user restart wezterm-daemon",
  );
}
