#!/bin/sh
# link-folder.sh: the folder in which ascalon's links end, in a guest whose own system does not make it, as that of the
# nixos-lima image. sshd makes a forwarded socket as the user it logged in, and /run is root's. Lima runs it as root at
# each start, before the VM counts as ready. In a system built with ascalon's modules there is nothing to do.
#
# Usage: link-folder.sh
# For tests only: ASCALON_LIMA_ENV, ASCALON_RUN_DIR (default /run), ASCALON_ETC (default /etc)
set -eu
lima_env=${ASCALON_LIMA_ENV:-/mnt/lima-cidata/lima.env}
run_dir=${ASCALON_RUN_DIR:-/run}

[ ! -e "${ASCALON_ETC:-/etc}/ascalon/ascalon.json" ] || exit 0

# lima.env is data and not shell.
user=$(sed -n 's/^LIMA_CIDATA_USER=//p' "$lima_env")
install -d -m 0700 -o "$user" -g "$(id -g "$user")" "$run_dir/ascalon"
# Where every client looks. A Docker of the guest's own keeps the place.
[ -e "$run_dir/docker.sock" ] || ln -sfn "$run_dir/ascalon/docker.sock" "$run_dir/docker.sock"
