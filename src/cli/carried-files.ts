// Made by `npm run gen` from the files that are named; do not edit.

/** nix/guest/rollback-timer.sh */
export const rollbackTimerScript = `#!/bin/sh
# rollback-timer.sh: brings the guest back to the system it ran before, unless somebody says in time that all is well.
# Armed by the host before a switch; what it needs then is in the guest, so it fires also when the network is gone.
#
# Usage: rollback-timer.sh arm PREVIOUS SECONDS   PREVIOUS: store path of the system to come back to
#        rollback-timer.sh confirm                all is well: the timer is taken away; ends with 3 when it has fired
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
	# Too late: what has begun to activate the previous system goes on.
	! systemctl -q is-active "$unit.service" || exit 3
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

# The installer would copy it back for the menu, and fail for want of room.
forget_generations_of() {
	for link in "$profile"-*-link; do
		[ -e "$link" ] || continue
		case $(readlink -f "$link") in "$(readlink -f "$profile")" | "$(readlink -f "$2")") continue ;; esac
		boot_files "$link" | grep -qF " $1" || continue
		number=\${link#"$profile"-}
		say "its generation \${number%-link} goes with it"
		nix-env --profile "$profile" --delete-generations "\${number%-link}"
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
		forget_generations_of "$copy" "$1"
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
	# The boot partition has no journal.
	sync
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
# number, seconds since 1970, version, kernel, store path, marks (current, next, booted, foreign; comma between). \`foreign\`:
# built without ascalon's modules, as the image's own system.
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
	[ -e "$system/etc/ascalon/ascalon.json" ] || marks=$marks,foreign
	printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$number" "$(stat -c %Y "$link")" "$version" "$kernel" "$system" "\${marks#,}"
done
`;

