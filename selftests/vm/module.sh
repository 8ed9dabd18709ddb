#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# module.sh KDIR OUT [MAKE-ARGUMENT...]: build OUT/vmwalk.ko against the headers in
# KDIR. kbuild puts objects beside the sources, so OUT gets a copy of the sources:
# several kernels keep their objects at the same time, and the tree stays clean.
set -eu
here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/../..")

kdir=${1:?usage: module.sh KDIR OUT [MAKE-ARGUMENT...]}
out=${2:?usage: module.sh KDIR OUT [MAKE-ARGUMENT...]}
shift 2

source=$out/module
# kbuild does not notice another configuration of the same release.
[ "$(cat "$out/module.kdir" 2>/dev/null || true)" = "$kdir" ] || rm -rf "$source"
mkdir -p "$source"
echo "$kdir" > "$out/module.kdir"
# Do not compile files that were deleted from the tree.
(cd "$source" && find . -name '*.[ch]' ! -name '*.mod.c' -print) | while read -r file; do
	[ -e "$top/$file" ] || rm -f "$source/$file"
done
(cd "$top" && find Kbuild module uapi \( -name Kbuild -o -name '*.[ch]' \) ! -name '*.mod.c' \
	-print0 | xargs -0 cp -up --parents -t "$source")

# An empty ARCH= in the environment would reach the kernel's make.
unset ARCH
# Debian's headers lack the tool that makes BTF for modules.
make -s -j"$(nproc)" -C "$kdir" M="$source" CONFIG_DEBUG_INFO_BTF_MODULES= "$@" modules
cmp -s "$source/vmwalk.ko" "$out/vmwalk.ko" || cp "$source/vmwalk.ko" "$out/vmwalk.ko"
