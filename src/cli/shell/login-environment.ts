import { quote } from "./quote.ts";

/**
 * A login shell reads profiles, which takes longer than all else a command needs (175 of 285 ms in an emulated
 * guest; half a second where a profile starts programs). So its environment is kept in the guest, in memory, and
 * used again until something it was made from may have changed. The pieces below are POSIX shell, read by the
 * user's own shell (bash, zsh, dash) and by /bin/sh.
 */
export const keptForSeconds = 600;

/**
 * Gone after a reboot, and the user's own: an ssh session without pam_systemd lacks the variable and not the folder,
 * which belongs to the uid that every guest's user has.
 */
const findFolder = `D=\${XDG_RUNTIME_DIR:-/run/user/1000}/ascalon`;
const keptFile = "$D/login";

/** What shells read at login, and /etc/profile.d, whose time changes when a file is added. */
const profiles = [
  ...["profile", "profile.d", "environment", "zshenv", "zprofile", "fish/config.fish"].map(
    (name) => `/etc/${name}`,
  ),
  ...[".profile", ".bash_profile", ".bash_login", ".bashrc", ".zshenv", ".zprofile", ".zlogin"].map(
    (name) => `"$HOME/${name}"`,
  ),
  ...["config.fish", "conf.d", "fish_variables"].map((name) => `"$HOME/.config/fish/${name}"`),
];

/** NixOS profiles are symlinks to files of the year 1970, so where these lead is compared instead of times. */
const generations = [
  "/run/current-system",
  '"/etc/profiles/per-user/$USER"',
  ...[".nix-profile", ".local/state/nix/profiles/profile", ".local/state/nix/profiles/home-manager"].map(
    (name) => `"$HOME/${name}"`,
  ),
];

/** Sets R to where the generations lead, by builtins alone. */
const resolveGenerations = `ascalon_generations() {
o=$PWD R=
for l in ${generations.join(" ")}; do cd -P "$l" 2>/dev/null && R=$R:$PWD; done
cd "$o"
}`;

/** First line of the file: `# TIME SHELL GENERATIONS`, the time by the host's clock. */
const isFresh = (nowSeconds: number): string => `ascalon_fresh() {
[ -O "$1" ] || return 1
read -r h t s r <"$1" && [ "$s" = "$SHELL" ] || return 1
t=$((${nowSeconds}-t)); [ $t -ge 0 ] && [ $t -lt ${keptForSeconds} ] || return 1
for f in ${profiles.join(" ")}; do [ "$f" -nt "$1" ] && return 1; done
ascalon_generations
[ "$r" = "$R" ]
}`;

/** Functions for `useOrLogIn`. */
export const loginFunctions = (nowSeconds: number): string =>
  `${findFolder}\n${resolveGenerations}\n${isFresh(nowSeconds)}`;

/** Takes the kept environment when it is fresh, else goes on in a login shell, which ends in `afterLogin`. */
export const useOrLogIn = (
  afterLogin: string,
): string => `if ascalon_fresh "${keptFile}"; then . "${keptFile}"
else exec "$SHELL" -l -c ${quote(launch)} ascalon /bin/sh -c ${quote(afterLogin)} ascalon "$@"; fi`;

/** Read by the login shell. fish has no "$@" and refuses to read it, hence eval. */
const launch = `test -n "$FISH_VERSION" && exec $argv[2..-1] || eval 'exec "$@"'`;

/** Of one session only. */
const ofTheSession = [
  ...["SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "XDG_SESSION_ID", "XDG_SESSION_TYPE", "XDG_SESSION_CLASS"],
  ...["DISPLAY", "TERM", "COLORTERM", "PWD", "OLDPWD", "SHLVL", "_"],
];

/** Keeps the environment of this shell, in the background: the command does not wait for it. */
export const keepEnvironment = (nowSeconds: number): string => `${findFolder}
${resolveGenerations}
[ ! -O "\${D%/*}" ] || (
u=$(umask); umask 077
[ -d "$D" ] || mkdir "$D"
ascalon_generations
unset ${ofTheSession.join(" ")}
{ echo "# ${nowSeconds} $SHELL $R"; echo "umask $u"; export -p; } >"${keptFile}.$$" && mv "${keptFile}.$$" "${keptFile}"
) </dev/null >/dev/null 2>&1 &`;
