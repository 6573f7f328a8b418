import { AscalonError } from "../errors.ts";
import { parseSettings } from "./parse.ts";
import { type PlacedProblem, renderProblems } from "./problem.ts";
import { type Resolved, resolveSettings } from "./resolve.ts";
import type { HostFacts } from "./settings.ts";

/** Text to settings: parsed and resolved, or every problem of both stages with its place. */
export function resolveText(
  text: string,
  host: HostFacts,
): Resolved | { readonly problems: readonly PlacedProblem[] } {
  const parsed = parseSettings(text);
  const resolved = resolveSettings(parsed.written, host);
  const later = "problems" in resolved ? resolved.problems : [];
  const problems = [
    ...parsed.problems,
    ...later.map((problem) => ({ ...problem, position: parsed.locate(problem) })),
  ];
  return problems.length > 0 || "problems" in resolved ? { problems } : resolved;
}

/** The same with the problems as text, one line each in the order of the file. */
export function checkSettingsText(
  text: string,
  file: string,
  host: HostFacts,
): Resolved | { readonly problems: readonly string[] } {
  const resolved = resolveText(text, host);
  return "problems" in resolved ? { problems: renderProblems(file, resolved.problems) } : resolved;
}

/** The same for callers that cannot go on with problems. Throws E_SETTINGS_INVALID. */
export function settingsFrom(text: string, file: string, host: HostFacts): Resolved {
  const checked = checkSettingsText(text, file, host);
  if ("settings" in checked) return checked;
  const count = checked.problems.length;
  throw new AscalonError("E_SETTINGS_INVALID", {
    what: `${file} has ${count === 1 ? "a problem" : `${count} problems`}; nothing was changed`,
    run: "ascalon config edit",
    details: checked.problems,
  });
}
