// Made by `npm run gen` from the files that are named; do not edit.

/** nix/guest/rollback-timer.sh */
export const rollbackTimerScript = `#!/bin/sh
# rollback-timer.sh: brings the guest back to the system it ran before, unless somebody says in time that all is well.
# Armed by the host before a switch; what it needs then is in the guest, so it fires also when the network is gone.
#
# Usage: rollback-timer.sh arm PREVIOUS SECONDS   PREVIOUS: store path of the system to come back to
#        rollback-timer.sh confirm                all is well: the timer is taken away
#        rollback-timer.sh now                    come back now; waits for it, ends with its exit code
#        rollback-timer.sh fire                   what the timer runs
#        rollback-timer.sh resume                 at boot: a switch was never confirmed, so its time runs anew
#        rollback-timer.sh status                 one line: none | armed PREVIOUS SECONDS | fired PREVIOUS CODE
# A live switch is \`switch-to-configuration test\` in the unit ascalon-switch; the new system becomes the default of the
# next start only after \`confirm\`, so a power cut in between comes back by itself. A system that only the next start
# brings is made the default after \`arm\`: it runs \`resume\`, and unconfirmed it goes back by another start.
# For tests only: ASCALON_STATE (default /var/lib/ascalon/rollback), ASCALON_PROFILE, ASCALON_RUN_DIR (default /run),
# ASCALON_GCROOTS, ASCALON_BOOT_ID.
set -eu
state=\${ASCALON_STATE:-/var/lib/ascalon/rollback}
profile=\${ASCALON_PROFILE:-/nix/var/nix/profiles/system}
run_dir=\${ASCALON_RUN_DIR:-/run}
gcroots=\${ASCALON_GCROOTS:-/nix/var/nix/gcroots}
boot_id=\${ASCALON_BOOT_ID:-/proc/sys/kernel/random/boot_id}
unit=ascalon-rollback

# The timer's unit has no PATH but systemd's own on NixOS.
PATH=$PATH:$run_dir/current-system/sw/bin:$profile/sw/bin
export PATH

say() { printf 'rollback-timer: %s\\n' "$*" >&2; }

booted_previous() { [ "$(readlink -f "$run_dir/booted-system")" = "$(readlink -f "$state/previous")" ]; }

# The machine was not restarted since \`arm\`, whatever it was started with: live switches may have followed that.
same_start() { [ "$(cat "$boot_id")" = "$(cat "$state/boot-id")" ]; }

# The next start brings the previous system as well, when something has already made it bring another.
restore_default() {
	[ "$(readlink -f "$profile")" != "$(readlink -f "$previous")" ] || return 0
	nix-env --profile "$profile" --set "$previous" && "$previous/bin/switch-to-configuration" boot
}

start_timer() {
	systemctl stop "$unit.timer" "$unit.service" 2>/dev/null || true
	systemctl reset-failed "$unit.service" 2>/dev/null || true
	systemd-run --quiet --unit="$unit" --on-active="\${1}s" --timer-property=AccuracySec=1s \\
		--description='ascalon: back to the previous system' /bin/sh "$state/rollback-timer.sh" fire
}

case \${1:-} in
arm)
	previous=\${2:?usage: rollback-timer.sh arm PREVIOUS SECONDS}
	seconds=\${3:?usage: rollback-timer.sh arm PREVIOUS SECONDS}
	case $seconds in '' | *[!0-9]*) say "SECONDS is a whole number, not $seconds" && exit 2 ;; esac
	[ -x "$previous/bin/switch-to-configuration" ] || {
		say "$previous is not a system: it has no bin/switch-to-configuration"
		exit 1
	}
	mkdir -p "$state"
	rm -f "$state/fired"
	# Its own copy: the file it was started from may belong to the system that is being left, or to a folder of /run.
	cp "$0" "$state/rollback-timer.sh.new"
	mv "$state/rollback-timer.sh.new" "$state/rollback-timer.sh"
	# Garbage collection must not take the way back away.
	ln -sfn "$previous" "$state/previous"
	[ ! -d "$gcroots" ] || ln -sfn "$state/previous" "$gcroots/ascalon-rollback"
	cat "$boot_id" >"$state/boot-id"
	printf '%s\\n' "$seconds" >"$state/armed.new"
	mv "$state/armed.new" "$state/armed"
	# Before anything is changed: after a power cut the guest has to know that it was on trial.
	sync -f "$state"
	start_timer "$seconds"
	;;
confirm)
	rm -f "$state/armed" "$state/fired"
	systemctl stop "$unit.timer" 2>/dev/null || true
	;;
now)
	[ -e "$state/armed" ] || [ -e "$state/fired" ] || exit 0
	# In its unit, because a connection that is lost on the way would end it.
	[ ! -e "$state/armed" ] || systemctl -q is-active "$unit.service" || start_timer 0
	until [ -e "$state/fired" ]; do
		sleep 1
		systemctl -q is-active "$unit.timer" || systemctl -q is-active "$unit.service" || [ -e "$state/fired" ] || {
			say "the way back ended without a word: journalctl --unit=$unit"
			exit 1
		}
	done
	exit "$(cat "$state/fired")"
	;;
fire)
	[ -e "$state/armed" ] || exit 0
	previous=$(readlink "$state/previous")
	# The tools of the system that is known to have worked.
	PATH=$previous/sw/bin:$PATH
	export PATH
	say "not confirmed: back to $previous"
	# A switch that hangs holds the lock that the way back needs.
	systemctl stop ascalon-switch.service 2>/dev/null || true
	code=0
	live=''
	restore_default || code=$?
	if same_start || booted_previous; then
		live=1
		activated=0
		"$previous/bin/switch-to-configuration" test || activated=$?
		# 4: some unit does not run, which may be so before any switch. All the rest has been done.
		[ "$activated" -eq 4 ] || [ "$activated" -eq 0 ] || code=$activated
	fi
	printf '%s\\n' "$code" >"$state/fired"
	rm -f "$state/armed"
	# The machine was started with the new system: what it changed at boot, only a start undoes.
	[ "$code" -ne 0 ] || [ -n "$live" ] || systemctl reboot
	exit "$code"
	;;
resume)
	[ -e "$state/armed" ] || exit 0
	# A switch that starts every unit of a target anew comes by here in its own middle, and its time runs already.
	! same_start || exit 0
	# The machine went down during the trial and came up with the old system: that was the way back.
	if booted_previous; then
		printf '0\\n' >"$state/fired"
		rm -f "$state/armed"
	else
		start_timer "$(cat "$state/armed")"
	fi
	;;
status)
	if [ -e "$state/armed" ]; then
		printf 'armed %s %s\\n' "$(readlink "$state/previous")" "$(cat "$state/armed")"
	elif [ -e "$state/fired" ]; then
		printf 'fired %s %s\\n' "$(readlink "$state/previous")" "$(cat "$state/fired")"
	else
		echo none
	fi
	;;
*)
	sed -n 's/^# \\(Usage:.*\\)/\\1/p; s/^#        \\(rollback-timer.*\\)/       \\1/p' "$0" >&2
	exit 2
	;;
esac
`;

