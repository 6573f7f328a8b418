#!/bin/sh
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
home_disk=${1:?usage: home-on-image.sh HOME_DISK HOME_MOVE LABEL}
home_move=${2:?usage: home-on-image.sh HOME_DISK HOME_MOVE LABEL}
label=${3:?usage: home-on-image.sh HOME_DISK HOME_MOVE LABEL}
homes=${ASCALON_OLD_HOME:-/home}
lima_env=${ASCALON_LIMA_ENV:-/mnt/lima-cidata/lima.env}
run_dir=${ASCALON_RUN_DIR:-/run}

! mountpoint -q "$homes" || exit 0
[ ! -e "${ASCALON_ETC:-/etc}/ascalon/ascalon.json" ] || exit 0

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
	printf '%s\n' "$keys" >"$own/.ssh/authorized_keys"
	chmod 0600 "$own/.ssh/authorized_keys"
	chown "$owner" "$own/.ssh/authorized_keys"
}
