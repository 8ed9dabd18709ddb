#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test.sh: run the unit tests on this host, then the tests in a VM on every row of
# rows.list marked "test"; row_tests() in rows.sh leaves out some of the longest. LEVELS
# limits the rows to these numbers of levels. With KERNEL (names or directories) or ARCH (this host's), the rows are
# instead all that match and have no kernel parameters. ROWS=ci also boots the rows
# marked "ci", and builds for every kernel of rows.list that has a row not marked
# "matrix". ROWS=grown boots only the rows of grow.sh, which KERNEL and ARCH leave out.
# TESTS narrows to programs by name (globs). The last line is "N passed, N failed, N
# skipped". Fails if any test failed or none ran. See rows.sh for JOBS and TIMEOUT.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"
. "$here/machine.sh"
. "$here/rows.sh"
top=$(readlink -f "$here/../..")
KERNEL=${KERNEL:-} ARCH=${ARCH:-} LEVELS=${LEVELS:-} ROWS=${ROWS:-test}

host_tests()
{
	local directory=$top/build/selftests began=$SECONDS

	if [ ! -e "$directory/HOSTTESTS" ]; then
		check host "the list of host tests is there" 1
		return 0
	fi
	# Several globs: split them into words, but do not expand them here.
	# shellcheck disable=SC2086
	(set -f; LIST=HOSTTESTS "$here/guest-tests.sh" "$directory" $TESTS) > "$scratch/stream"
	count host "$scratch/stream" $((SECONDS - began))
}

# rows_run calls this after each build. The host tests are the same for all kernels.
kernel_built()
{
	[ "$(arch_debian "$2")" = "$(arch_host)" ] && [ "$ROWS" != grown ] || return 0
	[ -n "${host_tested:-}" ] || host_tests
	host_tested=1
}

rows_chosen()
{
	local kernel level

	if [ -z "$KERNEL$ARCH" ]; then
		rows_list "$ROWS" '' '' "$LEVELS"
		return
	fi
	rows_list plain "$KERNEL" "$arch" "$LEVELS"
	for kernel in $KERNEL; do
		case $kernel in
		*/*) for level in ${LEVELS:-4 5}; do
			printf '%s\t%s\t%s\t\n' "$kernel" "$arch" "$level"
		     done ;;
		esac
	done
}

case $ROWS in
test|ci|grown) ;;
*) die "ROWS: \"$ROWS\" is none of test, ci, grown" ;;
esac
arch=$(arch_shown "$(arch_debian "${ARCH:-$(arch_host)}")")
rows_chosen > "$scratch/rows"
[ -s "$scratch/rows" ] || die "rows.list has none with KERNEL=$KERNEL ARCH=$ARCH LEVELS=$LEVELS"
cross=cross
[ "$ROWS" = ci ] || cross=$(arch_deps "$(arch_debian "$arch")")
# Unquoted, since it can be empty.
# shellcheck disable=SC2086
"$here/deps.sh" build vm $cross
rows_run < "$scratch/rows"
[ "$ran" -gt 0 ] || check "TESTS=$TESTS" "no test program ran" 1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
