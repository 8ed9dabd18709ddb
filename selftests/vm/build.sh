#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh KERNEL [ARCH]: builds all that a VM with this kernel needs, and prints the
# directory with it: initramfs.cpio, vmwalk.ko, arch, and kernel, a link to the kernel's own.
# What is for another architecture than this host's is in build/ARCH, with compilers,
# libraries and all: its libraries and programs come from a system unpacked for it.
# What the compilers say goes to stderr. MODULE_ARGUMENTS are for the make that builds the
# module.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"
top=$(readlink -f "$here/../..")
arch=$(arch_debian "${2:-amd64}")
build=$(arch_build "$arch" "$top/build")

# library_arguments: what make is told to build with the libraries of SYSROOT. The compiler
# has a C library of its own, if not the same: the sysroot's is to come before it.
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

# All but the command and jsoncheck is static, and has the compiler's own C library: its linker
# need not know what is in a newer one. The tests that need no machine are built, and run, at home alone.
programs_build()
{
	local arguments part=all

	[ -z "$cross" ] || part=guest
	mapfile -t arguments < <(library_arguments)
	make -s -j"$(nproc)" -C "$top/tools" all OUT="$build/tools" "${arguments[@]}"
	make -s -j"$(nproc)" -C "$top/selftests" "$part" BUILD="$build/selftests" ${cross:+"CC=${cross}gcc"} \
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

# Several may run at the same time in one tree.
exec 8> "$top/build/vm/lock"
flock 8
source=$("$here/source.sh")
arguments=()
[ ! -e "$kernel/arguments" ] || mapfile -t arguments < "$kernel/arguments"
{
	programs_build
	# shellcheck disable=SC2086
	"$here/module.sh" "$kernel/build" "$out" "${arguments[@]}" ${MODULE_ARGUMENTS:-}
	[ "$(readlink "$out/kernel")" = "$kernel" ] || ln -sfn "$kernel" "$out/kernel"
	echo "$arch" > "$out/arch"
	BUILD=$build SYSROOT=$sysroot "$here/initramfs.sh" "$kernel" "$out"
} >&2
echo "$out"
