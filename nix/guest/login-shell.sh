#!/bin/sh
# login-shell.sh: sees to it that the user's login shell runs what ssh brings. sshd starts it as `SHELL -c COMMAND`, and bash,
# zsh and fish then read a file of the user's first. If that one exits, hangs or starts another program, nobody gets in any
# more: neither a person, nor Lima, which would wait for the end of this boot for ever. Then it is renamed, and can be mended.
# Lima runs this as root at each start, when /home is there and before the VM counts as ready.
#
# Usage: login-shell.sh
# Leaves one line in RUN_DIR/ascalon-login, unless all is well:
#   renamed CODE OLD NEW   logins ended with CODE (124: not within a minute) and do not now
#   unheard FILE           FILE lets them end with 0, but nothing that ssh brings is run: people get in, so it is left alone
#   locked CODE            logins end with CODE for another reason; nothing was changed
# For tests only: ASCALON_LIMA_ENV, ASCALON_RUN_DIR (default /run), ASCALON_PASSWD, ASCALON_PATIENCE (seconds),
# ASCALON_PAUSE (seconds)
set -eu
lima_env=${ASCALON_LIMA_ENV:-/mnt/lima-cidata/lima.env}
run_dir=${ASCALON_RUN_DIR:-/run}
report=$run_dir/ascalon-login
said=$run_dir/ascalon-login.said
empty=$run_dir/ascalon-login.home

rm -f "$report"
# lima.env is data and not shell. Builtins, because each program that is started makes every boot longer.
user=
while IFS='=' read -r name value; do
	[ "$name" != LIMA_CIDATA_USER ] || user=$value
done <"$lima_env"
shell=
while IFS=: read -r name _ uid gid _ home login; do
	[ "$name" != "$user" ] || shell=$login
	[ -z "$shell" ] || break
done <"${ASCALON_PASSWD:-/etc/passwd}"
[ -n "$shell" ] || exit 0

# runs HOME: whether the shell runs a command as sshd gives it one. Not through a pipe: what a startup file leaves in the
# background would keep it open.
runs() {
	code=0
	timeout -k 5 "${ASCALON_PATIENCE:-60}" setpriv --reuid="$uid" --regid="$gid" --init-groups \
		env -i HOME="$1" USER="$user" LOGNAME="$user" SHELL="$shell" PATH="$PATH" XDG_RUNTIME_DIR="/run/user/$uid" \
		SSH_CLIENT='127.0.0.1 1 22' SSH_CONNECTION='127.0.0.1 1 127.0.0.1 22' \
		"$shell" -c 'echo the-login-shell-runs-this' <"/dev/null" >"$said" 2>/dev/null || code=$?
	while read -r line; do
		[ "$line" != the-login-shell-runs-this ] || return 0
	done <"$said"
	return 1
}

tell() {
	printf '%s\n' "$*" >"$report"
	echo "login-shell: $*" >&2
}

cd /
trap 'rm -f "$said"; rm -rf "$empty"' EXIT
runs "$home" && exit 0
# At a boot not everything is there at once that a startup file may look for.
sleep "${ASCALON_PAUSE:-5}"
runs "$home" && exit 0
first=$code

file=
case ${shell##*/} in
bash) file=$home/.bashrc ;;
zsh) file=$home/.zshenv ;;
fish) file=$home/.config/fish/config.fish ;;
esac
mkdir -p "$empty"
if [ -z "$file" ] || [ ! -f "$file" ] || ! runs "$empty"; then
	tell "locked $first"
elif [ "$first" = 0 ]; then
	tell "unheard $file"
else
	count=1
	while [ -e "$file.aside-$count" ] || [ -L "$file.aside-$count" ]; do count=$((count + 1)); done
	mv "$file" "$file.aside-$count"
	if runs "$home"; then
		tell "renamed $first $file $file.aside-$count"
	else
		mv "$file.aside-$count" "$file"
		tell "locked $first"
	fi
fi
