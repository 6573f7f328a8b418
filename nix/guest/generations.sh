#!/bin/sh
# generations.sh: the systems that the guest can go back to, one a line, fields separated by tabs:
# number, seconds since 1970, version, kernel, store path, marks (current, next, booted, foreign; comma between). `foreign`:
# built without ascalon's modules, as the image's own system.
#
# For tests only: ASCALON_PROFILES (default /nix/var/nix/profiles), ASCALON_RUN_DIR (default /run).
set -eu
profiles=${ASCALON_PROFILES:-/nix/var/nix/profiles}
run_dir=${ASCALON_RUN_DIR:-/run}

current=$(readlink -f "$run_dir/current-system" 2>/dev/null || true)
booted=$(readlink -f "$run_dir/booted-system" 2>/dev/null || true)
next=$(readlink "$profiles/system" 2>/dev/null || true)

for link in "$profiles"/system-*-link; do
	[ -e "$link" ] || continue
	number=${link##*/system-}
	number=${number%-link}
	system=$(readlink -f "$link")
	version=$(cat "$system/nixos-version" 2>/dev/null || true)
	kernel=
	for modules in "$system"/kernel-modules/lib/modules/*; do
		[ ! -e "$modules" ] || kernel=${modules##*/}
	done
	marks=
	[ "$system" != "$current" ] || marks=current
	[ "${link##*/}" != "${next##*/}" ] || marks=$marks,next
	[ "$system" != "$booted" ] || marks=$marks,booted
	[ -e "$system/etc/ascalon/ascalon.json" ] || marks=$marks,foreign
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$number" "$(stat -c %Y "$link")" "$version" "$kernel" "$system" "${marks#,}"
done
