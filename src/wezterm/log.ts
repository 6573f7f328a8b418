import * as wezterm from "wezterm";

export function warn(text: string): void {
  wezterm.log_warn(`ascalon: ${text}`);
}

export function logProblem(where: string, problem: unknown): void {
  wezterm.log_error(`ascalon: ${where}: ${tostring(problem)}`);
}
