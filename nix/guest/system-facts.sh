#!/bin/sh
# system-facts.sh: what the host must know of the guest before and after its system changes. One fact a line: a word,
# a space, the value. `failed` and `file` may come more than once. Run as the guest's user.
#
# Usage: system-facts.sh [FOLDER]   FOLDER: the flake whose files are listed, each with its digest
# For tests only: ASCALON_RUN_DIR (default /run), ASCALON_ETC (default /etc).
set -eu
folder=${1:-}
run_dir=${ASCALON_RUN_DIR:-/run}
etc=${ASCALON_ETC:-/etc}
XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
export XDG_RUNTIME_DIR

echo "os $(sed -n 's/^ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$etc/os-release" 2>/dev/null)"
echo "host $(cat /proc/sys/kernel/hostname)"
echo "system $(readlink -f "$run_dir/current-system" 2>/dev/null || true)"
if [ -e "$etc/ascalon/ascalon.json" ]; then
	echo 'ascalon yes'
	echo "settings $(tr -d '\n' <"$etc/ascalon/ascalon.json")"
else
	echo 'ascalon no'
fi
if [ -e "$run_dir/ascalon-home.failed" ]; then
	echo "home failed: $(head -n 1 "$run_dir/ascalon-home.failed")"
elif mountpoint -q /home; then
	echo 'home mounted'
else
	echo 'home unmounted'
fi
nix=/nix
[ -d "$nix" ] || nix=/
echo "free $(df -Pk "$nix" | awk 'NR == 2 { printf "%.0f", $4 * 1024 }')"
systemctl --user show --property=LoadState,SubState wezterm-daemon.service 2>/dev/null |
	sed -n 's/^LoadState=/mux-unit /p; s/^SubState=/mux-state /p'
echo "switch $(systemctl is-active ascalon-switch.service 2>/dev/null || true)"
systemctl list-units --failed --plain --no-legend --no-pager 2>/dev/null | awk '{ print "failed " $1 }'
systemctl --user list-units --failed --plain --no-legend --no-pager 2>/dev/null | awk '{ print "failed user:" $1 }'
[ ! -d "$folder" ] || (cd "$folder" && find . -type f -exec sha256sum {} + | sed 's/^\([0-9a-f]*\) [ *]\.\//file \1 /')
