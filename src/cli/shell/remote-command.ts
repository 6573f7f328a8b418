import { quote, quoteAll } from "./quote.ts";

/**
 * What ssh is given to run. sshd hands it to the user's shell (`$SHELL -c TEXT`), so the text is one that sh, bash,
 * zsh and fish read alike. Every step execs the next: the guest has one process more than the program itself.
 *
 *   $SHELL -c TEXT → $SHELL -l (its PATH is what a person has) → /bin/sh -c SCRIPT ascalon ID FOLDER ARG… → program
 *
 * The arguments are quoted once and then travel as argv, so they cannot change and hardly grow.
 */
export interface RemoteCommand {
  /** Found in /proc/PID/cmdline by `signalCommand`. */
  readonly id: string;
  /** Empty: the login shell itself, reading its commands from stdin. */
  readonly argv: readonly string[];
  readonly folder: RemoteFolder | undefined;
}

export interface RemoteFolder {
  /** Absolute in the guest; in a required one `~` is the guest's home. */
  readonly path: string;
  /** A required folder that is missing ends the command with 125; any other is passed over. */
  readonly required: boolean;
}

/** The command text that the login shell reads. fish has no "$@" and refuses to read it, hence eval. */
const launch = `test -n "$FISH_VERSION" && exec $argv[2..-1] || eval 'exec "$@"'`;

const enterIfThere = `[ -z "$2" ] || cd -- "$2" 2>/dev/null`;

const enterRequired = [
  `d=$2; case $d in "~"|"~/"*) d=$HOME\${d#?};; esac`,
  `cd -- "$d" 2>/dev/null || { printf "ascalon: the guest has no folder %s\\n" "$2" >&2; exit 125; }`,
].join("\n");

/**
 * Why not exec: a program that dies by a signal would end the ssh session without a code, and ssh would say 255.
 * The traps keep this shell alive to tell 128+n; a subshell resets them for the program. Why exec in the
 * subshell: `echo` and `test` have to be the programs, not what this shell has built in.
 */
const waitFor = (program: string): string => `trap : HUP INT QUIT TERM USR1 USR2\n(exec ${program})\nexit $?`;

const enter = (folder: RemoteFolder | undefined): string => (folder?.required ? enterRequired : enterIfThere);

function script(body: string, command: RemoteCommand): string[] {
  return ["/bin/sh", "-c", body, "ascalon", command.id, command.folder?.path ?? "", ...command.argv];
}

/** Runs argv as `exec` would, with the environment of a login shell; ends with its code, 128+n, 126 or 127. */
export function remoteCommand(command: RemoteCommand): string {
  if (command.argv.length === 0) {
    return `exec ${quoteAll(script(`${enter(command.folder)}\n${waitFor('"$SHELL" -l')}`, command))}`;
  }
  const body = `${enter(command.folder)}\nshift 2\n${waitFor('"$@"')}`;
  return `exec "$SHELL" -l -c ${quote(launch)} ascalon ${quoteAll(script(body, command))}`;
}

/** An interactive login shell in the folder, on a terminal. Nothing stays above it. */
export function interactiveCommand(command: Omit<RemoteCommand, "argv">): string {
  const body = `${enter(command.folder)}\nexec "$SHELL" -l`;
  return `exec ${quoteAll(script(body, { ...command, argv: [] }))}`;
}

/**
 * Sends a signal to the program of a remoteCommand, found by its id, and to the shell above it, which may still be
 * reading its profile. Ends with 3 when it is not there. The class around the last character keeps the search from
 * finding itself; sudo, for a program that runs as root.
 */
export function signalCommand(id: string, signal: string): string {
  const pattern = `${id.slice(0, -1)}[${id.slice(-1)}]`;
  const body = [
    `code=3`,
    `for f in $(grep -lzsx "$1" /proc/[0-9]*/cmdline); do`,
    `  p=\${f#/proc/}; p=\${p%/cmdline}`,
    `  for q in $p $(cat "/proc/$p/task/$p/children" 2>/dev/null); do`,
    `    { kill -s "$2" "$q" || sudo -n kill -s "$2" "$q"; } 2>/dev/null && code=0`,
    `  done`,
    `done`,
    `exit $code`,
  ].join("\n");
  return `exec ${quoteAll(["/bin/sh", "-c", body, "ascalon", pattern, signal.replace(/^SIG/, "")])}`;
}
