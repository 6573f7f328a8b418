#!/bin/sh
# nix-double: `nix build`, `nix path-info` and `nix flake update` where Nix cannot be had, in the words and with the
# exit codes of Nix 2.28. A flake is what its guest.nix says in lines `# double: WORD`, its inputs are the lines
# `inputs.NAME.url =` or `NAME.url =` of flake.nix; the same files are the same store path, and a system was told what
# ascalon.json says.
# Words: `error` (cannot be evaluated), `breaks` (cannot be built), `fills-disk`, `builds=NAME`, `fetch=MIB`; the rest is for
# switch-to-configuration-double.
# ASCALON_DOUBLE_ROOT: a folder that stands for / (default: none).
set -eu
root=${ASCALON_DOUBLE_ROOT:-}
here=$(dirname "$(readlink -f "$0")")

while [ $# -gt 0 ]; do
	case $1 in --extra-experimental-features) shift 2 ;; *) break ;; esac
done

words() { sed -n 's/^ *# double: *//p' "$folder/guest.nix" 2>/dev/null; }
line='
'
# Of what `words` said once: it is asked often, and each pipe is two processes.
has() { case $line$known_words$line in *"$line$1$line"*) ;; *) return 1 ;; esac }

digest() {
	(cd "$folder" && find . -type f ! -name flake.lock | sort | xargs cat | sha256sum | cut -c1-32)
}

inputs() { sed -n 's/^ *\(inputs\.\)\{0,1\}\([A-Za-z0-9_-]*\)\.url .*/\2/p' "$folder/flake.nix"; }

# $1: the inputs that were updated.
write_lock() {
	names=$(inputs | sed 's/.*/"&": "&"/' | paste -sd , -)
	nodes=$(inputs | sed 's/.*/, "&": { "locked": {}, "original": {} }/')
	printf '{ "nodes": { "root": { "inputs": { %s } }%s }, "root": "root", "version": 7%s }\n' \
		"$names" "$nodes" "${1:+, \"updated\": \"$1\"}" >"$folder/flake.lock"
}

# What is there is kept, but for inputs that it lacks.
lock() {
	[ -e "$folder/flake.lock" ] || write_lock ''
	added=''
	for name in $(inputs); do
		grep -qF "\"$name\": \"$name\"" "$folder/flake.lock" || added="$added $name"
	done
	[ -n "$added" ] || return 0
	write_lock ''
	echo "warning: updating lock file \"$folder/flake.lock\":" >&2
	for name in $added; do printf "• Added input '%s':\n    'github:double/%s/0123456' (2026-06-01)\n" "$name" "$name" >&2; done
}

case $1 in
build)
	shift
	dry='' link='' print=''
	while [ $# -gt 0 ]; do
		case $1 in
		--dry-run) dry=1 ;;
		--out-link) link=$2 && shift ;;
		--print-out-paths) print=1 ;;
		*) reference=$1 ;;
		esac
		shift
	done
	folder=${reference#path:}
	folder=${folder%%#*}
	[ -f "$folder/flake.nix" ] || {
		echo "error: path '$folder' does not contain a 'flake.nix'" >&2
		exit 1
	}
	known_words=$(words || true)
	if has error; then
		printf 'error:\n       … while evaluating the attribute config.system.build.toplevel\n       error: undefined variable pkgz\n' >&2
		exit 1
	fi
	lock
	digest=$(digest)
	path=/nix/store/$digest-nixos-system-ascalon-26.05
	if [ -n "$dry" ]; then
		[ -e "$root$path" ] || {
			echo 'these derivations will be built:' | sed "s/these/these $(($(words | grep -c '^builds=' || true) + 1))/" >&2
			words | sed -n "s|^builds=|  /nix/store/$digest-|p" | sed 's/$/.drv/' >&2
			echo "  $path.drv" >&2
			fetch=$(words | sed -n 's/^fetch=//p')
			[ -z "$fetch" ] || printf 'these 1 paths will be fetched (%s MiB download, %s MiB unpacked):\n  /nix/store/%s-fetched-1.0\n' "$fetch" "$fetch" "$digest" >&2
		}
		exit 0
	fi
	echo "building '$path.drv'..." >&2
	if has fills-disk; then
		echo "error: writing to file '$path': No space left on device" >&2
		exit 1
	fi
	if has breaks; then
		printf "error: builder for '%s.drv' failed with exit code 2;\n       last 1 log lines:\n       > make: *** [Makefile:2: all] Error 2\n" "$path" >&2
		exit 1
	fi
	if [ ! -e "$root$path" ]; then
		mkdir -p "$root$path.part/bin" "$root$path.part/sw" "$root$path.part/etc/ascalon"
		cp "$folder/ascalon.json" "$root$path.part/etc/ascalon/ascalon.json"
		ln -s "$here/tools" "$root$path.part/sw/bin"
		cp "$here/switch-to-configuration-double.sh" "$root$path.part/bin/switch-to-configuration"
		chmod 755 "$root$path.part/bin/switch-to-configuration"
		words >"$root$path.part/behaviour"
		echo 26.05 >"$root$path.part/nixos-version"
		mv "$root$path.part" "$root$path"
	fi
	[ -z "$link" ] || ln -sfn "$root$path" "$link"
	[ -z "$print" ] || echo "$root$path"
	;;
path-info)
	shift
	for path; do
		case $path in -*) ;; *) printf '%s\t%s\n' "$path" "$(($(wc -c <"$path/behaviour") * 1048576 + 1073741824))" ;; esac
	done
	;;
flake)
	for folder; do :; done
	folder=${folder#path:}
	shift 2
	asked='' known='' unknown=''
	while [ "$1" != --flake ]; do
		asked=1
		if inputs | grep -qx -- "$1"; then known="$known $1"; else unknown="$unknown $1"; fi
		shift
	done
	[ -n "$asked" ] || known=$(inputs | paste -sd ' ' -)
	# Only a warning, and all else goes on.
	for name in $unknown; do echo "warning: '$name' does not match any input of this flake" >&2; done
	[ -z "$known" ] || {
		echo "warning: updating lock file \"$folder/flake.lock\":" >&2
		for name in $known; do
			printf "• Updated input '%s':\n    'github:double/%s/old' (2026-06-01)\n  → 'github:double/%s/new' (2026-07-01)\n" "$name" "$name" "$name" >&2
		done
	}
	write_lock "${known# }"
	;;
*)
	echo "error: '$1' is not a recognised command" >&2
	exit 1
	;;
esac