/** nix/guest/system-switch.sh */
export const systemSwitchScript = `#!/bin/sh
# system-switch.sh: switches the guest to another system, now or at the next start.
#
# Usage: system-switch.sh live SYSTEM                        activates it; the next start still brings the one before
#        system-switch.sh default SYSTEM --set SYSTEM        the next start brings it, as a new generation
#        system-switch.sh default SYSTEM --switch-generation N   the same, with the number that it has
# Either is done in the unit ascalon-switch and ends with its exit code. What it says goes to the journal, and from there
# to stderr: switch-to-configuration, writing straight into a connection that is lost, would die half-way.
# For tests only: ASCALON_PROFILE, ASCALON_RUN_DIR (default /run), ASCALON_STATE, ASCALON_BOOT (default /boot).
set -eu
profile=\${ASCALON_PROFILE:-/nix/var/nix/profiles/system}
run_dir=\${ASCALON_RUN_DIR:-/run}
state=\${ASCALON_STATE:-/var/lib/ascalon/rollback}
boot=\${ASCALON_BOOT:-/boot}
unit=ascalon-switch

say() { printf 'system-switch: %s\\n' "$*" >&2; }

in_unit() {
	since=$(date +%s)
	journalctl --quiet --follow --output=cat --unit="$unit" --since="@$since" >&2 &
	follower=$!
	code=0
	systemd-run --unit="$unit" --collect --wait --quiet --service-type=exec --setenv=PATH="$PATH" \\
		--property=StandardOutput=journal --property=StandardError=journal "$@" || code=$?
	journalctl --sync 2>/dev/null || true
	kill "$follower" 2>/dev/null || true
	# Whole, and apart from what was shown on the way, of which the last lines may be missing.
	journalctl --quiet --output=cat --unit="$unit" --since="@$since" || true
	return "$code"
}

# Kernel and initrd as the installer of GRUB names them in /boot/kernels.
boot_files() {
	for part in kernel initrd; do
		file=$(readlink -f "$1/$part") || continue
		[ -f "$file" ] || continue
		printf '%s %s\\n' "$file" "$boot/kernels/$(printf '%s' "\${file#*/nix/store/}" | tr / -)"
	done
}

# Kernels lie on the image's small EFI partition, and the installer removes old ones only after it has copied the new:
# full, it fails half-way. So what no system needs that runs, is on trial or is to come goes first.
make_room() {
	[ -d "$boot/kernels" ] || return 0
	need=$(boot_files "$1" | while read -r file copy; do
		[ -e "$copy" ] || wc -c <"$file"
	done | awk '{ sum += $1 } END { printf "%.0f", sum / 1024 }')
	kept=$(for system in "$1" "$profile" "$run_dir/booted-system" "$run_dir/current-system" "$state/previous"; do
		boot_files "$system"
	done | sed 's/^[^ ]* //')
	for copy in "$boot"/kernels/*; do
		free=$(df -Pk "$boot" | awk 'NR == 2 { print $4 }')
		# As much again as the menu and its files may take.
		[ "$((need + 1024))" -gt "$free" ] || return 0
		[ -f "$copy" ] || continue
		! printf '%s\\n' "$kept" | grep -qxF "$copy" || continue
		say "removing \${copy##*/} from $boot: there is no room for the new kernel beside it"
		rm -f "$copy"
	done
	free=$(df -Pk "$boot" | awk 'NR == 2 { print $4 }')
	[ "$((need + 1024))" -gt "$free" ] || return 0
	say "the new kernel takes $((need / 1024 + 1)) MiB and $boot has $((free / 1024)) MiB free: nothing was changed"
	exit 1
}

case \${1:-} in
live)
	in_unit "\${2:?usage: system-switch.sh live SYSTEM}/bin/switch-to-configuration" test
	;;
default)
	: "\${4:?usage: system-switch.sh default SYSTEM --set SYSTEM | --switch-generation N}"
	in_unit /bin/sh "$0" in-unit "$@"
	;;
in-unit)
	make_room "$3"
	nix-env --profile "$profile" "$4" "$5"
	"$3/bin/switch-to-configuration" boot
	;;
*)
	sed -n 's/^# \\(Usage:.*\\)/\\1/p; s/^#        \\(system-switch.*\\)/       \\1/p' "$0" >&2
	exit 2
	;;
esac
`;

