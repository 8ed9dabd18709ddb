#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh KERNEL [ARCH]: build everything that a VM with this kernel needs, and print
# the directory with it: initramfs.cpio, vmwalk.ko, arch, and kernel, a link to the
# kernel's directory. Results for a foreign architecture are in build/ARCH; they are
# cross-compiled against a sysroot. Compiler output goes to stderr. MODULE_ARGUMENTS are
# passed to the make of the module.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"
top=$(readlink -f "$here/../..")
arch=$(arch_debian "${2:-amd64}")
build=$(arch_build "$arch" "$top/build")

# The guest gets the C library of the sysroot. The cross compiler has its own, perhaps of
# another version: the sysroot's must come first.
library_arguments()
{
	local triplet=${cross%-} lib

	[ -n "$cross" ] || return 0
	lib=$sysroot/usr/lib/$triplet
	cat <<-ARGUMENTS
	CC=${cross}gcc --sysroot=$sysroot -isystem $sysroot/usr/include/$triplet -isystem $sysroot/usr/include -B$lib -L$lib -Wl,-rpath-link,$lib:$sysroot/lib/$triplet
	CROSS_COMPILE=$cross
	PKG_CONFIG=env PKG_CONFIG_SYSROOT_DIR=$sysroot PKG_CONFIG_LIBDIR=$lib/pkgconfig:$sysroot/usr/share/pkgconfig pkg-config
	ARGUMENTS
}

# Static tests use the cross compiler's own C library, and only zstd of the sysroot:
# -idirafter keeps the C library's headers in the sysroot behind the compiler's.
static_arguments()
{
	[ -n "$cross" ] || return 0
	cat <<-ARGUMENTS
	CC=${cross}gcc
	ZSTD_CFLAGS=-idirafter $sysroot/usr/include
	ZSTD_LIBS=$sysroot/usr/lib/${cross%-}/libzstd.a
	ARGUMENTS
}

# The command, the lessons and jsoncheck use the sysroot's libraries. The guest's other
# programs are static and use the compiler's own C library, since its linker may not
# support a newer one. Tests that need no VM are only built for, and run on, the host.
programs_build()
{
	local arguments own part=all

	[ -z "$cross" ] || part=guest
	mapfile -t arguments < <(library_arguments)
	mapfile -t own < <(static_arguments)
	make -s -j"$(nproc)" -C "$top/tools" all OUT="$build/tools" "${arguments[@]}"
	make -s -j"$(nproc)" -C "$top/selftests" "$part" BUILD="$build/selftests" "${own[@]}" \
		KSFT="$source/tools/testing/selftests"
	make -s -C "$top/selftests" jsoncheck BUILD="$build/selftests" \
		KSFT="$source/tools/testing/selftests" "${arguments[@]}"
	make -s -C "$here" guest BUILD="$build/vm" ${cross:+"CC=${cross}gcc"}
	make -s -C "$here" host BUILD="$top/build/vm"
}

kernel=$("$here/kernel.sh" "$1" "$arch")
out=$build/$(cat "$kernel/release")
cross=$(arch_cross "$arch") sysroot=
[ -z "$cross" ] || sysroot=$("$here/sysroot.sh" "$arch")
mkdir -p "$build/vm" "$out" "$top/build/vm"

# Another build.sh may run in this tree.
exec 8> "$top/build/vm/lock"
flock 8
source=$("$here/source.sh")
arguments=()
[ ! -e "$kernel/arguments" ] || mapfile -t arguments < "$kernel/arguments"
{
	programs_build
	# MODULE_ARGUMENTS can be several words.
	# shellcheck disable=SC2086
	"$here/module.sh" "$kernel/build" "$out" "${arguments[@]}" ${MODULE_ARGUMENTS:-}
	[ "$(readlink "$out/kernel")" = "$kernel" ] || ln -sfn "$kernel" "$out/kernel"
	echo "$arch" > "$out/arch"
	BUILD=$build SYSROOT=$sysroot "$here/initramfs.sh" "$kernel" "$out"
} >&2
echo "$out"
