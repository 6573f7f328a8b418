import { readFileSync } from "node:fs";

/** Fields of /proc/PID/stat (proc(5)) that follow the name in parentheses, from `state` on. */
function statOf(pid: string): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

const [groupField, sessionField, terminalField, foregroundField, startField] = [2, 3, 4, 5, 19];

/** Whether our job is the one that has the terminal. Who changes the terminal without having it is stopped. */
export function isInForeground(): boolean {
  const own = statOf("self");
  return own[terminalField] === "0" || own[groupField] === own[foregroundField];
}

/** Names the terminal session that we are in: its leader, when that began, its terminal. undefined: no terminal. */
export function sessionName(): string | undefined {
  const own = statOf("self");
  const [leader, terminal] = [own[sessionField], own[terminalField]];
  if (leader === undefined || terminal === undefined || terminal === "0") return undefined;
  return `${leader}.${statOf(leader)[startField] ?? ""}.${terminal}`;
}