/** nix/guest/home-disk.sh */
export const homeDiskScript = `#!/bin/sh
# home-disk.sh: makes the ascalon data disk ready to be mounted at /home. Run as root, before the mount, at each boot.
#
# The disk is the one thing that outlives the system disk, so this script would rather leave a VM without its /home than
# write to a disk that may hold something. It finds the disk that Lima names in lima.env, and then
#   blank         makes one ext4 filesystem over the whole disk, once
#   ours          checks it (e2fsck -p) and grows it when the disk has grown
#   anything else touches nothing, says why, and fails
#
# Usage: home-disk.sh [-n] [-d NAME] [-l LABEL] [-e LIMA_ENV] [-r RUN_DIR] [-s STATE_DIR] [-w SECONDS]
#   -n  only say what would be done
#   -d  name of the Lima disk      ASCALON_HOME_DISK   default ascalon-home
#   -l  label of the filesystem    ASCALON_HOME_LABEL  default ascalon-home (ext4 takes 16 bytes)
#   -e  Lima's facts               ASCALON_LIMA_ENV    default /mnt/lima-cidata/lima.env
#   -r  where the result is left   ASCALON_RUN_DIR     default /run
#   -s  memory of a begun format   ASCALON_STATE_DIR   default /var/lib/ascalon, on the system disk
#   -w  wait for the device        ASCALON_HOME_WAIT   default 30 seconds
# For tests only: ASCALON_DEV_DIR (default /dev) holds the devices, and ASCALON_HOME_FILES=1 takes plain files for them.
#
# Leaves RUN_DIR/ascalon-home.state (KEY=value lines: RESULT, DEVICE, UUID, SIZE_BYTES) or RUN_DIR/ascalon-home.failed
# (one sentence), never both. Exit: 0 ready, 1 not ready.
#
# Tools, all found in PATH: util-linux (blkid wipefs blockdev flock), e2fsprogs (mkfs.ext4 dumpe2fs e2fsck resize2fs),
# coreutils, diffutils (cmp), udevadm where there is one.
set -eu
export LC_ALL=C

disk_name=\${ASCALON_HOME_DISK:-ascalon-home}
label=\${ASCALON_HOME_LABEL:-ascalon-home}
lima_env=\${ASCALON_LIMA_ENV:-/mnt/lima-cidata/lima.env}
run_dir=\${ASCALON_RUN_DIR:-/run}
state_dir=\${ASCALON_STATE_DIR:-/var/lib/ascalon}
wait_seconds=\${ASCALON_HOME_WAIT:-30}
dev_dir=\${ASCALON_DEV_DIR:-/dev}
files_allowed=\${ASCALON_HOME_FILES:-0}
dry_run=0

say() { printf 'home-disk: %s\\n' "$*" >&2; }

# The sentence goes where a program can read it: the unit's own failure is easily missed while ssh works.
fail() {
	say "$*"
	mkdir -p "$run_dir"
	rm -f "$run_dir/ascalon-home.state"
	printf '%s\\n' "$*" >"$run_dir/ascalon-home.failed"
	trap - EXIT
	exit 1
}

# Whatever else ends the script, a tool that is missing or a bug of its own, is told as loudly.
trap 'code=$?; [ "$code" -eq 0 ] || fail "home-disk.sh broke off (exit $code): see its log, /home was left unmounted"' EXIT

# Written in one step, so that a reader never sees half of it.
succeed() {
	# Also of a format that a power-off ended at its very end: for the next disk of this size it would be no guard.
	[ "$dry_run" = 1 ] || rm -f "$state_dir/home-disk.formatting" || true
	mkdir -p "$run_dir"
	rm -f "$run_dir/ascalon-home.failed"
	printf 'RESULT=%s\\nDEVICE=%s\\nUUID=%s\\nSIZE_BYTES=%s\\n' "$1" "$device" "$uuid" "$device_bytes" \\
		>"$run_dir/ascalon-home.state.new"
	mv "$run_dir/ascalon-home.state.new" "$run_dir/ascalon-home.state"
	say "$device: $1"
	exit 0
}

# lima.env is data and not shell: its values hold spaces and quotes as they are, so it is read and never sourced.
lima_value() {
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in "$1="*)
			printf '%s\\n' "\${line#*=}"
			return 0
			;;
		esac
	done <"$lima_env"
	return 1
}

named_device() {
	count=$(lima_value LIMA_CIDATA_DISKS) || count=0
	case $count in '' | *[!0-9]*) count=0 ;; esac
	index=0
	while [ "$index" -lt "$count" ]; do
		if [ "$(lima_value "LIMA_CIDATA_DISK_\${index}_NAME")" = "$disk_name" ]; then
			lima_value "LIMA_CIDATA_DISK_\${index}_DEVICE"
			return
		fi
		index=$((index + 1))
	done
	return 1
}

is_device() { [ -b "$1" ] || { [ "$files_allowed" = 1 ] && [ -f "$1" ]; }; }

wait_for_device() {
	waited=0
	until is_device "$device"; do
		[ "$waited" -lt "$wait_seconds" ] || return 1
		sleep 1
		waited=$((waited + 1))
	done
}

size_of() { if [ -b "$1" ]; then blockdev --getsize64 "$1"; else stat -c %s "$1"; fi; }

# What low-level probing sees, never from a cache, which may be from before. All at once, because each process costs where
# the processor is emulated.
probe() {
	type='' found_label='' uuid='' table=''
	while IFS='=' read -r key value; do
		case $key in
		TYPE) type=$value ;;
		LABEL) found_label=$value ;;
		UUID) uuid=$value ;;
		PTTYPE) table=$value ;;
		esac
	done <<-END
		$(blkid -p -o export "$device" 2>/dev/null || true)
	END
}

# Whatever of the running system sits on the device or on a part of it: a mount (the root disk is one), swap, a mapping.
user_of_device() {
	[ -b "$device" ] || return 1
	name=$(basename "$device")
	for node in "/sys/class/block/$name" "/sys/class/block/$name/$name"*; do
		[ -r "$node/dev" ] || continue
		number=$(cat "$node/dev")
		while read -r _ _ mounted _ where _; do
			[ "$mounted" != "$number" ] || { printf 'mounted at %s' "$where" && return 0; }
		done </proc/self/mountinfo
		while read -r swap _; do
			[ "$swap" != "/dev/$(basename "$node")" ] || { printf 'used as swap' && return 0; }
		done </proc/swaps
		for holder in "$node/holders/"*; do
			[ ! -e "$holder" ] || { printf 'held by %s' "$(basename "$holder")" && return 0; }
		done
	done
	return 1
}

# A mebibyte that cannot be read is not zero either.
is_zero_from() { cmp -s -i "$1:0" -n 1048576 "$device" /dev/zero; }

# Three guards, each of which knows something the others do not: libblkid's probers, wipefs (which also sees what blkid
# finds ambivalent), and the bytes themselves, for content that no tool knows. Prints why the disk is not blank.
why_not_blank() {
	found=$(blkid -p -o export "$device" 2>&1) && code=0 || code=$?
	[ "$code" -eq 2 ] || { printf 'blkid (exit %s) sees %s' "$code" "$(echo "$found" | tr '\\n' ' ')" && return 0; }
	found=$(wipefs -n "$device" 2>&1) || { printf 'wipefs fails: %s' "$found" && return 0; }
	[ -z "$found" ] || { printf 'wipefs sees %s' "$(echo "$found" | tail -n +2 | tr -s ' \\n' ' ')" && return 0; }
	# Of a format that was cut short by a power-off, bytes remain that no prober knows, and that are ours.
	[ "$(cat "$state_dir/home-disk.formatting" 2>/dev/null)" != "$device_bytes" ] || return 1
	is_zero_from 0 || { printf 'its first MiB is not all zero' && return 0; }
	is_zero_from $((device_bytes - 1048576)) || { printf 'its last MiB is not all zero' && return 0; }
	return 1
}

settle() { ! command -v udevadm >/dev/null || udevadm settle --timeout=20 || true; }

format() {
	if user=$(user_of_device); then fail "$device is $user, so it was not formatted for /home"; fi
	if [ -b "$device" ] && [ "$(blockdev --getro "$device")" != 0 ]; then fail "$device is read-only"; fi
	if why=$(why_not_blank); then
		fail "the disk $disk_name ($device) is neither blank nor an ext4 filesystem labelled $label, so nothing was written to it: $why"
	fi
	[ "$dry_run" = 0 ] || { say "would format $device ($device_bytes bytes)" && exit 0; }
	say "formatting the blank disk $disk_name ($device, $device_bytes bytes)"
	{ mkdir -p "$state_dir" && echo "$device_bytes" >"$state_dir/home-disk.formatting" && sync; } 2>/dev/null ||
		say "$state_dir cannot be written: if this format is cut short, the next boot will refuse the disk"
	# No reserve for root: that is for system disks. The rest of the inode tables is written later, by the kernel.
	mkfs.ext4 -q -F -L "$label" -m 0 -E lazy_itable_init=1,lazy_journal_init=1 "$device" ||
		fail "mkfs.ext4 could not format $device for /home"
	# The mount waits for the by-label link, which udev makes when it hears of the new filesystem.
	settle
	probe
	succeed created
}

check() {
	e2fsck "$@" "$device" >&2 && code=0 || code=$?
	# 1: errors were corrected. 4 and up: some were left, and mounting would make them worse.
	[ "$code" -le 1 ] || fail "e2fsck (exit $code) could not repair $device: run 'e2fsck $device' by hand, /home was left unmounted"
}

# A number out of what dumpe2fs said.
superblock_value() {
	rest=\${superblock##*"$1": }
	echo "$((\${rest%%[!0-9 ]*}))"
}

grow() {
	mounted=0
	if user=$(user_of_device); then
		case $user in "mounted at"*) mounted=1 ;; *) fail "$device is $user" ;; esac
	fi
	superblock=$(dumpe2fs -h "$device" 2>/dev/null) || fail "dumpe2fs cannot read the superblock of $device: /home was left unmounted"
	block_bytes=$(superblock_value 'Block size')
	filesystem_bytes=$(($(superblock_value 'Block count') * block_bytes))
	# Before any repair, which would be one of a filesystem that is not all there.
	[ "$filesystem_bytes" -le "$device_bytes" ] ||
		fail "the filesystem on $device ($filesystem_bytes bytes) is larger than the disk ($device_bytes bytes): the disk was cut or exchanged"
	[ "$mounted" = 1 ] || [ "$dry_run" = 1 ] || check -p
	# Growth by less than a block group is left: ext4 could not use it whole, and would ask again at each boot.
	[ $((device_bytes - filesystem_bytes)) -ge $((block_bytes * block_bytes * 8)) ] || succeed used
	[ "$dry_run" = 0 ] || { say "would grow $device from $filesystem_bytes to $device_bytes bytes" && exit 0; }
	say "growing $device from $filesystem_bytes to $device_bytes bytes"
	# resize2fs refuses an unmounted filesystem that was not checked in full since its last mount.
	[ "$mounted" = 1 ] || check -f -p
	resize2fs "$device" >&2 || fail "resize2fs could not grow $device"
	succeed grown
}

while getopts nd:l:e:r:s:w: option; do
	case $option in
	n) dry_run=1 ;;
	d) disk_name=$OPTARG ;;
	l) label=$OPTARG ;;
	e) lima_env=$OPTARG ;;
	r) run_dir=$OPTARG ;;
	s) state_dir=$OPTARG ;;
	w) wait_seconds=$OPTARG ;;
	*) exit 2 ;;
	esac
done

[ "\${#label}" -le 16 ] || fail "the label $label is longer than the 16 bytes that ext4 takes"
[ -r "$lima_env" ] || fail "$lima_env cannot be read: is cidata mounted?"
name=$(named_device) || fail "Lima gave this VM no disk named $disk_name (additionalDisks in lima.yaml)"
case $name in '' | */* | .*) fail "lima.env gives the disk $disk_name the impossible device '$name'" ;; esac
device=$dev_dir/$name
wait_for_device || fail "the disk $disk_name ($device) did not appear within $wait_seconds seconds"

# Two runs at once (a boot and a hand) must not both find the disk blank.
mkdir -p "$run_dir"
exec 9>"$run_dir/ascalon-home.lock"
flock -w 60 9 || fail "another home-disk.sh holds $run_dir/ascalon-home.lock"

device_bytes=$(size_of "$device")
[ "$device_bytes" -ge 16777216 ] || fail "$device has only $device_bytes bytes"
probe
[ "$found_label" != cidata ] || fail "$device is Lima's cidata, not the disk $disk_name"

if [ "$type" = ext4 ] && [ "$found_label" = "$label" ]; then
	[ -z "$table" ] ||
		fail "$device holds a filesystem labelled $label and a partition table ($table): one of them is a leftover, and nothing was written"
	# /home is mounted by its label, so a second disk with it could be mounted in this one's place.
	if [ -b "$device" ]; then
		twin=$(blkid -c /dev/null -t "LABEL=$label" -o device | grep -vxF "$device" || true)
		[ -z "$twin" ] || fail "$device and $twin both have the label $label: remove one of the disks"
	fi
	grow
else
	format
fi
`;

