#!/bin/sh
# lima-end-to-end.sh: a real nixos-lima image in real Lima, brought to ascalon's system, and what is promised of it asked
# of the running guest. Wants limactl, QEMU with KVM, Nix, and the built command line; takes half an hour.
#
# Usage: lima-end-to-end.sh [ASCALON]   ASCALON: the program, default `node dist/ascalon.mjs`
# shellcheck disable=SC2016 # variables in single quotes are for the shell of the guest
set -eux
ascalon=${1:-node dist/ascalon.mjs}
config=$(mktemp -d)
export ASCALON_CONFIG="$config/ascalon.yaml"

cat >"$ASCALON_CONFIG" <<EOF
vm: { cpus: 2, memory: 10GiB, disk: 40GiB, home: 4GiB }
mounts: [ { host: $PWD, writable: false } ]
EOF

# The command may be several words.
guest() { $ascalon shell -- "$@"; }

$ascalon up
guest sh -c 'grep -qx ID=nixos /etc/os-release'

# The flake goes in as a copy, and the first switch is a boot: the running system is the image's.
name="ascalon-$(uname -m)"
[ "$name" = ascalon-x86_64 ] || name=ascalon
git ls-files -co --exclude-standard | tar -cf "$config/flake.tar" -T -
limactl copy "$config/flake.tar" ascalon:/tmp/flake.tar
guest sudo sh -c 'rm -rf /etc/nixos && mkdir -p /etc/nixos && tar -xf /tmp/flake.tar -C /etc/nixos'
guest sudo nixos-rebuild boot --flake "path:/etc/nixos#$name"
$ascalon restart

guest sh -c 'test "$(hostname)" = ascalon'
guest sh -c 'test "$(whoami) $(id -u) $HOME" = "dev 1000 /home/dev"'
guest findmnt --noheadings --output LABEL /home
guest sh -c 'test ! -e /run/ascalon-home.failed'
guest systemctl is-active lima-init lima-guestagent
guest sh -c 'test -S /run/user/1000/wezterm/sock'
guest sh -c 'test "$SSH_AUTH_SOCK" = /run/ascalon/ssh-agent.sock'
guest findmnt "$PWD"

# A switch inside, as the documents say, leaves the host's folders mounted and the sessions alive.
before=$(guest systemctl --user show --property=MainPID --value wezterm-daemon)
guest sudo nixos-rebuild switch --flake "path:/etc/nixos#$name"
guest findmnt "$PWD"
test "$(guest systemctl --user show --property=MainPID --value wezterm-daemon)" = "$before"

# /home outlives the machine.
guest sh -c 'echo test >/home/dev/test.txt'
$ascalon destroy --yes
$ascalon up
guest sudo cat /home/dev/test.txt || {
	# The fresh image does not mount /home by itself; it does from the first switch on.
	limactl copy "$config/flake.tar" ascalon:/tmp/flake.tar
	guest sudo sh -c 'rm -rf /etc/nixos && mkdir -p /etc/nixos && tar -xf /tmp/flake.tar -C /etc/nixos'
	guest sudo nixos-rebuild boot --flake "path:/etc/nixos#$name"
	$ascalon restart
	guest grep -x test /home/dev/test.txt
}
$ascalon destroy --yes --with-home
