#!/bin/sh
# system-switch.sh: switches the guest to another system, now or at the next start.
#
# Usage: system-switch.sh live SYSTEM                        activates it; the next start still brings the one before
#        system-switch.sh default SYSTEM --set SYSTEM        the next start brings it, as a new generation
#        system-switch.sh default SYSTEM --switch-generation N   the same, with the number that it has
# Either is done in the unit ascalon-switch and ends with its exit code. What it says goes to the journal, and from there
# to stderr: switch-to-configuration, writing straight into a connection that is lost, would die half-way.
# For tests only: ASCALON_PROFILE, ASCALON_RUN_DIR (default /run), ASCALON_STATE, ASCALON_BOOT (default /boot).
set -eu
profile=${ASCALON_PROFILE:-/nix/var/nix/profiles/system}
run_dir=${ASCALON_RUN_DIR:-/run}
state=${ASCALON_STATE:-/var/lib/ascalon/rollback}
boot=${ASCALON_BOOT:-/boot}
unit=ascalon-switch

say() { printf 'system-switch: %s\n' "$*" >&2; }

in_unit() {
	since=$(date +%s)
	journalctl --quiet --follow --output=cat --unit="$unit" --since="@$since" >&2 &
	follower=$!
	code=0
	systemd-run --unit="$unit" --collect --wait --quiet --service-type=exec --setenv=PATH="$PATH" \
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
		printf '%s %s\n' "$file" "$boot/kernels/$(printf '%s' "${file#*/nix/store/}" | tr / -)"
	done
}

# The installer would copy it back for the menu, and fail for want of room.
forget_generations_of() {
	for link in "$profile"-*-link; do
		[ -e "$link" ] || continue
		case $(readlink -f "$link") in "$(readlink -f "$profile")" | "$(readlink -f "$2")") continue ;; esac
		boot_files "$link" | grep -qF " $1" || continue
		number=${link#"$profile"-}
		say "its generation ${number%-link} goes with it"
		nix-env --profile "$profile" --delete-generations "${number%-link}"
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
		! printf '%s\n' "$kept" | grep -qxF "$copy" || continue
		say "removing ${copy##*/} from $boot: there is no room for the new kernel beside it"
		rm -f "$copy"
		forget_generations_of "$copy" "$1"
	done
	free=$(df -Pk "$boot" | awk 'NR == 2 { print $4 }')
	[ "$((need + 1024))" -gt "$free" ] || return 0
	say "the new kernel takes $((need / 1024 + 1)) MiB and $boot has $((free / 1024)) MiB free: nothing was changed"
	exit 1
}

case ${1:-} in
live)
	in_unit "${2:?usage: system-switch.sh live SYSTEM}/bin/switch-to-configuration" test
	;;
default)
	: "${4:?usage: system-switch.sh default SYSTEM --set SYSTEM | --switch-generation N}"
	in_unit /bin/sh "$0" in-unit "$@"
	;;
in-unit)
	make_room "$3"
	nix-env --profile "$profile" "$4" "$5"
	"$3/bin/switch-to-configuration" boot
	# The boot partition has no journal.
	sync
	;;
*)
	sed -n 's/^# \(Usage:.*\)/\1/p; s/^#        \(system-switch.*\)/       \1/p' "$0" >&2
	exit 2
	;;
esac