/** nix/guest/home-move.sh */
export const homeMoveScript = `#!/bin/sh
# home-move.sh: takes the homes that are on the system disk along to a /home disk that is new. Run as root after
# home-disk.sh and before the mount, which hides them. Done once for a disk; interrupted, the next run goes on.
#
# On the disk: \`.ascalon/moving\` while copies may be half done, \`.ascalon/moved\` when nothing is left to do. What was on
# the system disk stays there, hidden.
#
# Usage: home-move.sh DEVICE LABEL
# For tests only: ASCALON_OLD_HOME (default /home); ASCALON_MOVE_TARGET, a folder that is taken for the mounted disk.
set -eu
device=\${1:?usage: home-move.sh DEVICE LABEL}
label=\${2:?usage: home-move.sh DEVICE LABEL}
old=\${ASCALON_OLD_HOME:-/home}
run_dir=\${ASCALON_RUN_DIR:-/run}

say() { printf 'home-move: %s\\n' "$*" >&2; }

told=''
mounted=''

fail() {
	say "$*"
	printf '%s\\n' "$*" >"$run_dir/ascalon-home.failed"
	told=1
	exit 1
}

# Whatever else ends the script, such as a disk without room for a mark, leaves /home unmounted as well.
finish() {
	code=$?
	[ -z "$mounted" ] || umount "$new" 2>/dev/null || true
	[ -z "$mounted" ] || rmdir "$new" 2>/dev/null || true
	[ "$code" -eq 0 ] || [ -n "$told" ] ||
		printf '%s\\n' "the disk $label could not be prepared for the existing homes (exit $code)" >"$run_dir/ascalon-home.failed"
}
trap finish EXIT

if [ -n "\${ASCALON_MOVE_TARGET:-}" ]; then
	new=$ASCALON_MOVE_TARGET
else
	new=$run_dir/ascalon-home-new
	# Mounted already: a person runs this by hand, and there is nothing to move any more.
	! mountpoint -q "$old" || exit 0
	mkdir -p "$new"
	chmod 700 "$new"
	mount -t ext4 "$device" "$new" || fail "the disk $label cannot be mounted to take the existing homes along"
	mounted=1
fi

[ ! -e "$new/.ascalon/moved" ] || exit 0

holds_homes() {
	for entry in "$new"/* "$new"/.[!.]*; do
		case \${entry##*/} in lost+found | .ascalon | '*' | '.[!.]*') ;; *) return 0 ;; esac
	done
	return 1
}

# A disk with homes on it that this script did not begin to fill is somebody's: nothing is copied over them.
if [ ! -e "$new/.ascalon/moving" ] && ! holds_homes; then
	mkdir -p "$new/.ascalon"
	touch "$new/.ascalon/moving"
	sync
fi

if [ -e "$new/.ascalon/moving" ]; then
	say "taking $(du -sxk "$old" | cut -f1) KiB from the system disk along"
	# Not into other file systems: a shared folder of the host may be mounted in a home.
	cp -a -x "$old/." "$new/" || fail "the homes on the system disk could not be copied to the disk $label: is it too small? They are untouched, and in use until this is mended"
	sync
	mv "$new/.ascalon/moving" "$new/.ascalon/moved"
else
	mkdir -p "$new/.ascalon"
	touch "$new/.ascalon/moved"
fi
sync
`;

