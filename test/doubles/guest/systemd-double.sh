#!/bin/bash
# systemd-double: `systemctl`, `systemd-run`, `journalctl` and `mountpoint` of a machine that is a folder,
# ASCALON_DOUBLE_ROOT; which one is told by the name it is called by. Units are process groups, their leaders' pids in
# ROOT/run/units; as on NixOS they have no program on PATH but systemd's own. What they say is in ROOT/run/journal.
set -eu
PATH=$PATH:/usr/bin:/bin
root=$ASCALON_DOUBLE_ROOT
units=$root/run/units
journal=$root/run/journal
# It is called a thousand times in the suite: what bash can do by itself costs no process.
[ -d "$units" ] || mkdir -p "$units"
: >>"$journal"
unit_path=$root/systemd/bin

leader() { read -r pid 2>/dev/null <"$units/$1" || pid=0; }
lives() { [ -e "$units/$1" ] && leader "$1" && [ "$pid" -gt 0 ] && kill -0 "$pid" 2>/dev/null; }

case ${0##*/} in
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
				kill -TERM -- "-$pid" 2>/dev/null || true
				sleep 0.1
				kill -KILL -- "-$pid" 2>/dev/null || true
			fi
			rm -f "$units/$name"
		done
		;;
	is-active) if lives "$2"; then echo active; else echo inactive && exit 3; fi ;;
	list-units) [ ! -e "$root/run/failed-units" ] || sed 's/$/ loaded failed failed Of the double/' "$root/run/failed-units" ;;
	--user)
		if [ "$2" = show ] && [ -e "$root/run/double-no-mux" ]; then
			printf 'LoadState=not-found\nSubState=dead\n'
		elif [ "$2" = show ]; then
			printf 'LoadState=loaded\nSubState=%s\n' "$(cat "$root/run/double-mux-state" 2>/dev/null || echo running)"
		fi
		;;
	reboot) touch "$root/reboot-asked" ;;
	esac
	;;
journalctl)
	case " $* " in
	*' --sync '*) ;;
	*' --follow '*) exec tail -f -n 0 "$journal" ;;
	*) cat "$journal" ;;
	esac
	;;
systemd-run)
	name='' after='' wait=''
	while [ $# -gt 0 ]; do
		case $1 in
		--unit=*) name=${1#--unit=} ;;
		--on-active=*) after=${1#--on-active=} after=${after%s} ;;
		--wait) wait=1 ;;
		--setenv=PATH=*) unit_path=${1#--setenv=PATH=} ;;
		-*) ;;
		*) break ;;
		esac
		shift
	done
	if [ -n "$after" ]; then
		# shellcheck disable=SC2016 # the inner shell's own
		setsid bash -c 'sleep "$1"; echo $$ >"$2.service"; PATH=$3; shift 3; exec "$@"' "$name" "$after" "$units/$name" "$unit_path" "$@" </dev/null >>"$journal" 2>&1 &
		echo $! >"$units/$name.timer"
		exit 0
	fi
	: >"$journal"
	PATH=$unit_path /usr/bin/setsid "$@" </dev/null >>"$journal" 2>&1 &
	pid=$!
	echo "$pid" >"$units/$name.service"
	[ -n "$wait" ] || exit 0
	code=0
	wait "$pid" || code=$?
	rm -f "$units/$name.service"
	exit "$code"
	;;
esac
