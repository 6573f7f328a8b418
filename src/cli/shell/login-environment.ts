import { version } from "../version.ts";
import { quote } from "./quote.ts";

/**
 * A login shell reads profiles, which takes longer than all else a command needs (175 of 285 ms in an emulated
 * guest; half a second where a profile starts programs). So the environment of one login is kept in the guest, in
 * memory, as a script that the next command's shell reads instead, until something it was made from may have
 * changed. Everything here is POSIX shell, read by bash, zsh and dash; fish logs in each time.
 */
const keptForSeconds = 600;

/** The user's own, in memory, gone after a reboot. Every guest's user has this uid. */
export const guestRuntimeFolder = "/run/user/1000";

/** Another release may keep other things: the name tells them apart. */
export const keptFile = (runtimeFolder: string): string => `${runtimeFolder}/ascalon/login-${version}`;

/** What a login reads, by shell; /etc/profile.d changes its time when a file is added. */
const profilesOf = {
  "*/zsh": ["/etc/zshenv", "/etc/zprofile", "$HOME/.zshenv", "$HOME/.zprofile", "$HOME/.zlogin"],
  "*": [
    ...["/etc/profile", "/etc/profile.d", "/etc/environment"],
    ...["$HOME/.profile", "$HOME/.bash_profile", "$HOME/.bash_login", "$HOME/.bashrc"],
  ],
};

/** NixOS profiles are symlinks to files of the year 1970, so where these lead is compared instead of times. */
const generations = [
  ...["/run/current-system", "/etc/profiles/per-user/$USER", "$HOME/.nix-profile"],
  ...["$HOME/.local/state/nix/profiles/profile", "$HOME/.local/state/nix/profiles/home-manager"],
];

const words = (paths: readonly string[]): string => paths.map((path) => `"${path}"`).join(" ");

/** Sets g to where the generations lead, by builtins alone. */
const resolveGenerations = `o=$PWD g=
for l in ${words(generations)}; do cd -P "$l" 2>/dev/null && g=$g:$PWD; done
cd "$o"`;

/**
 * The middle of the kept script: goes on with the program when the environment is fresh. Above it stand the time of
 * the login by the host's clock, shell and home, and where the generations led; $1 is the time now, by the same clock.
 */
const whenFresh = `t=$(($1-at)) new=
for f in FILES; do [ "$f" -nt "$kept" ] && new=1; done
${resolveGenerations}
if [ -z "$new" ] && [ $t -ge 0 ] && [ $t -lt ${keptForSeconds} ] && [ "$SHELL $HOME" = "$whose" ] && [ "$g" = "$led" ]; then`;

/** Of one session only. */
const ofTheSession = [
  ...["SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "XDG_SESSION_ID", "XDG_SESSION_TYPE", "XDG_SESSION_CLASS"],
  ...["DISPLAY", "TERM", "COLORTERM", "PWD", "OLDPWD", "SHLVL", "_"],
];

/**
 * For /bin/sh below a login shell: keeps the environment, in the background, because the command does not wait for
 * it, then runs the program. `run` has the parameters of this script: $1 is the host's time.
 */
export function keepAndRun(run: string, runtimeFolder: string): string {
  const file = keptFile(runtimeFolder);
  const cases = Object.entries(profilesOf).map(
    ([shell, profiles]) => `${shell}) fresh=${quote(whenFresh.replace("FILES", words(profiles)))};;`,
  );
  return `run=${quote(run)}
keep() {
u=$(umask); umask 077
f=${file}
[ -d "\${f%/*}" ] || mkdir "\${f%/*}"
${resolveGenerations}
case $SHELL in ${cases.join("\n")}
esac
unset ${ofTheSession.join(" ")}
{ echo "at=$1 whose='$SHELL $HOME' led='$g' kept=$f"; printf "%s\\n" "$fresh"; echo "umask $u"; export -p
printf "%s\\nfi\\n" "$run"; } >"$f.$$" && mv "$f.$$" "$f"
}
case $SHELL in */fish) ;; *) [ ! -O ${runtimeFolder} ] || keep "$1" </dev/null >/dev/null 2>&1 & ;; esac
eval "$run"`;
}
