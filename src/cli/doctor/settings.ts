import { AscalonError } from "../errors.ts";
import { check } from "./check.ts";

/** Enough to see what is wrong; `config get` has all. */
const shownProblems = 3;

export const settingsAreValid = check(
  "settings",
  "The settings file is valid.",
  async ({ settings, paths }) => {
    if (!(settings instanceof Error))
      return { verdict: "ok", evidence: `${paths.configFile} is valid, or absent` };
    const { details, run } = settings instanceof AscalonError ? settings : { details: [], run: undefined };
    const shown = details.slice(0, shownProblems);
    const more = details.length > shown.length ? [`and ${details.length - shown.length} more`] : [];
    return {
      verdict: "problem",
      evidence: [settings.message, ...shown, ...more].join("; "),
      fix: run ?? "ascalon config edit",
    };
  },
);
