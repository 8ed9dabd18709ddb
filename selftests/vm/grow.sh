#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# grow.sh WHAT OUT: test the promise that callers and modules of different versions fit
# together. Copy the tree to build/grown/tree, make every structure of its uapi/ that may
# grow 8 bytes longer, and build one side there: with WHAT grown-module the module, with
# grown-callers the tests, the library and the command. The other side comes from OUT,
# which build.sh made, and from build. Prints a directory for boot.sh.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"
top=$(readlink -f "$here/../..")
what=${1:?usage: grow.sh WHAT OUT}
out=${2:?usage: grow.sh WHAT OUT}
arch=$(cat "$out/arch")
[ "$arch" = "$(arch_host)" ] || die "only this host's architecture is built here"
tree=$top/build/grown/tree
grown=$top/build/grown/${what#grown-}

# header_grow HEADER LEAST: LEAST structures grow, or more.
header_grow()
{
	awk -v LEAST="$2" -f "$here/grow.awk" "$top/uapi/linux/$1" > "$tree/uapi/linux/$1"
}

# Generated files get the time of what they depend on, so that make builds nothing twice.
tree_make()
{
	local header newest=$here/grow.awk

	for header in "$top"/uapi/linux/*.h; do
		[ "$newest" -nt "$header" ] || newest=$header
	done
	mkdir -p "$tree"
	find "$tree" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
	(cd "$top" && cp -rp Kbuild Makefile dkms.conf module selftests tools uapi "$tree")
	header_grow vmwalk.h 15
	header_grow vmwalk_netlink.h 2
	make -s -C "$tree" redact-table
	touch -r "$newest" "$tree"/uapi/linux/*.h "$tree/module/redact_table.h"
}

module_make()
{
	"$tree/selftests/vm/module.sh" "$out/kernel/build" "$grown"
}

callers_make()
{
	local build=$tree/build

	make -s -j"$(nproc)" -C "$tree/tools" "$build/tools/vmwalk"
	make -s -j"$(nproc)" -C "$tree/selftests" grown BUILD="$build/selftests" \
		KSFT="$("$here/source.sh")/tools/testing/selftests"
	mkdir -p "$build/vm"
	cp -u "$top/build/vm/init" "$build/vm"
	cp "$out/vmwalk.ko" "$grown"
}

# This script can run twice at a time, but both runs change one tree: wait for the other.
mkdir -p "$grown"
exec 8> "$top/build/grown/lock"
flock 8
{
	tree_make
	ln -sfn "$(readlink "$out/kernel")" "$grown/kernel"
	echo "$arch" > "$grown/arch"
	case $what in
	grown-module) build=$top/build
		      module_make ;;
	grown-callers) build=$tree/build
		       callers_make ;;
	*) die "\"$what\" is none of grown-module, grown-callers" ;;
	esac
	BUILD=$build "$here/initramfs.sh" "$grown/kernel" "$grown"
} >&2
echo "$grown"
