#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# clang-tidy.sh module BUILD KDIR FILE: check a file of the module, with the flags of its
# build in BUILD against KDIR that set include paths, macros and the variant of C.
# clang-tidy.sh user KSFT FILE: check a file of user space. KSFT is as in warnings.sh.
set -eu
kind=$1
directory=$2
[ "$kind" = user ] || { kdir=$3; shift; }
file=$3
here=$(dirname "$(readlink -f "$0")")

module_flags()
{
	object=$(dirname "$file")/.$(basename "$file" .c).o.cmd
	sed -n 's/^\(saved\)\{0,1\}cmd_[^=]*:= //p' "$directory/$object" | tr ' ' '\n' |
		sed 's/\\#/#/g' | awk '
		take { print; take = 0; next }
		/^-(include|isystem)$/ { print; take = 1; next }
		/^-(I|D|U|std=|nostdinc|m64|fno-builtin|fshort-wchar|ffreestanding)/ { print }
	' | sed "s/['\"]//g; s/^-DKBUILD_MODNAME=.*/&\"/; s/^-DKBUILD_MODNAME=/&\"/"
}

# No padding check: tables are more readable with fields in logical order.
checks='-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling'
checks="$checks,-clang-analyzer-optin.performance.Padding"
case $kind in
module)
	checks="$checks,linuxkernel-*"
	flags="$(module_flags) -include $here/analyzer.h"
	file=$(readlink -f "$file")
	# The kernel's include paths are relative to its build directory.
	cd "$kdir" ;;
user)
	flags="-std=gnu11 $("$here/user-flags.sh" "$directory")" ;;
esac
# Several flags: split them into words.
# shellcheck disable=SC2086
clang-tidy --quiet --checks="$checks" "$file" -- $flags -Wno-everything 2>/dev/null || true
