#!/bin/sh
# home-move.sh: takes the homes that are on the system disk along to a /home disk that is new. Run as root after
# home-disk.sh and before the mount, which hides them. Done once for a disk; interrupted, the next run goes on.
#
# On the disk: `.ascalon/moving` while copies may be half done, `.ascalon/moved` when nothing is left to do. What was on
# the system disk stays there, hidden.
#
# Usage: home-move.sh DEVICE LABEL
# For tests only: ASCALON_OLD_HOME (default /home); ASCALON_MOVE_TARGET, a folder that is taken for the mounted disk.
set -eu
device=${1:?usage: home-move.sh DEVICE LABEL}
label=${2:?usage: home-move.sh DEVICE LABEL}
old=${ASCALON_OLD_HOME:-/home}
run_dir=${ASCALON_RUN_DIR:-/run}

say() { printf 'home-move: %s\n' "$*" >&2; }

told=''
mounted=''

fail() {
	say "$*"
	printf '%s\n' "$*" >"$run_dir/ascalon-home.failed"
	told=1
	exit 1
}

# Whatever else ends the script, such as a disk without room for a mark, leaves /home unmounted as well.
finish() {
	code=$?
	[ -z "$mounted" ] || umount "$new" 2>/dev/null || true
	[ -z "$mounted" ] || rmdir "$new" 2>/dev/null || true
	[ "$code" -eq 0 ] || [ -n "$told" ] ||
		printf '%s\n' "the disk $label could not be prepared for the existing homes (exit $code)" >"$run_dir/ascalon-home.failed"
}
trap finish EXIT

if [ -n "${ASCALON_MOVE_TARGET:-}" ]; then
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
		case ${entry##*/} in lost+found | .ascalon | '*' | '.[!.]*') ;; *) return 0 ;; esac
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