/** nix/guest/home-on-image.sh */
export const homeOnImageScript = `#!/bin/sh
# home-on-image.sh: /home on ascalon's disk in a guest whose own system does not see to it, as that of the nixos-lima
# image. Lima runs it as root at each start, before the VM counts as ready. Where /home is a mount already, and in a
# system built with ascalon's modules, there is nothing to do.
#
# Usage: home-on-image.sh HOME_DISK HOME_MOVE LABEL   the two scripts that a system of ascalon's uses, and the disk's label
# For tests only: ASCALON_OLD_HOME (default /home), ASCALON_LIMA_ENV, ASCALON_RUN_DIR, ASCALON_ETC (default /etc), and
# those of the two scripts.
#
# Fails as they do: a sentence in RUN_DIR/ascalon-home.failed, and /home stays where it was.
set -eu
home_disk=\${1:?usage: home-on-image.sh HOME_DISK HOME_MOVE LABEL}
home_move=\${2:?usage: home-on-image.sh HOME_DISK HOME_MOVE LABEL}
label=\${3:?usage: home-on-image.sh HOME_DISK HOME_MOVE LABEL}
homes=\${ASCALON_OLD_HOME:-/home}
lima_env=\${ASCALON_LIMA_ENV:-/mnt/lima-cidata/lima.env}
run_dir=\${ASCALON_RUN_DIR:-/run}

! mountpoint -q "$homes" || exit 0
[ ! -e "\${ASCALON_ETC:-/etc}/ascalon/ascalon.json" ] || exit 0

ASCALON_HOME_LABEL=$label sh "$home_disk"
device=$(sed -n 's/^DEVICE=//p' "$run_dir/ascalon-home.state")
sh "$home_move" "$device" "$label"

# lima.env is data and not shell.
lima_value() { sed -n "s/^LIMA_CIDATA_$1=//p" "$lima_env"; }
own=$homes/$(lima_value USER)
owner=$(lima_value UID):$(stat -c %g "$own")
# Lima's boot service has just written them: those on the disk may be of another VM.
keys=$(cat "$own/.ssh/authorized_keys" 2>/dev/null || true)

mount -t ext4 -o noatime "$device" "$homes" || {
	echo "the disk $label ($device) cannot be mounted at $homes" >"$run_dir/ascalon-home.failed"
	exit 1
}
for folder in "$own" "$own/.ssh"; do
	[ -d "$folder" ] || {
		mkdir -m 0700 "$folder"
		chown "$owner" "$folder"
	}
done
[ -z "$keys" ] || {
	printf '%s\\n' "$keys" >"$own/.ssh/authorized_keys"
	chmod 0600 "$own/.ssh/authorized_keys"
	chown "$owner" "$own/.ssh/authorized_keys"
}
`;