/** nix/guest/generations.sh */
export const generationsScript = `#!/bin/sh
# generations.sh: the systems that the guest can go back to, one a line, fields separated by tabs:
# number, seconds since 1970, version, kernel, store path, marks (current, next, booted; comma between).
#
# For tests only: ASCALON_PROFILES (default /nix/var/nix/profiles), ASCALON_RUN_DIR (default /run).
set -eu
profiles=\${ASCALON_PROFILES:-/nix/var/nix/profiles}
run_dir=\${ASCALON_RUN_DIR:-/run}

current=$(readlink -f "$run_dir/current-system" 2>/dev/null || true)
booted=$(readlink -f "$run_dir/booted-system" 2>/dev/null || true)
next=$(readlink "$profiles/system" 2>/dev/null || true)

for link in "$profiles"/system-*-link; do
	[ -e "$link" ] || continue
	number=\${link##*/system-}
	number=\${number%-link}
	system=$(readlink -f "$link")
	version=$(cat "$system/nixos-version" 2>/dev/null || true)
	kernel=
	for modules in "$system"/kernel-modules/lib/modules/*; do
		[ ! -e "$modules" ] || kernel=\${modules##*/}
	done
	marks=
	[ "$system" != "$current" ] || marks=current
	[ "\${link##*/}" != "\${next##*/}" ] || marks=$marks,next
	[ "$system" != "$booted" ] || marks=$marks,booted
	printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$number" "$(stat -c %Y "$link")" "$version" "$kernel" "$system" "\${marks#,}"
done
`;

