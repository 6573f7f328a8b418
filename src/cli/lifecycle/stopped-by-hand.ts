import type { Context } from "../context.ts";
import { askPs, startOfProcess } from "./process-start.ts";

/** What a command is for: a VM that runs afterwards, or one that does not. */
export type Wish = "up" | "down";

/** Set for the `ascalon start` of an agent at login, which nobody waits for: what a person wished since comes first. */
export const atLogin = "ASCALON_AT_LOGIN";

const noteFile = (stateDir: string): string => `${stateDir}/stopped-by-hand`;

/**
 * Notes that a person stopped the VM in this login, or takes that back. An agent that is started in it, after a crash or
 * an upgrade, lets the VM lie; one of the next login does not.
 */
export async function noteWish(context: Context, stateDir: string, wish: Wish): Promise<void> {
  const { files } = context;
  if (wish === "up") return await files.remove(noteFile(stateDir));
  const login = await thisLogin(context);
  if (login !== "") await files.writeAtomic(noteFile(stateDir), `${login}\n`);
}

export async function wasStoppedByHand(context: Context, stateDir: string): Promise<boolean> {
  const text = await context.files.readText(noteFile(stateDir));
  return text !== undefined && text.trim() === (await thisLogin(context));
}

/**
 * A name of this login of this boot; that of the boot alone where a login has none, empty when neither is known. Throws
 * when a busy system does not say: half a name would be another one.
 */
async function thisLogin(context: Context): Promise<string> {
  const boot = (await startOfProcess(context, 1)) ?? "";
  const begun = await (context.host.platform === "darwin" ? loginWindow(context) : userManager(context));
  return `${boot} ${begun}`.trim();
}

/** A login's systemd makes this socket when it begins; it ends with the last session of the user. */
async function userManager({ files, uid }: Context): Promise<string> {
  const info = await files.info(`/run/user/${uid}/systemd/private`).catch(() => undefined);
  return info ? String(info.modifiedAt) : "";
}

/**
 * macOS starts a loginwindow anew after each logout; once somebody logged in, it is that user's. Only its effective user is
 * that one: its real one stays root, and by the real one goes a ps that is asked for one's own (-x, -u; Apple's ps.c).
 */
async function loginWindow(context: Context): Promise<string> {
  // -ww: comm is the whole path, and without a terminal macOS cuts the line after 79 characters.
  const said = (await askPs(context, ["-axww", "-o", "uid=", "-o", "lstart=", "-o", "comm="])) ?? "";
  const all = said.matchAll(/^\s*(\d+)\s+(.+?)\s+(?:\S*\/loginwindow|\(loginwindow\))$/gm);
  return [...all].find(([, uid]) => Number(uid) === context.uid)?.[2] ?? "";
}
