#!/bin/sh
# flake-swap.sh: takes a flake as a tar archive on stdin and puts it where FOLDER is, whole or not at all. Run as root.
# An archive that ends too early, or without a flake.nix, leaves FOLDER as it was. Between the two renames a power cut
# leaves it under FOLDER.old, from where the next run takes it; nothing reads it at boot.
#
# Usage: flake-swap.sh FOLDER
set -eu
folder=${1:?usage: flake-swap.sh FOLDER}
new=$folder.new
old=$folder.old

[ -e "$folder" ] || [ ! -e "$old" ] || mv "$old" "$folder"
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
[ ! -e "$folder" ] || mv "$folder" "$old"
mv "$new" "$folder"
sync
rm -rf "$old"
