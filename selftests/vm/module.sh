#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# module.sh KDIR OUT [MAKE-ARGUMENT...]: builds OUT/vmwalk.ko against the headers in
# KDIR. The kernel builds a module beside its sources, so OUT has a copy of them:
# several kernels keep their objects at the same time, and the tree stays clean.
set -eu
here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/../..")

kdir=${1:?usage: module.sh KDIR OUT [MAKE-ARGUMENT...]}
out=${2:?usage: module.sh KDIR OUT [MAKE-ARGUMENT...]}
shift 2

source=$out/module
# Two kernels can have one release and not one configuration; kbuild does not look.
[ "$(cat "$out/module.kdir" 2>/dev/null || true)" = "$kdir" ] || rm -rf "$source"
mkdir -p "$source"
echo "$kdir" > "$out/module.kdir"
# What was deleted in the tree must not go on compiling here.
(cd "$source" && find . -name '*.[ch]' ! -name '*.mod.c' -print) | while read -r file; do
	[ -e "$top/$file" ] || rm -f "$source/$file"
done
(cd "$top" && find Kbuild module uapi \( -name Kbuild -o -name '*.[ch]' \) ! -name '*.mod.c' \
	-print0 | xargs -0 cp -up --parents -t "$source")

# ARCH= in our environment, were it empty, would be an architecture to the kernel's.
unset ARCH
# Debian's headers have no tool to make a module's BTF with.
make -s -j"$(nproc)" -C "$kdir" M="$source" CONFIG_DEBUG_INFO_BTF_MODULES= "$@" modules
cmp -s "$source/vmwalk.ko" "$out/vmwalk.ko" || cp "$source/vmwalk.ko" "$out/vmwalk.ko"