/** nix/guest/flake-swap.sh */
export const flakeSwapScript = `#!/bin/sh
# flake-swap.sh: takes a flake as a tar archive on stdin and puts it where FOLDER is, whole or not at all. Run as root.
# An archive that ends too early, or without a flake.nix, leaves FOLDER as it was. Between the two renames a power cut
# leaves it under FOLDER.old, from where the next run takes it; nothing reads it at boot.
#
# Usage: flake-swap.sh FOLDER
set -eu
folder=\${1:?usage: flake-swap.sh FOLDER}
new=$folder.new
old=$folder.old

[ -e "$folder" ] || [ ! -e "$old" ] || mv "$old" "$folder"
rm -rf "$new" "$old"
mkdir -p "$new"
trap 'rm -rf "$new"' EXIT
tar -xf - -C "$new"
[ -f "$new/flake.nix" ] || {
	echo 'flake-swap: the archive has no flake.nix' >&2
	exit 1
}
chmod 755 "$new"
sync
[ ! -e "$folder" ] || mv "$folder" "$old"
mv "$new" "$folder"
sync
rm -rf "$old"
`;

/** nix/guest/system-facts.sh */
export const systemFactsScript = `#!/bin/sh
# system-facts.sh: what the host must know of the guest before and after its system changes. One fact a line: a word,
# a space, the value. \`failed\` and \`file\` may come more than once. Run as the guest's user.
#
# Usage: system-facts.sh [FOLDER]   FOLDER: the flake whose files are listed, each with its digest
# For tests only: ASCALON_RUN_DIR (default /run), ASCALON_ETC (default /etc).
set -eu
folder=\${1:-}
run_dir=\${ASCALON_RUN_DIR:-/run}
etc=\${ASCALON_ETC:-/etc}
XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
export XDG_RUNTIME_DIR

echo "os $(sed -n 's/^ID="\\{0,1\\}\\([^"]*\\)"\\{0,1\\}$/\\1/p' "$etc/os-release" 2>/dev/null)"
echo "host $(cat /proc/sys/kernel/hostname)"
echo "system $(readlink -f "$run_dir/current-system" 2>/dev/null || true)"
if [ -e "$etc/ascalon/ascalon.json" ]; then echo 'ascalon yes'; else echo 'ascalon no'; fi
if [ -e "$run_dir/ascalon-home.failed" ]; then
	echo "home failed: $(head -n 1 "$run_dir/ascalon-home.failed")"
elif mountpoint -q /home; then
	echo 'home mounted'
else
	echo 'home unmounted'
fi
nix=/nix
[ -d "$nix" ] || nix=/
echo "free $(df -Pk "$nix" | awk 'NR == 2 { printf "%.0f", $4 * 1024 }')"
echo "mux $(systemctl --user show --property=MainPID --value wezterm-daemon.service 2>/dev/null || echo 0)"
echo "switch $(systemctl is-active ascalon-switch.service 2>/dev/null || true)"
systemctl list-units --failed --plain --no-legend --no-pager 2>/dev/null | awk '{ print "failed " $1 }'
systemctl --user list-units --failed --plain --no-legend --no-pager 2>/dev/null | awk '{ print "failed user:" $1 }'
[ ! -d "$folder" ] || (cd "$folder" && find . -type f -exec sha256sum {} + | sed 's/^\\([0-9a-f]*\\) [ *]\\.\\//file \\1 /')
`;

/** templates/flake/flake.nix */
export const starterFlake = `{
  description = "My ascalon guest";

  # Where you have ascalon from: a repository, or path:/a/folder.
  inputs.ascalon.url = "github:OWNER/ascalon";

  outputs =
    { ascalon, ... }:
    {
      nixosConfigurations.ascalon = ascalon.lib.mkSystem {
        # Written by the ascalon command line from ascalon.yaml: change it there.
        settings = ./ascalon.json;
        modules = [ ./guest.nix ];
      };
    };
}
`;

/** templates/flake/guest.nix */
export const starterGuest = `# Your part of the guest: any option of NixOS. \`ascalon rebuild\` brings a change into the running machine.
{ pkgs, ... }:
{
  environment.systemPackages = [
    pkgs.hello
  ];

  # time.timeZone = "Europe/Berlin";
  # programs.zsh.enable = true;
  # users.users.dev.shell = pkgs.zsh;
}
`;
