#!/bin/bash
# systemd-double: `systemctl`, `systemd-run` and `mountpoint` of a machine that is a folder, ASCALON_DOUBLE_ROOT; which
# one is told by the name it is called by. Units are process groups, their leaders' pids in ROOT/run/units.
set -eu
root=$ASCALON_DOUBLE_ROOT
units=$root/run/units
mkdir -p "$units"

leader() { cat "$units/$1" 2>/dev/null || echo 0; }
lives() { [ "$(leader "$1")" -gt 0 ] && kill -0 "$(leader "$1")" 2>/dev/null; }

case $(basename "$0") in
mountpoint)
	[ "$*" = '-q /home' ] && [ ! -e "$root/run/double-home-lost" ]
	;;
systemctl)
	for word; do case $word in -q | --quiet | --plain | --no-*) ;; *) set -- "$@" "$word" ;; esac && shift; done
	case $1 in
	stop)
		shift
		for name; do
			if lives "$name"; then
				kill -TERM -- "-$(leader "$name")" 2>/dev/null || true
				sleep 0.1
				kill -KILL -- "-$(leader "$name")" 2>/dev/null || true
			fi
			rm -f "$units/$name"
		done
		;;
	is-active) if lives "$2"; then echo active; else echo inactive && exit 3; fi ;;
	list-units) [ ! -e "$root/run/failed-units" ] || sed 's/$/ loaded failed failed Of the double/' "$root/run/failed-units" ;;
	--user) [ "$2" != show ] || echo 4711 ;;
	reboot) touch "$root/reboot-asked" ;;
	esac
	;;
systemd-run)
	name='' after='' wait=''
	while [ $# -gt 0 ]; do
		case $1 in
		--unit=*) name=${1#--unit=} ;;
		--on-active=*) after=${1#--on-active=} after=${after%s} ;;
		--wait) wait=1 ;;
		-*) ;;
		*) break ;;
		esac
		shift
	done
	if [ -n "$after" ]; then
		# shellcheck disable=SC2016 # the inner shell's own
		setsid bash -c 'sleep "$1"; echo $$ >"$2.service"; shift 2; exec "$@"' "$name" "$after" "$units/$name" "$@" </dev/null >/dev/null 2>&1 &
		echo $! >"$units/$name.timer"
		exit 0
	fi
	setsid "$@" &
	pid=$!
	echo "$pid" >"$units/$name.service"
	[ -n "$wait" ] || exit 0
	code=0
	wait "$pid" || code=$?
	rm -f "$units/$name.service"
	exit "$code"
	;;
esac
