#!/bin/sh
# installed-programs.sh: which programs of a profile are those of the packages that were meant. For each pair two words on
# a line, the file behind the profile's program and the file behind the package's own; `-` where there is none.
#
# Usage: installed-programs.sh PROFILE [PROGRAM PACKAGE]...
set -eu
profile=$1
shift
while [ $# -ge 2 ]; do
	found=$(readlink -e -- "$profile/bin/$1" || echo -)
	meant=$(readlink -e -- "$2/bin/$1" || echo -)
	echo "$found $meant"
	shift 2
done
