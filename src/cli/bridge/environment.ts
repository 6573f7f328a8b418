import type { Context } from "../context.ts";
import { safeFolders } from "./programs.ts";

/** Of the agent's own environment: what programs need to find their user, their files and the desktop. */
const ownNames = [
  "HOME",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "LANG",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "XDG_DATA_DIRS",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "DBUS_SESSION_BUS_ADDRESS",
  "__CF_USER_TEXT_ENCODING",
];

/** Of the guest's, for every command. */
const languageNames = ["LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LC_TIME"];

/** No slash: TERM and LANG name files in some libraries. No line end, no `%`. */
const harmless = /^[A-Za-z0-9_.,:;@+=-]{0,4096}$/;

const matches = (name: string, pattern: string): boolean =>
  pattern.endsWith("*")
    ? name.startsWith(pattern.slice(0, -1)) && /^[A-Za-z0-9_]{1,64}$/.test(name)
    : name === pattern;

/** The whole environment of a program: the host's, with what the command's rule takes of the guest's. */
export function environmentFor(
  host: Pick<Context, "env" | "host">,
  guest: readonly (readonly [string, string])[],
  allowed: readonly string[],
): Record<string, string> {
  const env: Record<string, string> = { PATH: safeFolders(host).join(":") };
  for (const name of ownNames) {
    const value = host.env[name];
    if (value !== undefined) env[name] = value;
  }
  const patterns = [...languageNames, ...allowed];
  for (const [name, value] of guest) {
    if (patterns.some((pattern) => matches(name, pattern)) && harmless.test(value)) env[name] = value;
  }
  return env;
}
