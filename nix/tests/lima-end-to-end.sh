#!/bin/sh
# lima-end-to-end.sh: a real nixos-lima image in real Lima, brought to ascalon's system as a user would, and what is
# promised of it asked of the running guest. Wants limactl, QEMU with KVM, and the built command line; takes an hour.
#
# Usage: lima-end-to-end.sh [ASCALON]   ASCALON: the program, default `node dist/ascalon.mjs`
# shellcheck disable=SC2016 # variables in single quotes are for the shell of the guest
set -eux
ascalon=${1:-node dist/ascalon.mjs}
work=$(mktemp -d)
export ASCALON_CONFIG="$work/ascalon.yaml"

cat >"$ASCALON_CONFIG" <<END
vm: { cpus: 2, memory: 6GiB, disk: 40GiB, home: 4GiB }
mounts: [ { host: $PWD, writable: false } ]
END

# The command may be several words.
guest() { $ascalon shell -- "$@"; }

# The image's own system, which neither knows of the disk nor of the links.
$ascalon up
test "$(guest findmnt --noheadings --output LABEL /home)" = ascalon-home
guest sh -c 'test ! -e /run/ascalon-home.failed'
guest sh -c 'test -O /run/ascalon'
guest sh -c 'echo image >/home/dev/image.txt'

# A first flake, with ascalon as it is in this folder where `init` names what others can fetch.
$ascalon init "$work/flake"
mkdir "$work/flake/ascalon"
git ls-files -co --exclude-standard | tar -cf - -T - | tar -xf - -C "$work/flake/ascalon"
sed -i 's|^\( *ascalon\.url = \).*|\1"path:./ascalon";|' "$work/flake/flake.nix"
grep -q 'path:./ascalon' "$work/flake/flake.nix"

# By a restart that of the flake, which knows of the mount from the settings.
$ascalon config set system.flake "$work/flake"
$ascalon up
guest grep -x image /home/dev/image.txt
test -s "$work/flake/flake.lock"

guest sh -c 'grep -qx ID=nixos /etc/os-release'
guest sh -c 'test "$(hostname)" = ascalon'
guest sh -c 'test "$(whoami) $(id -u) $HOME" = "dev 1000 /home/dev"'
guest findmnt --noheadings --output LABEL /home
guest sh -c 'test ! -e /run/ascalon-home.failed'
guest systemctl is-active lima-init lima-guestagent
guest sh -c 'test -S /run/user/1000/wezterm/sock'
guest sh -c 'test "$SSH_AUTH_SOCK" = /run/ascalon/ssh-agent.sock'
guest ascalon-guest --help
guest findmnt "$PWD"

# A live switch leaves the host's folders mounted and the sessions alive; so does one made inside, as the documents say.
mux() { guest systemctl --user show --property=MainPID --value wezterm-daemon; }
before=$(mux)
cat >"$work/flake/guest.nix" <<END
{ environment.etc."end-to-end".text = "switched"; }
END
$ascalon rebuild
guest grep -x switched /etc/end-to-end
guest findmnt "$PWD"
guest sudo nixos-rebuild switch --flake path:/etc/nixos#ascalon
guest findmnt "$PWD"
test "$(mux)" = "$before"

# And the way back.
$ascalon rollback
guest test ! -e /etc/end-to-end
guest findmnt "$PWD"
test "$(mux)" = "$before"

# /home outlives the machine.
guest sh -c 'echo test >/home/dev/test.txt'
$ascalon destroy --yes
$ascalon up
guest grep -x test /home/dev/test.txt
$ascalon destroy --yes --with-home
