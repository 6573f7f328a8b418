import type { CommandRule, Decision, PolicyFacts } from "./policy.ts";

export const notifyLimits = { titleChars: 64, bodyChars: 256 } as const;

/** One line of at most so many characters, without what a terminal or a markup could take for more than text. */
function oneLine(text: string, chars: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  const points = [...line];
  return points.length <= chars ? line : `${points.slice(0, chars - 1).join("")}…`;
}

/** The texts are arguments of a fixed script, each behind a letter, so that none can be taken for an option. */
const appleScript = [
  "on run argv",
  "display notification (text 2 thru -1 of item 2 of argv) with title (text 2 thru -1 of item 1 of argv)",
  "end run",
];

export function notifyArguments(tool: string, title: string, body: string): readonly string[] {
  const [head, text] = [oneLine(title, notifyLimits.titleChars), oneLine(body, notifyLimits.bodyChars)];
  if (tool === "osascript") return [...appleScript.flatMap((line) => ["-e", line]), `=${head} `, `=${text} `];
  // Of the text alone notify-send reads C's escapes (g_strcompress), in which any character can be written.
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
  return ["--app-name=ascalon", "--", head, escaped];
}

function decide(args: readonly string[], { tool }: PolicyFacts): Decision {
  const label = "notify";
  const words = [...args];
  let title = "ascalon";
  if (words[0] === "--title" || words[0] === "-t") [, title = ""] = words.splice(0, 2);
  else if (words[0]?.startsWith("--title=")) title = (words.shift() ?? "").slice("--title=".length);
  if (words[0] === "--") words.shift();
  else if (words[0]?.startsWith("-")) return { kind: "refuse", why: "notify knows only --title", label };
  const body = words.join(" ");
  if (body.trim() === "") return { kind: "refuse", why: "there is nothing to show", label };
  return { kind: "run", args: notifyArguments(tool, title, body), label };
}

export const notifyRule: CommandRule = {
  command: "notify",
  tools: { darwin: ["osascript"], linux: ["notify-send"] },
  terminal: false,
  rate: { burst: 10, perSecond: 0.5 },
  maxInputBytes: 0,
  env: [],
  decide,
};
