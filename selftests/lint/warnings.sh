#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# warnings.sh KSFT FILE: print gcc's warnings. KSFT is tools/testing/selftests of a
# kernel, for kselftest_harness.h.
set -eu
here=$(dirname "$(readlink -f "$0")")
# Several flags: split them into words.
# shellcheck disable=SC2046
gcc -std=gnu11 -O2 -Wall -Wextra -Wshadow -Wstrict-prototypes $("$here/user-flags.sh" "$1") \
	-c -o /dev/null "$2" 2>&1 || true
