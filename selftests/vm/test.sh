#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test.sh: the unit tests on this host, then all tests in a VM on every KERNEL with
# every number of LEVELS of page tables. TESTS narrows to programs by name (globs).
# The last line is "N passed, N failed, N skipped"; fails if any failed or none ran.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
top=$(readlink -f "$here/../..")
KERNEL=${KERNEL:-6.1 6.12} LEVELS=${LEVELS:-4 5} TESTS=${TESTS:-}
TIMEOUT=${TIMEOUT:-1200}
passed=0 failed=0 skipped=0 ran=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# count ROW STREAM: adds what tap.awk makes of the stream to the counts.
count()
{
	local p f s

	awk -v "row=$1: " -f "$here/tap.awk" "$2" > "$scratch/summary"
	sed '$d' "$scratch/summary"
	read -r _ p f s < <(tail -n 1 "$scratch/summary")
	ran=$((ran + p + f))
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	# A whole row without one test that ran is not a row that passed.
	if [ $((p + f)) = 0 ] && [ -z "$TESTS" ]; then
		failed=$((failed + 1))
		echo "FAIL $1: nothing ran"
	fi
	echo "$1: $p passed, $f failed, $s skipped ($((SECONDS - began)) s)"
}

# check ROW NAME STATUS: one test of ours.
check()
{
	if [ "$3" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1: $2"
	fi
}

host_tests()
{
	local directory=$top/build/selftests

	began=$SECONDS
	if [ ! -e "$directory/HOSTTESTS" ]; then
		check host "the list of host tests is there" 1
		return 0
	fi
	# shellcheck disable=SC2086
	(set -f; LIST=HOSTTESTS "$here/guest-tests.sh" "$directory" $TESTS) > "$scratch/stream"
	count host "$scratch/stream"
}

row_boot()
{
	local out=$1 levels=$2 cpu=max

	[ "$levels" = 5 ] || cpu=max,la57=off
	# Only the emulated processor is certain to have a fifth level.
	if [ "$levels" = 5 ] && ! grep -qw la57 /proc/cpuinfo; then
		export ACCEL=tcg
	fi
	CPU=$cpu RUN="grep -cw la57 /proc/cpuinfo | sed 's/^/#@ la57 /'
set -f; exec vmwalk-selftest /selftests $TESTS" \
		TIMEOUT=$TIMEOUT SHARE='' TERMINAL='' CONSOLE="$out/console-$levels.log" \
		"$here/boot.sh" "$out" > "$out/tests-$levels.tap" 2> "$scratch/stderr"
}

row_test()
{
	local kernel=$1 levels=$2 out=$3 row="$1, $2 levels" status=0 found=4

	began=$SECONDS
	(row_boot "$out" "$levels") || status=$?
	grep -q '^#@ la57 [^0]' "$out/tests-$levels.tap" && found=5
	check "$row" "the machine has $found levels" $((found != levels))
	check "$row" "the machine ends in order, the kernel's log is clean, the module unloads" \
		"$status"
	cat "$scratch/stderr"
	count "$row" "$out/tests-$levels.tap"
}

"$here/deps.sh" build vm
for kernel in $KERNEL; do
	if ! out=$("$here/build.sh" "$kernel"); then
		check "$kernel" "does not build" 1
		continue
	fi
	if [ -z "${host_tested:-}" ]; then
		host_tests
		host_tested=1
	fi
	for levels in $LEVELS; do
		row_test "$kernel" "$levels" "$out"
	done
done
[ "$ran" -gt 0 ] || check "TESTS=$TESTS" "no test program ran" 1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
