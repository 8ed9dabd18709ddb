#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Test which variables the Makefile at the top passes to a script of selftests/vm. TAP on
# stdout.
here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/../../..")
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
count=0
failed=0

result()
{
	count=$((count + 1))
	[ "$1" = 0 ] || { failed=1; printf 'not '; }
	echo "ok $count $2"
}

# script_environment WORD...: print the environment in which "make debug-test WORD..."
# runs debug-test.sh. The script of this name in $scratch calls env.
script_environment()
{
	env -i PATH="$PATH" make -s -C "$top" VM="$scratch" debug-test "$@"
}

printf '#!/bin/sh\nenv\n' > "$scratch/debug-test.sh"
chmod 755 "$scratch/debug-test.sh"
echo "TAP version 13"
script_environment > "$scratch/out" && grep -q '^PATH=' "$scratch/out" &&
	! grep -E '=$' "$scratch/out"
result $? "a variable that is not set does not reach a script as an empty one"
run="echo \"a  b\" 'c' ; false"
script_environment RUN="$run" ARCH=arm64 > "$scratch/out" &&
	grep -qxF "RUN=$run" "$scratch/out" && grep -qx ARCH=arm64 "$scratch/out"
result $? "a variable of the command line reaches a script as it was written"
echo "1..$count"
[ $failed = 0 ]
