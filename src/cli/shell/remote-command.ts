import { keepEnvironment, loginFunctions, useOrLogIn } from "./login-environment.ts";
import { quote, quoteAll } from "./quote.ts";

/**
 * What ssh is given to run. sshd hands it to the user's shell (`$SHELL -c TEXT`), so the text is one that sh, bash,
 * zsh and fish read alike: it defines `ascalon_run` in the shell's own language and calls it. The arguments are
 * quoted once and then travel as argv, so they cannot change and hardly grow.
 *
 * With a kept login environment (see login-environment.ts) the user's shell starts the program; without one
 *   $SHELL -c TEXT → $SHELL -l → /bin/sh → program,  each but the last by exec.
 */
export interface RemoteCommand {
  /** Found in /proc/PID/cmdline by `signalCommand`. */
  readonly id: string;
  /** Empty: the login shell itself, reading its commands from stdin. */
  readonly argv: readonly string[];
  readonly folder: RemoteFolder | undefined;
  /** By the host's clock: the guest's may jump. */
  readonly nowSeconds: number;
}

export interface RemoteFolder {
  /** Absolute in the guest; in a required one `~` is the guest's home. */
  readonly path: string;
  /** A required folder that is missing ends the command with 125; any other is passed over. */
  readonly required: boolean;
}

const enterIfThere = `[ -z "$2" ] || cd "$2" 2>/dev/null`;

const enterRequired = `d=$2; case $d in "~"|"~/"*) d=$HOME\${d#?};; esac
cd "$d" 2>/dev/null || { printf "ascalon: the guest has no folder %s\\n" "$2" >&2; exit 125; }`;

const enter = (folder: RemoteFolder | undefined): string => (folder?.required ? enterRequired : enterIfThere);

/**
 * Why not exec: a program that dies by a signal would end the ssh session without a code, and ssh would say 255.
 * The traps keep this shell alive to tell 128+n; a subshell resets them for the program. Why exec in the
 * subshell: `echo` and `test` have to be the programs, not what this shell has built in.
 */
const waitFor = (program: string): string => `trap : HUP INT QUIT TERM USR1 USR2
(exec ${program})
exit $?`;

/** $1 id, $2 folder, then the program. The check is for one message in place of each shell's own. */
const runProgram = (folder: RemoteFolder | undefined): string => `${enter(folder)}
shift 2
case $1 in */*) ;; *) command -v "$1" >/dev/null 2>&1 || {
printf "ascalon: the guest has no program %s\\n" "$1" >&2; exit 127; };; esac
${waitFor('"$@"')}`;

/** Runs argv as `exec` would, with the environment of a login shell; ends with its code, 128+n, 126 or 127. */
export function remoteCommand(command: RemoteCommand): string {
  const { id, argv, folder, nowSeconds } = command;
  if (argv.length === 0) return execSh(`${enter(folder)}\n${waitFor('"$SHELL" -l')}`, command);
  const run = runProgram(folder);
  const define = `${loginFunctions(nowSeconds)}
ascalon_run() {
${useOrLogIn(`${keepEnvironment(nowSeconds)}\n${run}`)}
${run}
}`;
  const inFish = `function ascalon_run; exec /bin/sh -c ${quote(`${define}\nascalon_run "$@"`)} ascalon $argv; end`;
  const call = quoteAll(["ascalon_run", id, folder?.path ?? "", ...argv]);
  return `test -n "$FISH_VERSION" && eval ${quote(inFish)} || eval ${quote(define)}; ${call}`;
}

/** An interactive login shell in the folder, on a terminal. Nothing stays above it. */
export function interactiveCommand(command: Omit<RemoteCommand, "argv" | "nowSeconds">): string {
  return execSh(`${enter(command.folder)}\nexec "$SHELL" -l`, command);
}

const execSh = (script: string, { id, folder }: Pick<RemoteCommand, "id" | "folder">): string =>
  `exec ${quoteAll(["/bin/sh", "-c", script, "ascalon", id, folder?.path ?? ""])}`;

/**
 * Sends a signal to the program of a remoteCommand, found by its id, and to the shell above it, which may still be
 * reading its profile. Ends with 3 when it is not there. The class around the last character keeps the search from
 * finding itself; ssh's own process has the id where guest and host are one; sudo, for a program that runs as root.
 */
export function signalCommand(id: string, signal: string): string {
  const pattern = `(^|; ascalon_run )${id.slice(0, -1)}[${id.slice(-1)}]( |$)`;
  const body = `code=3
for f in $(grep -lzsE "$1" /proc/[0-9]*/cmdline); do
p=\${f#/proc/}; p=\${p%/cmdline}
read -r name <"/proc/$p/comm" && [ "$name" != ssh ] || continue
for q in $p $(cat "/proc/$p/task/$p/children"); do
{ kill -s "$2" "$q" || sudo -n kill -s "$2" "$q"; } && code=0
done
done 2>/dev/null
exit $code`;
  return `exec ${quoteAll(["/bin/sh", "-c", body, "ascalon", pattern, signal.replace(/^SIG/, "")])}`;
}
