#!/bin/sh
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

disk_name=${ASCALON_HOME_DISK:-ascalon-home}
label=${ASCALON_HOME_LABEL:-ascalon-home}
lima_env=${ASCALON_LIMA_ENV:-/mnt/lima-cidata/lima.env}
run_dir=${ASCALON_RUN_DIR:-/run}
state_dir=${ASCALON_STATE_DIR:-/var/lib/ascalon}
wait_seconds=${ASCALON_HOME_WAIT:-30}
dev_dir=${ASCALON_DEV_DIR:-/dev}
files_allowed=${ASCALON_HOME_FILES:-0}
dry_run=0

say() { printf 'home-disk: %s\n' "$*" >&2; }

# The sentence goes where a program can read it: the unit's own failure is easily missed while ssh works.
fail() {
	say "$*"
	mkdir -p "$run_dir"
	rm -f "$run_dir/ascalon-home.state"
	printf '%s\n' "$*" >"$run_dir/ascalon-home.failed"
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
	printf 'RESULT=%s\nDEVICE=%s\nUUID=%s\nSIZE_BYTES=%s\n' "$1" "$device" "$uuid" "$device_bytes" \
		>"$run_dir/ascalon-home.state.new"
	mv "$run_dir/ascalon-home.state.new" "$run_dir/ascalon-home.state"
	say "$device: $1"
	exit 0
}

# lima.env is data and not shell: its values hold spaces and quotes as they are, so it is read and never sourced.
lima_value() {
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in "$1="*)
			printf '%s\n' "${line#*=}"
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
		if [ "$(lima_value "LIMA_CIDATA_DISK_${index}_NAME")" = "$disk_name" ]; then
			lima_value "LIMA_CIDATA_DISK_${index}_DEVICE"
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
	[ "$code" -eq 2 ] || { printf 'blkid (exit %s) sees %s' "$code" "$(echo "$found" | tr '\n' ' ')" && return 0; }
	found=$(wipefs -n "$device" 2>&1) || { printf 'wipefs fails: %s' "$found" && return 0; }
	[ -z "$found" ] || { printf 'wipefs sees %s' "$(echo "$found" | tail -n +2 | tr -s ' \n' ' ')" && return 0; }
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
	rest=${superblock##*"$1": }
	echo "$((${rest%%[!0-9 ]*}))"
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

[ "${#label}" -le 16 ] || fail "the label $label is longer than the 16 bytes that ext4 takes"
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
