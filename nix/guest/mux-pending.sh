#!/bin/sh
# mux-pending.sh: whether the running mux server is the one that the system would start now. A switch leaves the old
# one alone, because a restart ends every session; this tells when a restart would bring something new.
#
# Prints one line: `current`, `stopped`, or `pending RUNNING INSTALLED`. Run as the user of the sessions.
# For tests only: ASCALON_PROC (default /proc).
set -eu
proc=${ASCALON_PROC:-/proc}

property() { systemctl --user show --property="$1" --value wezterm-daemon.service; }

pid=$(property MainPID)
if [ -z "$pid" ] || [ "$pid" = 0 ]; then
	echo stopped
	exit 0
fi

# systemd prints `{ path=/nix/store/… ; argv[]=… ; … }`.
installed=$(property ExecStart | sed -n 's/^{ path=\([^ ]*\) ;.*/\1/p')
running=$(readlink "$proc/$pid/exe")

# A wrapper starts a hidden file beside it, so the folders are compared and not the files.
if [ "$(dirname "$running")" = "$(dirname "$(readlink -f "$installed")")" ]; then
	echo current
else
	printf 'pending %s %s\n' "$running" "$installed"
fi