/** nix/guest/link-folder.sh */
export const linkFolderScript = `#!/bin/sh
# link-folder.sh: the folder in which ascalon's links end, in a guest whose own system does not make it, as that of the
# nixos-lima image. sshd makes a forwarded socket as the user it logged in, and /run is root's. Lima runs it as root at
# each start, before the VM counts as ready. In a system built with ascalon's modules there is nothing to do.
#
# Usage: link-folder.sh
# For tests only: ASCALON_LIMA_ENV, ASCALON_RUN_DIR (default /run), ASCALON_ETC (default /etc)
set -eu
lima_env=\${ASCALON_LIMA_ENV:-/mnt/lima-cidata/lima.env}
run_dir=\${ASCALON_RUN_DIR:-/run}

[ ! -e "\${ASCALON_ETC:-/etc}/ascalon/ascalon.json" ] || exit 0

# lima.env is data and not shell.
user=$(sed -n 's/^LIMA_CIDATA_USER=//p' "$lima_env")
install -d -m 0700 -o "$user" -g "$(id -g "$user")" "$run_dir/ascalon"
# Where every client looks. A Docker of the guest's own keeps the place.
[ -e "$run_dir/docker.sock" ] || ln -sfn "$run_dir/ascalon/docker.sock" "$run_dir/docker.sock"
`;

