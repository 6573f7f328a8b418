#!/bin/sh
# switch-to-configuration-double: lies in SYSTEM/bin, as the real one does, and does to the machine what SYSTEM/behaviour
# says: `switch-fails` (the activation does: code 2), `switch-inhibited`, `switch-hangs` (after the activation),
# `switch-waits` (before it, for run/double-go; says so by run/double-waits),
# `unit-fails=NAME` (code 4, also when it failed before), `cuts-network` (no new connection), `cuts-connections` (nor the ones that stand), `loses-home`, `mux-waits`, `no-mux`, `loses-link=NAME`.
# Without any it is a good system. One at a time: the lock is the real one's.
# ASCALON_DOUBLE_ROOT: a folder that stands for / (default: none).
set -eu
# The real one knows its programs by their store paths.
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
system=$(dirname "$(dirname "$(readlink -f "$0")")")
root=${ASCALON_DOUBLE_ROOT:-}
behaviour=$(cat "$system/behaviour" 2>/dev/null || true)
line='
'
# What a shell can do by itself costs no process.
has() { case $line$behaviour$line in *"$line$1$line"*) ;; *) return 1 ;; esac }
echo "$1 $system" >>"$root/run/ascalon-double.log"

mkdir -p "$root/run/nixos" "$root/boot"
exec 9>"$root/run/nixos/switch-to-configuration.lock"
flock -n 9 || {
	echo 'Could not acquire lock' >&2
	exit 1
}

case $1 in
boot)
	ln -sfn "$system" "$root/boot/default.new"
	mv -fT "$root/boot/default.new" "$root/boot/default"
	echo 'updating GRUB 2 menu...' >&2
	;;
test)
	# With "done" it is said at each switch.
	echo 'Checking switch inhibitors...' >&2
	if has switch-waits; then
		touch "$root/run/double-waits"
		until [ -e "$root/run/double-go" ]; do sleep 0.1; done
	fi
	echo 'activating the configuration...' >&2
	ln -sfn "$system" "$root/run/current-system.new"
	mv -fT "$root/run/current-system.new" "$root/run/current-system"
	# What /etc/static leads to on NixOS.
	mkdir -p "$root/etc/ascalon"
	rm -f "$root/etc/ascalon/ascalon.json"
	[ ! -e "$system/etc/ascalon/ascalon.json" ] || cp "$system/etc/ascalon/ascalon.json" "$root/etc/ascalon/ascalon.json"
	rm -f "$root/run/double-home-lost"
	! has loses-home || touch "$root/run/double-home-lost"
	sed -n 's/^loses-link=//p' "$system/behaviour" >"$root/run/double-lost-links"
	rm -f "$root/run/double-mux-state" "$root/run/double-no-mux"
	! has no-mux || touch "$root/run/double-no-mux"
	! has mux-waits || echo start-post >"$root/run/double-mux-state"
	if [ -n "$root" ]; then
		rm -f "$root/network-gone" "$root/connections-gone"
		! has cuts-network || touch "$root/network-gone"
		if has cuts-connections; then
			touch "$root/network-gone" "$root/connections-gone"
			# It is the connection that ends, and not the switch, unless that writes into it.
			sleep 1
			echo 'setting up tmpfiles' >&2
		fi
		sed -n 's/^unit-fails=//p' "$system/behaviour" >"$root/run/failed-units"
	else
		systemctl start ssh.service
		systemctl stop ascalon-double-unit.service 2>/dev/null || true
		systemctl reset-failed ascalon-double-unit.service 2>/dev/null || true
		! grep -q '^unit-fails=' "$system/behaviour" || systemd-run --quiet --unit=ascalon-double-unit false
		# Connections that stand go on, as they do when only new ones are refused: that the host must notice too.
		! has cuts-network || systemctl stop ssh.service
	fi
	! has switch-hangs || sleep 1000 9>&-
	if has switch-inhibited; then
		echo 'There are changes to critical components of the system: dbus-implementation: switch inhibited' >&2
		exit 1
	fi
	if has switch-fails; then
		echo 'Activation script snippet '\''users'\'' failed (1)' >&2
		exit 2
	fi
	# Targets are started again, with each unit that they want and that is not active, this one in a system that is new.
	timer=$root/var/lib/ascalon/rollback/rollback-timer.sh
	[ ! -e "$timer" ] || sh "$timer" resume
	failed=$(sed -n 's/^unit-fails=//p' "$system/behaviour")
	if [ -n "$failed" ]; then
		echo "warning: the following units failed: $failed" >&2
		exit 4
	fi
	;;
*)
	echo "Usage: $0 [switch|boot|test|dry-activate]" >&2
	exit 1
	;;
esac
