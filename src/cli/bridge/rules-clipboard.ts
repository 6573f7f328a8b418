import type { CommandRule, Decision, PolicyFacts } from "./policy.ts";

const toolArgs: Readonly<
  Record<string, { readonly copy: readonly string[]; readonly paste: readonly string[] }>
> = {
  xclip: { copy: ["-selection", "clipboard", "-in"], paste: ["-selection", "clipboard", "-out"] },
  "wl-paste": { copy: [], paste: ["--no-newline"] },
};

function withoutArguments(
  label: "pbcopy" | "pbpaste",
  args: readonly string[],
  { tool }: PolicyFacts,
): Decision {
  if (args.length > 0) return { kind: "refuse", why: `${label} takes no arguments here`, label };
  return { kind: "run", args: toolArgs[tool]?.[label === "pbcopy" ? "copy" : "paste"] ?? [], label };
}

/**
 * pbcopy and pbpaste take the encoding from the locale, and MacRoman with one that the Mac does not know, such as the
 * C.UTF-8 of a guest. Text of the guest is UTF-8.
 */
const utf8 = { LC_ALL: "en_US.UTF-8" } as const;

export const clipboardRules: readonly CommandRule[] = [
  {
    command: "pbcopy",
    tools: { darwin: ["pbcopy"], linux: ["wl-copy", "xclip"] },
    terminal: false,
    rate: { burst: 300, perSecond: 20 },
    // What is copied stays in the host's memory, so few are let copy at one time.
    atOnce: 4,
    maxInputBytes: 64 * 1024 * 1024,
    env: [],
    macEnv: utf8,
    decide: (args, facts) => withoutArguments("pbcopy", args, facts),
  },
  {
    command: "pbpaste",
    tools: { darwin: ["pbpaste"], linux: ["wl-paste", "xclip"] },
    terminal: false,
    rate: { burst: 30, perSecond: 5 },
    env: [],
    macEnv: utf8,
    decide: (args, facts) => withoutArguments("pbpaste", args, facts),
  },
];
