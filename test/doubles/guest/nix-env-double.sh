#!/bin/sh
# nix-env-double: profiles as nix-env keeps them: PROFILE is a link to PROFILE-N-link, that one to the store path.
# Usage: nix-env --profile PROFILE --set PATH | --switch-generation N
set -eu
[ "$1" = --profile ] || exit 1
profile=$2
turn_to() {
	ln -sfn "$(basename "$1")" "$profile.new"
	mv -fT "$profile.new" "$profile"
}
case $3 in
--set)
	[ -d "$4" ] || {
		echo "error: path '$4' does not exist" >&2
		exit 1
	}
	# The same path as now makes no new generation.
	[ "$(readlink -f "$profile" 2>/dev/null || true)" != "$(readlink -f "$4")" ] || exit 0
	last=0
	for link in "$profile"-*-link; do
		[ -L "$link" ] || continue
		number=${link#"$profile"-}
		number=${number%-link}
		[ "$number" -le "$last" ] || last=$number
	done
	ln -s "$4" "$profile-$((last + 1))-link"
	turn_to "$profile-$((last + 1))-link"
	;;
--switch-generation)
	[ -L "$profile-$4-link" ] || {
		echo "error: profile version $4 does not exist" >&2
		exit 1
	}
	echo "switching profile from version $(readlink "$profile" | sed 's/.*-\([0-9]*\)-link/\1/') to $4" >&2
	turn_to "$profile-$4-link"
	;;
esac
