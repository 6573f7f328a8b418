import * as wezterm from "wezterm";
import { piecesOf, positionOf } from "../shared/pieces.ts";

export function warn(text: string): void {
  wezterm.log_warn(`ascalon: ${text}`);
}

/** Something that should not have happened; a window or pane that was closed meanwhile is no error. */
export function logProblem(where: string, problem: unknown): void {
  const text = tostring(problem);
  if (positionOf(text, "not found") >= 0 || positionOf(text, "not valid") >= 0) warn(text);
  else wezterm.log_error(`ascalon: ${where}: ${text}`);
}

/** What went wrong, for a person: WezTerm's errors carry a traceback, and many lines of it. */
export function problemText(problem: unknown): string {
  return piecesOf(tostring(problem), "\nstack traceback:")[0] ?? "";
}
