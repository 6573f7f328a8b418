#!/bin/sh
# flake-swap.sh: puts a flake where FOLDER is, whole or not at all. Run as root.
# An archive that ends too early, or without a flake.nix, leaves FOLDER as it was. Between the two renames a power cut
# leaves it under FOLDER.old, from where the next run takes it; nothing reads it at boot.
#
# Usage: flake-swap.sh FOLDER                     the flake comes as a tar archive on stdin
#        flake-swap.sh FOLDER keep TRIED SYSTEM   it is the one at TRIED, which SYSTEM was built from: that is kept as well
#        flake-swap.sh FOLDER back SYSTEM         it is what SYSTEM was built from; ends with 3 when nobody kept that
# For tests only: ASCALON_FLAKES (default /var/lib/ascalon/flakes), ASCALON_PROFILES (default /nix/var/nix/profiles).
set -eu
folder=${1:?usage: flake-swap.sh FOLDER [keep TRIED SYSTEM | back SYSTEM]}
new=$folder.new
old=$folder.old
flakes=${ASCALON_FLAKES:-/var/lib/ascalon/flakes}
profiles=${ASCALON_PROFILES:-/nix/var/nix/profiles}

# A symlink to nothing too, which a folder cannot take the place of.
is_there() { [ -e "$folder" ] || [ -L "$folder" ]; }

# The archive on stdin becomes FOLDER.
swap() {
	is_there || [ ! -e "$old" ] || mv "$old" "$folder"
	rm -rf "$new" "$old"
	mkdir -p "$new"
	trap 'rm -rf "$new"' EXIT
	tar -xf - -C "$new"
	[ -f "$new/flake.nix" ] || {
		echo 'flake-swap: the archive has no flake.nix' >&2
		exit 1
	}
	chmod 755 "$new"
	sync
	! is_there || mv "$folder" "$old"
	mv "$new" "$folder"
	sync
	rm -rf "$old"
}

archive_of() { printf '%s/%s.tar\n' "$flakes" "${1##*/}"; }

# Of systems that no generation is any more.
forget_others() {
	for archive in "$flakes"/*.tar; do
		[ "$archive" != "$1" ] || continue
		for link in "$profiles"/system-*-link; do
			[ "$archive" != "$(archive_of "$(readlink -f "$link")")" ] || continue 2
		done
		rm -f "$archive"
	done
}

case ${2:-} in
'')
	swap
	;;
keep)
	tried=${3:?usage: flake-swap.sh FOLDER keep TRIED SYSTEM}
	archive=$(archive_of "${4:?usage: flake-swap.sh FOLDER keep TRIED SYSTEM}")
	mkdir -p "$flakes"
	tar -cf "$archive.new" -C "$tried" .
	mv "$archive.new" "$archive"
	swap <"$archive"
	forget_others "$archive"
	;;
back)
	archive=$(archive_of "${3:?usage: flake-swap.sh FOLDER back SYSTEM}")
	[ -f "$archive" ] || exit 3
	swap <"$archive"
	;;
*)
	sed -n 's/^# \(Usage:.*\)/\1/p; s/^#        \(flake-swap.*\)/       \1/p' "$0" >&2
	exit 2
	;;
esac
