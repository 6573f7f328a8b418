#!/bin/bash
# build.sh OUT: builds the stand-in guest into the folder OUT: disk.raw (no boot loader), vmlinux, initrd.
# Run as root on Debian or Ubuntu; `node tools/bed/main.mjs guest` does that, keeps the result, and knows when to build anew.
# Environment: SUITE (the Debian release), SOURCES (files of apt sources, one a line; none: mmdebstrap's own default),
# HOME_DISK (the script that prepares /home), BRIDGE_CLIENT (ascalon-guest.mjs, as built), DISK_SIZE.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
suite=${SUITE:-bookworm}
home_disk=${HOME_DISK:-$here/../../nix/guest/home-disk.sh}
bridge_client=${BRIDGE_CLIENT:-$here/../../dist/ascalon-guest.mjs}
disk_size=${DISK_SIZE:-3G}
root=$out/root
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
umask 022

listed() { sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$here/$1"; }

bootstrap() {
	local sources=() sign=()
	if [ -n "${SOURCES:-}" ]; then
		mapfile -t sources <<<"$SOURCES"
	else
		# A host that is no Debian trusts none of Debian's keys. mmdebstrap names the key itself only where it has gpg to compare.
		sign=(--setup-hook="sed -i 's|^deb \([^[]\)|deb [signed-by=$keyring] \1|' \"\$1/etc/apt/sources.list\"")
	fi
	# What no program reads is left out.
	# shellcheck disable=SC2016 # mmdebstrap gives a hook its folder as $1
	mmdebstrap --variant=minbase --mode=root --format=directory --quiet \
		--include="$(listed packages.txt | paste -sd,)" \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/info/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--dpkgopt='path-exclude=/usr/share/lintian/*' \
		--dpkgopt='path-exclude=/usr/share/bash-completion/*' \
		"${sign[@]}" \
		--setup-hook="mkdir -p '$root/kernel-package' && cp '$here/download-kernel' '$root/kernel-package/'" \
		--customize-hook='chroot "$1" sh /kernel-package/download-kernel' \
		"$suite" "$root" "${sources[@]}"
}

# QEMU starts an uncompressed x86 kernel at once, without firmware's help; unpacking takes an emulated processor 3 seconds.
# An arm64 image is not packed like this, and is taken as it is.
extract_kernel() {
	local offset
	offset=$(LC_ALL=C grep -abo -m 1 $'\xfd7zXZ' "$1" | head -n 1 | cut -d: -f1) || true
	# What follows the packed kernel is no part of it, about which xz complains.
	if [ "$(dpkg --print-architecture)" = amd64 ] && [ -n "$offset" ]; then
		tail -c +$((offset + 1)) "$1" | xz --decompress --stdout --single-stream >"$2" 2>/dev/null || true
		[ "$(head -c 4 "$2" | tail -c 3)" != ELF ] || return 0
	fi
	cp "$1" "$2"
}

lay_files() {
	cp -a --no-preserve=ownership "$here/files/." "$root/"
	install -m 0755 "$home_disk" "$root/usr/local/sbin/ascalon-home-disk"
	chmod 0755 "$root/usr/local/sbin/lima-init"
	mkdir -p "$root/mnt/lima-cidata"
	chmod 0700 "$root/mnt/lima-cidata"
	# Made here and not at boot, to save the time. The image is built where it is used and goes nowhere else.
	rm -f "$root"/etc/ssh/ssh_host_*
	ssh-keygen -q -t ed25519 -N '' -C stand-in -f "$root/etc/ssh/ssh_host_ed25519_key"
	# Empty: systemd fills it in at boot. Missing would mean a first boot, with a preset of all units.
	: >"$root/etc/machine-id"
	rm -f "$root/etc/resolv.conf" "$root/var/lib/dbus/machine-id"
}

# As NixOS does (nix/modules/links.nix), whatever a host allows: the host refuses the others by itself.
install_bridge() {
	local name words
	install -D -m 0755 "$bridge_client" "$root/usr/local/lib/ascalon/ascalon-guest.mjs"
	for name in op open xdg-open pbcopy pbpaste notify ascalon-guest; do
		words=$name
		[ "$name" != ascalon-guest ] || words=
		# shellcheck disable=SC2016 # for the guest's shell
		printf '#!/bin/sh\nexport ASCALON_NODE_OPTIONS="${NODE_OPTIONS-}" NODE_OPTIONS=\nexec node -- /usr/local/lib/ascalon/ascalon-guest.mjs%s "$@"\n' "${words:+ $words}" >"$root/usr/local/bin/$name"
		chmod 0755 "$root/usr/local/bin/$name"
	done
}

choose_units() {
	local unit generator
	mkdir -p "$root/etc/systemd/system-generators"
	for generator in $(listed masked-generators.txt); do ln -sf /dev/null "$root/etc/systemd/system-generators/$generator"; done
	for unit in $(listed masked-units.txt); do ln -sf /dev/null "$root/etc/systemd/system/$unit"; done
	# Not renamed: the initramfs has brought eth0 up, and what is up cannot be renamed.
	mkdir -p "$root/etc/systemd/network"
	ln -sf /dev/null "$root/etc/systemd/network/99-default.link"
	# The guest's own systemctl: a container has none.
	chroot "$root" systemctl --quiet set-default multi-user.target
	chroot "$root" systemctl --quiet enable ssh.service lima-init.service lima-guestagent.service root-grow.service
}

prune_modules() {
	local keep=() pattern
	while read -r pattern; do keep+=(! -path "*/kernel/$pattern"); done < <(listed kept-modules.txt)
	find "$root/lib/modules" -path '*/kernel/*' -type f "${keep[@]}" -delete
	find "$root/lib/modules" -type d -empty -delete
	chroot "$root" depmod "$kernel"
}

make_initrd() {
	local tree=$out/initrd.d module path
	mkdir -p "$tree"/{bin,dev,modules,root}
	cp "$root/bin/busybox" "$tree/bin/busybox"
	install -m 0755 "$here/initramfs-init" "$tree/init"
	for module in $(listed initramfs-modules.txt); do
		# -network- marks the place where the network comes up.
		case $module in -*) echo "$module" && continue ;; esac
		chroot "$root" modprobe -S "$kernel" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'
	done | awk '!seen[$0]++' | while read -r path; do
		[ ! -f "$root$path" ] || cp "$root$path" "$tree/modules/"
		echo "${path##*/}"
	done >"$out/order"
	mv "$out/order" "$tree/modules/order"
	# Not compressed: QEMU puts it into memory as it is, and the emulated processor is spared the work.
	(cd "$tree" && find . | "$root/bin/busybox" cpio -o -H newc) >"$out/initrd" 2>/dev/null
	rm -rf "$tree"
}

make_disk() {
	rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/tmp/*
	truncate -s "$disk_size" "$out/disk.raw"
	mke2fs -q -t ext4 -L root -m 1 -E lazy_itable_init=1,lazy_journal_init=1 -d "$root" "$out/disk.raw"
	rm -rf --one-file-system "$root"
}

mkdir -p "$out"
bootstrap
dpkg-deb --extract "$root"/kernel-package/*.deb "$out/kernel"
mv "$out/kernel/lib/modules" "$root/lib/modules"
kernel=$(cd "$root/lib/modules" && ls -d -- *)
extract_kernel "$out/kernel/boot/vmlinuz-$kernel" "$out/vmlinux"
rm -rf "$out/kernel" "$root/kernel-package"
lay_files
install_bridge
choose_units
prune_modules
make_initrd
make_disk
chmod -R a+rX "$out"
