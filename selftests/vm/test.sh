#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test.sh: the unit tests on this host, then all tests in a VM on every KERNEL with
# every number of LEVELS of page tables. TESTS narrows to programs by name (globs).
# JOBS machines run at a time (2, or 1 where there is not the memory for it). The last
# line is "N passed, N failed, N skipped"; fails if any failed or none ran.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
top=$(readlink -f "$here/../..")
KERNEL=${KERNEL:-6.1 6.12} LEVELS=${LEVELS:-4 5} TESTS=${TESTS:-}
TIMEOUT=${TIMEOUT:-1200}
# Two machines of 4 GiB, and something for this one.
if [ "$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)" -gt $((10 << 20)) ]; then
	JOBS=${JOBS:-2}
fi
JOBS=${JOBS:-1}
passed=0 failed=0 skipped=0 ran=0 rows=0
scratch=$(mktemp -d)
pending=()
trap 'rm -rf "$scratch"' EXIT
# Jobs do not hear of an interrupt by themselves.
trap 'trap - INT TERM HUP; kill 0' INT TERM HUP

# count ROW STREAM SECONDS: adds what tap.awk makes of the stream to the counts.
count()
{
	local p f s took=$3

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
	echo "$1: $p passed, $f failed, $s skipped ($took s)"
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
	local directory=$top/build/selftests began=$SECONDS

	if [ ! -e "$directory/HOSTTESTS" ]; then
		check host "the list of host tests is there" 1
		return 0
	fi
	# shellcheck disable=SC2086
	(set -f; LIST=HOSTTESTS "$here/guest-tests.sh" "$directory" $TESTS) > "$scratch/stream"
	count host "$scratch/stream" $((SECONDS - began))
}

# row_boot LEVELS OUT: what the tests print.
row_boot()
{
	local levels=$1 out=$2 cpu=max

	[ "$levels" = 5 ] || cpu=max,la57=off
	# Only the emulated processor is certain to have a fifth level.
	if [ "$levels" = 5 ] && ! grep -qw la57 /proc/cpuinfo; then
		export ACCEL=tcg
	fi
	CPU=$cpu RUN="grep -cw la57 /proc/cpuinfo | sed 's/^/#@ la57 /'
set -f; exec vmwalk-selftest /selftests $TESTS" \
		TIMEOUT=$TIMEOUT SHARE='' TERMINAL='' CONSOLE="$out/console-$levels.log" \
		"$here/boot.sh" "$out"
}

# row_run KERNEL LEVELS OUT FILES: one machine; says nothing, leaves all in FILES.*.
row_run()
{
	local began=$SECONDS status=0

	row_boot "$2" "$3" > "$4.tap" 2> "$4.stderr" || status=$?
	cp "$4.tap" "$3/tests-$2.tap"
	echo "$status $((SECONDS - began))" > "$4.end"
}

row_judge()
{
	local kernel=$1 levels=$2 files=$4 row="$1, $2 levels" status took found=4

	read -r status took < "$files.end"
	grep -q '^#@ la57 [^0]' "$files.tap" && found=5
	check "$row" "the machine has $found levels" $((found != levels))
	check "$row" "the machine ends in order, the kernel's log is clean, the module unloads" \
		"$status"
	cat "$files.stderr"
	count "$row" "$files.tap" "$took"
}

# At most so many machines are left running; the oldest one is waited for and judged.
rows_settle()
{
	local row

	while [ ${#pending[@]} -gt "$1" ]; do
		read -ra row <<< "${pending[0]}"
		wait "${row[4]}" || true
		row_judge "${row[@]:0:4}"
		pending=("${pending[@]:1}")
	done
}

row_start()
{
	local files=$scratch/row$((++rows))

	rows_settle $((JOBS - 1))
	row_run "$1" "$2" "$3" "$files" &
	pending+=("$1 $2 $3 $files $!")
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
		row_start "$kernel" "$levels" "$out"
	done
done
rows_settle 0
[ "$ran" -gt 0 ] || check "TESTS=$TESTS" "no test program ran" 1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
