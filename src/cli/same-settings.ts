import { quote } from "./quote.ts";

/** What `ascalon` is followed by where a sentence tells to run it: the commands of the table, which a test compares. */
export const commandWords = [
  "up",
  "shell",
  "attach",
  "status",
  "plan",
  "start",
  "stop",
  "restart",
  "rebuild",
  "rollback",
  "generations",
  "init",
  "parity",
  "heal",
  "doctor",
  "logs",
  "agent",
  "config",
  "bridge",
  "destroy",
  "wezterm",
  "ssh-config",
  "completion",
  "version",
] as const;

const told = new RegExp(`(?<![\\w./@~-])ascalon (?=(?:${commandWords.join("|")})(?![\\w-]))`, "g");

/**
 * A text of ours with the `--config` that this command was given in every command it tells to run: what comes next is about
 * the same settings file, and without it another would be opened and changed. For every hint, of an error or not.
 */
export const withSameSettings = (text: string, configFlag: string | undefined): string =>
  configFlag === undefined ? text : text.replace(told, () => `ascalon --config ${quote(configFlag)} `);
