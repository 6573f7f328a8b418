#!/bin/sh
# rollback-timer.sh: brings the guest back to the system it ran before, unless somebody says in time that all is well.
# Armed by the host before a switch; what it needs then is in the guest, so it fires also when the network is gone.
#
# Usage: rollback-timer.sh arm PREVIOUS SECONDS   PREVIOUS: store path of the system to come back to
#        rollback-timer.sh confirm                all is well: the timer is taken away; ends with 3 when it has fired
#        rollback-timer.sh now                    come back now; waits for it, ends with its exit code
#        rollback-timer.sh fire                   what the timer runs
#        rollback-timer.sh resume                 at boot: a switch was never confirmed, so its time runs anew
#        rollback-timer.sh status                 one line: none | armed PREVIOUS SECONDS | fired PREVIOUS CODE
# A live switch is `switch-to-configuration test` in the unit ascalon-switch; the new system becomes the default of the
# next start only after `confirm`, so a power cut in between comes back by itself. A system that only the next start
# brings is made the default after `arm`: it runs `resume`, and unconfirmed it goes back by another start.
# For tests only: ASCALON_STATE (default /var/lib/ascalon/rollback), ASCALON_PROFILE, ASCALON_RUN_DIR (default /run),
# ASCALON_GCROOTS, ASCALON_BOOT_ID.
set -eu
state=${ASCALON_STATE:-/var/lib/ascalon/rollback}
profile=${ASCALON_PROFILE:-/nix/var/nix/profiles/system}
run_dir=${ASCALON_RUN_DIR:-/run}
gcroots=${ASCALON_GCROOTS:-/nix/var/nix/gcroots}
boot_id=${ASCALON_BOOT_ID:-/proc/sys/kernel/random/boot_id}
unit=ascalon-rollback

# The timer's unit has no PATH but systemd's own on NixOS.
PATH=$PATH:$run_dir/current-system/sw/bin:$profile/sw/bin
export PATH

say() { printf 'rollback-timer: %s\n' "$*" >&2; }

booted_previous() { [ "$(readlink -f "$run_dir/booted-system")" = "$(readlink -f "$state/previous")" ]; }

# The machine was not restarted since `arm`, whatever it was started with: live switches may have followed that.
same_start() { [ "$(cat "$boot_id")" = "$(cat "$state/boot-id")" ]; }

# The next start brings the previous system as well, when something has already made it bring another.
restore_default() {
	[ "$(readlink -f "$profile")" != "$(readlink -f "$previous")" ] || return 0
	nix-env --profile "$profile" --set "$previous" && "$previous/bin/switch-to-configuration" boot
}

start_timer() {
	systemctl stop "$unit.timer" "$unit.service" 2>/dev/null || true
	systemctl reset-failed "$unit.service" 2>/dev/null || true
	systemd-run --quiet --unit="$unit" --on-active="${1}s" --timer-property=AccuracySec=1s \
		--description='ascalon: back to the previous system' /bin/sh "$state/rollback-timer.sh" fire
}

case ${1:-} in
arm)
	previous=${2:?usage: rollback-timer.sh arm PREVIOUS SECONDS}
	seconds=${3:?usage: rollback-timer.sh arm PREVIOUS SECONDS}
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
	printf '%s\n' "$seconds" >"$state/armed.new"
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
	printf '%s\n' "$code" >"$state/fired"
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
		printf '0\n' >"$state/fired"
		rm -f "$state/armed"
	else
		start_timer "$(cat "$state/armed")"
	fi
	;;
status)
	if [ -e "$state/armed" ]; then
		printf 'armed %s %s\n' "$(readlink "$state/previous")" "$(cat "$state/armed")"
	elif [ -e "$state/fired" ]; then
		printf 'fired %s %s\n' "$(readlink "$state/previous")" "$(cat "$state/fired")"
	else
		echo none
	fi
	;;
*)
	sed -n 's/^# \(Usage:.*\)/\1/p; s/^#        \(rollback-timer.*\)/       \1/p' "$0" >&2
	exit 2
	;;
esac
