import { ageText } from "../../shared/age.ts";
import type { LinkStatus } from "../../shared/status.ts";
import { oneLine } from "../printable.ts";
import { paint } from "./paint.ts";

export interface LinkStyle {
  readonly colors: boolean;
  /** Whole unix seconds. */
  readonly now: number;
  readonly home: string;
}

/** One line a link: its state and since when, why, and which socket was taken. */
export function linkLines(links: readonly LinkStatus[], style: LinkStyle): string[] {
  const mark = paint(style.colors);
  const width = Math.max(0, ...links.map(({ name }) => name.length));
  return links.map((link) => {
    const color = {
      up: mark.green,
      broken: mark.red,
      off: mark.dim,
      waiting: mark.yellow,
      healing: mark.yellow,
    };
    const head = `${oneLine(link.name).padEnd(width)}  ${color[link.state](link.state.padEnd(7))}`;
    return `${head}  ${detail(link, style)}`.trimEnd();
  });
}

function detail(link: LinkStatus, { now, home }: LinkStyle): string {
  const target = link.target?.startsWith(`${home}/`) ? `~${link.target.slice(home.length)}` : link.target;
  const chosen = link.target === undefined || link.chosen === undefined ? "" : `${link.chosen}, ${target}`;
  const next =
    link.nextAttemptAt === undefined || link.nextAttemptAt <= now
      ? ""
      : `again in ${ageText(link.nextAttemptAt - now)}`;
  const parts = [
    `for ${ageText(now - link.since)}`,
    link.rttMs === undefined ? "" : `answers in ${link.rttMs} ms`,
    link.reason ?? "",
    next,
    // The reason of a link that leads nowhere is what was looked for.
    link.chosen === link.reason ? "" : chosen,
  ];
  return oneLine(parts.filter((part) => part !== "").join(" · "));
}
