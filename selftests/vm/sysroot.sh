#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# sysroot.sh ARCH: print the directory with headers, libraries and programs of a foreign
# architecture, to build the command against and to run in the guest. The first call
# unpacks them from the first suite in suites[ARCH] that Debian's archive serves.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"

packages="bash busybox-static util-linux libc-bin libc6-dev libjansson-dev
	  libmnl-dev libzstd-dev libdw-dev libelf-dev"
# bookworm has no riscv64.
declare -A suites=([amd64]=bookworm [arm64]=bookworm [riscv64]="trixie sid")

# Absolute links must point below the sysroot.
links_relocate()
{
	find "$1" -type l -lname '/*' | while read -r link; do
		ln -sfn "$2$(readlink "$link")" "$link"
	done
}

sysroot_make()
{
	local arch=$1 dir=$2 final=$3 suite all

	for suite in ${suites[$arch]}; do
		(apt_root "$suite" "$arch") && break
		suite=
	done
	[ -n "$suite" ] || die "the archive serves none of ${suites[$arch]} for $arch"
	note "getting the libraries and programs of $suite for $arch from Debian's archive"
	apt_root "$suite" "$arch"
	# Several packages: split them into words.
	# shellcheck disable=SC2086
	mapfile -t all < <(apt_libraries $packages)
	apt_unpack "$dir" "${all[@]}"
	links_relocate "$dir" "$final"
	# Debian with merged /usr has these links.
	[ -e "$dir/lib" ] || ln -s usr/lib "$dir/lib"
	[ -e "$dir/bin" ] || ln -s usr/bin "$dir/bin"
	rm -rf "${dir:?}/usr/share/doc" "$dir/usr/share/man" "$dir/usr/share/locale"
}

arch=$(arch_debian "${1:?usage: sysroot.sh ARCH}")
# The cache key contains the list: an older sysroot lacks packages added later.
list=$(printf '%s' "$packages" | cksum)
name=sysroot/$arch-${list%% *}
cache_once "$name" sysroot_make "$arch"
echo "$VMWALK_CACHE/$name"