/** nix/guest/login-shell.sh */
export const loginShellScript = `#!/bin/sh
# login-shell.sh: sees to it that the user's login shell runs what ssh brings. sshd starts it as \`SHELL -c COMMAND\`, and bash,
# zsh and fish then read a file of the user's first. If that one exits, hangs or starts another program, nobody gets in any
# more: neither a person, nor Lima, which would wait for the end of this boot for ever. Then it is renamed, and can be mended.
# Lima runs this as root at each start, when /home is there and before the VM counts as ready.
#
# Usage: login-shell.sh
# Leaves one line in RUN_DIR/ascalon-login, unless all is well:
#   renamed CODE OLD NEW   logins ended with CODE (124: not within a minute) and do not now
#   unheard FILE           FILE lets them end with 0, but nothing that ssh brings is run: people get in, so it is left alone
#   locked CODE            logins end with CODE for another reason; nothing was changed
# For tests only: ASCALON_LIMA_ENV, ASCALON_RUN_DIR (default /run), ASCALON_PASSWD, ASCALON_PATIENCE (seconds),
# ASCALON_PAUSE (seconds)
set -eu
lima_env=\${ASCALON_LIMA_ENV:-/mnt/lima-cidata/lima.env}
run_dir=\${ASCALON_RUN_DIR:-/run}
report=$run_dir/ascalon-login
said=$run_dir/ascalon-login.said
empty=$run_dir/ascalon-login.home

rm -f "$report"
# lima.env is data and not shell. Builtins, because each program that is started makes every boot longer.
user=
while IFS='=' read -r name value; do
	[ "$name" != LIMA_CIDATA_USER ] || user=$value
done <"$lima_env"
shell=
while IFS=: read -r name _ uid gid _ home login; do
	[ "$name" != "$user" ] || shell=$login
	[ -z "$shell" ] || break
done <"\${ASCALON_PASSWD:-/etc/passwd}"
[ -n "$shell" ] || exit 0

# runs HOME: whether the shell runs a command as sshd gives it one. Not through a pipe: what a startup file leaves in the
# background would keep it open.
runs() {
	code=0
	timeout -k 5 "\${ASCALON_PATIENCE:-60}" setpriv --reuid="$uid" --regid="$gid" --init-groups \\
		env -i HOME="$1" USER="$user" LOGNAME="$user" SHELL="$shell" PATH="$PATH" XDG_RUNTIME_DIR="/run/user/$uid" \\
		SSH_CLIENT='127.0.0.1 1 22' SSH_CONNECTION='127.0.0.1 1 127.0.0.1 22' \\
		"$shell" -c 'echo the-login-shell-runs-this' <"/dev/null" >"$said" 2>/dev/null || code=$?
	while read -r line; do
		[ "$line" != the-login-shell-runs-this ] || return 0
	done <"$said"
	return 1
}

tell() {
	printf '%s\\n' "$*" >"$report"
	echo "login-shell: $*" >&2
}

cd /
trap 'rm -f "$said"; rm -rf "$empty"' EXIT
runs "$home" && exit 0
# At a boot not everything is there at once that a startup file may look for.
sleep "\${ASCALON_PAUSE:-5}"
runs "$home" && exit 0
first=$code

file=
case \${shell##*/} in
bash) file=$home/.bashrc ;;
zsh) file=$home/.zshenv ;;
fish) file=$home/.config/fish/config.fish ;;
esac
mkdir -p "$empty"
if [ -z "$file" ] || [ ! -f "$file" ] || ! runs "$empty"; then
	tell "locked $first"
elif [ "$first" = 0 ]; then
	tell "unheard $file"
else
	count=1
	while [ -e "$file.aside-$count" ] || [ -L "$file.aside-$count" ]; do count=$((count + 1)); done
	mv "$file" "$file.aside-$count"
	if runs "$home"; then
		tell "renamed $first $file $file.aside-$count"
	else
		mv "$file.aside-$count" "$file"
		tell "locked $first"
	fi
fi
`;

