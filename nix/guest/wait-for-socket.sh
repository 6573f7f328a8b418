#!/bin/sh
# wait-for-socket.sh: ends when the socket exists, or fails after 80 seconds. Makes a service that cannot say when it
# is ready be ready only when it is. A slow machine gets nearly all of the 90 s that systemd gives a start, because the
# next try would be as slow; a service that has ended (MAINPID, systemd.exec(5)) is not waited for.
#
# Usage: wait-for-socket.sh PATH [TENTHS]
set -eu
path=${1:?usage: wait-for-socket.sh PATH [TENTHS]}
left=${2:-800}

lives() { [ -z "${MAINPID:-}" ] || kill -0 "$MAINPID" 2>/dev/null; }

until [ -S "$path" ]; do
	if [ "$left" -le 0 ] || ! lives; then
		printf 'wait-for-socket: %s did not appear\n' "$path" >&2
		exit 1
	fi
	left=$((left - 1))
	sleep 0.1
done
