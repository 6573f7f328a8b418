#!/bin/sh
# wait-for-socket.sh: ends when the socket exists, or fails after ten seconds. Makes a service that cannot say when it
# is ready be ready only when it is.
#
# Usage: wait-for-socket.sh PATH [TENTHS]
set -eu
path=${1:?usage: wait-for-socket.sh PATH [TENTHS]}
left=${2:-100}

until [ -S "$path" ]; do
	[ "$left" -gt 0 ] || {
		printf 'wait-for-socket: %s did not appear\n' "$path" >&2
		exit 1
	}
	left=$((left - 1))
	sleep 0.1
done