/** nix/guest/flake-swap.sh */
export const flakeSwapScript = `#!/bin/sh
# flake-swap.sh: puts a flake where FOLDER is, whole or not at all. Run as root.
# An archive that ends too early, or without a flake.nix, leaves FOLDER as it was. Between the two renames a power cut
# leaves it under FOLDER.old, from where the next run takes it; nothing reads it at boot.
#
# Usage: flake-swap.sh FOLDER                     the flake comes as a tar archive on stdin
#        flake-swap.sh FOLDER keep TRIED SYSTEM   it is the one at TRIED, which SYSTEM was built from: that is kept as well
#        flake-swap.sh FOLDER back SYSTEM         it is what SYSTEM was built from; ends with 3 when nobody kept that
# For tests only: ASCALON_FLAKES (default /var/lib/ascalon/flakes), ASCALON_PROFILES (default /nix/var/nix/profiles).
set -eu
folder=\${1:?usage: flake-swap.sh FOLDER [keep TRIED SYSTEM | back SYSTEM]}
new=$folder.new
old=$folder.old
flakes=\${ASCALON_FLAKES:-/var/lib/ascalon/flakes}
profiles=\${ASCALON_PROFILES:-/nix/var/nix/profiles}

# A symlink to nothing too, which a folder cannot take the place of.
is_there() { [ -e "$folder" ] || [ -L "$folder" ]; }

# The archive on stdin becomes FOLDER.
swap() {
	is_there || [ ! -e "$old" ] || mv "$old" "$folder"
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
	! is_there || mv "$folder" "$old"
	mv "$new" "$folder"
	sync
	rm -rf "$old"
}

archive_of() { printf '%s/%s.tar\\n' "$flakes" "\${1##*/}"; }

# Of systems that no generation is any more.
forget_others() {
	for archive in "$flakes"/*.tar; do
		[ "$archive" != "$1" ] || continue
		for link in "$profiles"/system-*-link; do
			[ "$archive" != "$(archive_of "$(readlink -f "$link")")" ] || continue 2
		done
		rm -f "$archive"
	done
}

case \${2:-} in
'')
	swap
	;;
keep)
	tried=\${3:?usage: flake-swap.sh FOLDER keep TRIED SYSTEM}
	archive=$(archive_of "\${4:?usage: flake-swap.sh FOLDER keep TRIED SYSTEM}")
	mkdir -p "$flakes"
	tar -cf "$archive.new" -C "$tried" .
	mv "$archive.new" "$archive"
	swap <"$archive"
	forget_others "$archive"
	;;
back)
	archive=$(archive_of "\${3:?usage: flake-swap.sh FOLDER back SYSTEM}")
	[ -f "$archive" ] || exit 3
	swap <"$archive"
	;;
*)
	sed -n 's/^# \\(Usage:.*\\)/\\1/p; s/^#        \\(flake-swap.*\\)/       \\1/p' "$0" >&2
	exit 2
	;;
esac
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
if [ -e "$etc/ascalon/ascalon.json" ]; then
	echo 'ascalon yes'
	echo "settings $(tr -d '\\n' <"$etc/ascalon/ascalon.json")"
else
	echo 'ascalon no'
fi
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
systemctl --user show --property=LoadState,SubState wezterm-daemon.service 2>/dev/null |
	sed -n 's/^LoadState=/mux-unit /p; s/^SubState=/mux-state /p'
echo "switch $(systemctl is-active ascalon-switch.service 2>/dev/null || true)"
systemctl list-units --failed --plain --no-legend --no-pager 2>/dev/null | awk '{ print "failed " $1 }'
systemctl --user list-units --failed --plain --no-legend --no-pager 2>/dev/null | awk '{ print "failed user:" $1 }'
[ ! -d "$folder" ] || (cd "$folder" && find . -type f -exec sha256sum {} + | sed 's/^\\([0-9a-f]*\\) [ *]\\.\\//file \\1 /')
`;

/** nix/guest/installed-programs.sh */
export const installedProgramsScript = `#!/bin/sh
# installed-programs.sh: which programs of a profile are those of the packages that were meant. For each pair two words on
# a line, the file behind the profile's program and the file behind the package's own; \`-\` where there is none.
#
# Usage: installed-programs.sh PROFILE [PROGRAM PACKAGE]...
set -eu
profile=$1
shift
while [ $# -ge 2 ]; do
	found=$(readlink -e -- "$profile/bin/$1" || echo -)
	meant=$(readlink -e -- "$2/bin/$1" || echo -)
	echo "$found $meant"
	shift 2
done
`;

/** templates/flake/flake.nix */
export const starterFlake = `{
  description = "My ascalon guest";

  inputs = {
    # What the guest's packages come from: \`ascalon rebuild --update nixpkgs\` brings newer ones of this release.
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    # Where the guest fetches ascalon from, without a key: a public repository, or path:./ascalon inside this folder.
    ascalon.url = "github:OWNER/ascalon";
    ascalon.inputs.nixpkgs.follows = "nixpkgs";
  };

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
  # ascalon.user.shell = "zsh";
}
`;
