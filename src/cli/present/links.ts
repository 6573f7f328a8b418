import type { LinkStatus } from "../../shared/status.ts";

/** One line a link: `docker      up (3.1 ms)`, `ssh-agent   waiting: …`. */
export function linkLines(links: readonly LinkStatus[]): string[] {
  const width = Math.max(9, ...links.map(({ name }) => name.length));
  return links.map(({ name, state, reason, rttMs }) => {
    const more =
      state === "up" && rttMs !== undefined ? ` (${rttMs} ms)` : reason === undefined ? "" : `: ${reason}`;
    return `${name.padEnd(width)} ${state}${more}`;
  });
}
