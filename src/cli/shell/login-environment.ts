import { quote } from "../quote.ts";

/**
 * A login shell reads profiles, which takes longer than all else a command needs (175 of 285 ms in an emulated
 * guest; half a second where a profile starts programs). So the environment of one login is kept in the guest, in
 * memory, as a script that the next command's shell reads instead, until something it was made from may have
 * changed. Everything here is POSIX shell, read by bash, zsh and dash; fish logs in each time.
 */
const keptForSeconds = 600;

/** The user's own, in memory, gone after a reboot. Every guest's user has this uid. */
export const guestRuntimeFolder = "/run/user/1000";

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

/**
 * Whether a profile changed since. As all of the condition it is written out at the login with what is known by then:
 * in an emulated guest every other feature of the shell costs a millisecond at its first use.
 */
const whatChanged = (profiles: readonly string[]): string =>
  ["false", ...profiles.map((profile) => `[ "${profile}" -nt "$kept" ]`)].join(" || ");

/** Sets g to tests that the generations lead where they lead now, by builtins alone, and b to the way back. */
const testGenerations = `g= b=
for l in ${words(generations)}; do
if cd -P "$l" 2>/dev/null; then b='cd "$o"' g="$g && cd -P '$l' 2>/dev/null && [ \\"\\$PWD\\" = '$PWD' ]"
else g="$g && [ ! -e '$l' ]"; fi
done`;

/** Of one session only. */
const ofTheSession = [
  ...["SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "XDG_SESSION_ID", "XDG_SESSION_TYPE", "XDG_SESSION_CLASS"],
  ...["DISPLAY", "TERM", "COLORTERM", "PWD", "OLDPWD", "SHLVL", "_"],
];

export interface KeptLogin {
  /** In the guest: the script that the next command reads. Its parameters are those of `run`. */
  readonly file: string;
  /** For /bin/sh below a login shell: makes the file, then runs the program. */
  readonly logInAndKeep: string;
}

/** `run` is the end of both scripts: it starts the program. $1 is the host's time, the rest is its own. */
export function keptLogin(run: string, runtimeFolder: string): KeptLogin {
  const folder = `${runtimeFolder}/ascalon`;
  // Another release may keep other things: the name tells them apart.
  const file = `${folder}/login-${digest(keepAndRun(run, "", ""))}`;
  return { file, logInAndKeep: keepAndRun(run, runtimeFolder, file) };
}

/** FNV-1a, 32 bits. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

/** Keeps in the background: the command does not wait for it. */
function keepAndRun(run: string, runtimeFolder: string, file: string): string {
  const cases = Object.entries(profilesOf).map(
    ([shell, profiles]) => `${shell}) new=${quote(whatChanged(profiles))};;`,
  );
  return `run=${quote(run)}
keep() {
u=$(umask); umask 077
kept=${file}
[ -d "\${kept%/*}" ] || mkdir "\${kept%/*}"
${testGenerations}
case $SHELL in ${cases.join("\n")}
esac
unset ${ofTheSession.join(" ")}
{ echo "o=\\$PWD kept=$kept"
echo "if [ \\$1 -ge $1 ] && [ \\$1 -lt $(($1+${keptForSeconds})) ] && [ \\"\\$SHELL \\$HOME\\" = '$SHELL $HOME' ] && ! { $new; }$g; then $b"
echo "umask $u"; export -p; printf "%s\\nfi\\n%s\\n" "$run" "$b"; } >"$kept.$$" && mv "$kept.$$" "$kept"
}
case $SHELL in */fish) ;; *) [ ! -O ${runtimeFolder} ] || keep "$1" </dev/null >/dev/null 2>&1 & ;; esac
eval "$run"`;
}
