#!/bin/sh
# closure.sh: builds the guest and fails when it has grown past a bound, or when something large would have to be built
# from source because a cache lacks it. Twenty hours of compiling begin with one unnoticed line.
#
# Usage: closure.sh CONFIGURATION MAX_MIB
set -eu
configuration=${1:?usage: closure.sh CONFIGURATION MAX_MIB}
bound=${2:?usage: closure.sh CONFIGURATION MAX_MIB}
toplevel=".#nixosConfigurations.$configuration.config.system.build.toplevel"

# What takes long: a compiler, a browser engine, a kernel, a desktop's libraries, WezTerm itself. Whole names, because
# small things that every system builds by itself have such a name in theirs: initrd-linux-6.18.3.drv.
name='gcc|clang|llvm|rustc|ghc|go|nodejs(-slim)?|linux|webkitgtk|gtk[+]3|gtk4|qtbase|chromium|electron|wezterm'
version='[0-9][0-9.]*(-unstable-[0-9-]+)?([+][^-]*)?'
heavy="/[0-9a-z]{32}-($name)-$version\.drv\$"
plan=$(nix build --dry-run "$toplevel" 2>&1) || {
	printf '%s\n' "$plan" >&2
	exit 1
}
if printf '%s\n' "$plan" | sed -n '/will be built/,/will be fetched/p' | grep -E -- "$heavy"; then
	echo "closure.sh: the packages above would be built from source" >&2
	exit 1
fi

nix build --out-link result-toplevel "$toplevel"
bytes=$(nix path-info --closure-size ./result-toplevel | awk '{ print $2 }')
mebibytes=$((bytes / 1048576))
echo "closure of $configuration: $mebibytes MiB (at most $bound)"
[ "$mebibytes" -le "$bound" ] || {
	echo "closure.sh: the closure has outgrown its bound. Largest parts:" >&2
	nix path-info --recursive --size ./result-toplevel | sort -k2 -n -r | head -20 >&2
	exit 1
}
