#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh KERNEL [ARCH]: builds all that a VM with this kernel needs, and prints the
# directory with it: initramfs.cpio, vmwalk.ko, and kernel, a link to the kernel's own.
# What the compilers say goes to stderr. MODULE_ARGUMENTS are for the make that builds the
# module.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
top=$(readlink -f "$here/../..")
build=$top/build

kernel=$("$here/kernel.sh" "$1" "${2:-amd64}")
out=$build/$(cat "$kernel/release")
mkdir -p "$build/vm" "$out"

# Several may run at the same time in one tree.
exec 8> "$build/vm/lock"
flock 8
source=$("$here/source.sh")
{
	make -s -C "$top/tools" all
	make -s -C "$top/selftests" all KSFT="$source/tools/testing/selftests"
	# shellcheck disable=SC2086
	"$here/module.sh" "$kernel/build" "$out" ${MODULE_ARGUMENTS:-}
	make -s -C "$here" BUILD="$build/vm"
	[ "$(readlink "$out/kernel")" = "$kernel" ] || ln -sfn "$kernel" "$out/kernel"
	"$here/initramfs.sh" "$kernel" "$out"
} >&2
echo "$out"
