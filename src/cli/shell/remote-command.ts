import { quote, quoteAll } from "../quote.ts";
import { guestRuntimeFolder, type KeptLogin, keptLogin } from "./login-environment.ts";

/**
 * What ssh is given to run. sshd hands it to the user's shell (`$SHELL -c TEXT`), so the text is one that sh, bash,
 * zsh and fish read alike. Its first line goes on in the kept login environment when there is one
 * (login-environment.ts); its second line logs in:
 *
 *   $SHELL -c TEXT → $SHELL -l → /bin/sh → program,  each but the last by exec.
 *
 * The arguments are quoted once and then travel as argv, so they cannot change and hardly grow.
 */
export interface RemoteCommand {
  /** Found in /proc/PID/cmdline by `signalCommand`. */
  readonly id: string;
  /** Empty: the login shell itself, reading its commands from stdin. */
  readonly argv: readonly string[];
  readonly folder: RemoteFolder | undefined;
  /** By the host's clock: the guest's may jump. */
  readonly nowSeconds: number;
  /** Where the guest keeps the login environment; another in tests. */
  readonly runtimeFolder?: string;
}

export interface RemoteFolder {
  /** Absolute in the guest; in a required one `~` is the guest's home. */
  readonly path: string;
  /** A required folder that is missing ends the command with 125; any other is passed over. */
  readonly required: boolean;
}

/** $3 tells what a missing folder $4 means. */
const enter = `case $3 in
try) [ -z "$4" ] || cd "$4" 2>/dev/null;;
*) d=$4; case $d in "~"|"~/"*) d=$HOME\${d#?};; esac
cd "$d" 2>/dev/null || { w="has no folder"; [ ! -d "$d" ] || w="does not let you into"
printf "ascalon: the guest $w %s\\n" "$4" >&2; exit 125; };;
esac
shift 4`;

/**
 * Why not exec: a program that dies by a signal would end the ssh session without a code, and ssh would say 255.
 * The traps keep this shell alive to tell 128+n; a subshell resets them for the program. Why exec in the subshell:
 * `echo` and `test` have to be the programs, not what this shell has built in. What the shell itself would say of a
 * signal is for /dev/null; the program's own words are not.
 */
const waitFor = (program: string): string => `trap : HUP INT QUIT TERM USR1 USR2
{ (exec ${program} 2>&9 9>&-); } 9>&2 2>/dev/null
exit $?`;

/** The checks are for one message in place of each shell's own. */
const runProgram = `${enter}
case $1 in
*/*) [ ! -d "$1" ] || { printf "ascalon: %s: Is a directory\\n" "$1" >&2; exit 126; }
[ -x "$1" ] || [ ! -e "$1" ] || { printf "ascalon: %s: Permission denied\\n" "$1" >&2; exit 126; }
[ -e "$1" ];;
*) command -v -- "$1" >/dev/null 2>&1;;
esac || { printf "ascalon: the guest has no program %s\\n" "$1" >&2; exit 127; }
${waitFor('"$@"')}`;

/** Read by the login shell. fish has no "$@" and refuses to read it, hence eval. */
const launch = `test -n "$FISH_VERSION" && exec $argv[2..-1] || eval 'exec "$@"'`;

export const keptLoginIn = (runtimeFolder: string): KeptLogin => keptLogin(runProgram, runtimeFolder);

/** The first line repeats the arguments; beyond this both lines might not fit into what Linux takes. */
const longestTwiceBytes = 40_000;

/** Runs argv as `exec` would, with the environment of a login shell; ends with its code, 128+n, 126 or 127. */
export function remoteCommand(command: RemoteCommand): string {
  const runtimeFolder = command.runtimeFolder ?? guestRuntimeFolder;
  const parameters = parametersOf(command);
  if (command.argv.length === 0) return execSh(`${enter}\n${waitFor('"$SHELL" -l')}`, parameters);
  const { file, logInAndKeep } = keptLoginIn(runtimeFolder);
  const logIn = `exec "$SHELL" -l -c ${quote(launch)} ascalon ${sh(logInAndKeep, parameters)}`;
  if (Buffer.byteLength(parameters) > longestTwiceBytes) return logIn;
  return `test -z "$FISH_VERSION" && test -O ${file} && set -- ${parameters} && . ${file}\n${logIn}`;
}

/** An interactive login shell in the folder, on a terminal. Nothing stays above it. */
export function interactiveCommand(command: Omit<RemoteCommand, "argv">): string {
  return execSh(`${enter}\nexec "$SHELL" -l`, parametersOf({ ...command, argv: [] }));
}

const parametersOf = ({ id, argv, folder, nowSeconds }: RemoteCommand): string =>
  quoteAll([String(nowSeconds), id, folder?.required ? "need" : "try", folder?.path ?? "", ...argv]);

const sh = (script: string, parameters: string): string =>
  `/bin/sh -c ${quote(script)} ascalon ${parameters}`;
const execSh = (script: string, parameters: string): string => `exec ${sh(script, parameters)}`;

/**
 * Sends a signal to the program of a remoteCommand, found by its id, and to the shell above it, which may still be
 * reading its profile. Ends with 3 when it is not there. The class around the last character keeps the search from
 * finding itself; ssh's own process has the id where guest and host are one; sudo, for a program that runs as root.
 */
export function signalCommand(id: string, signal: string): string {
  const pattern = `(^| )${id.slice(0, -1)}[${id.slice(-1)}]( |$)`;
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
