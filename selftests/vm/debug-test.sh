#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# debug-test.sh [fuzz]: run all tests of the module, the fuzzer as root and as a member
# of the device's group, and every injected failure on the debug kernel; with "fuzz",
# only the fuzzer. Ends with the lines "executions N", "coverage P%", "injected N",
# "reports N". Fails if a guest or a test failed, the fuzzer found something or made too
# few calls, the kernel complained, kmemleak reports an object, or, without "fuzz", SHORT
# and TESTS, the coverage is below COVERAGE_GOAL or a line of the module was not reached
# and has no reason in coverage.reasons.
#
# Without "fuzz" there are three machines, two at a time. A second CPU makes the emulation
# of this kernel almost half as slow again, so only tests of concurrency get two. kmemleak
# makes allocations three times as slow: it runs in all of "many", but in "pti" only
# during inject.
#
#	many	4 levels, 2 CPUs: races, unloading, storms, and the fuzzer
#	pti	4 levels, 1 CPU, page-table isolation: inject, then all other tests
#	5	5 levels, 1 CPU, without kmemleak: tests that depend on the levels or read
#		all entries of many states, and most of the fuzzer's calls
#
# Environment:
#
#	SHORT	1: without 5, with fewer calls and without the longest tests
#	MACHINES	names of machines	TESTS	globs of tests, for each machine
#	CALLS	of the fuzzer in total (260000; SHORT: 30000)	SEED	of the fuzzer (1)
#	FUZZ_SECONDS	duration of "fuzz" (300), with LEVELS (4)
#
# Inputs that reached new code are kept in build/fuzz/corpus for the next run, in
# addition to selftests/fuzz/corpus. To repeat a finding, use a file with its input as
# the only corpus and fuzz -n 100.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
top=$(readlink -f "$here/../..")
only=${1:-}
SHORT=${SHORT:-} TESTS=${TESTS:-} SEED=${SEED:-1} FUZZ_SECONDS=${FUZZ_SECONDS:-300}
CONCURRENT='test_attach test_migration test_library test_scan_reuse test_agreement_churn test_races test_storm'
CONCURRENT="$CONCURRENT test_lifecycle"
ON_BOTH='test_walk test_tables test_contract'
ON_5='test_guarded test_authority test_withheld test_scan* test_sums test_vmas test_huge test_anon'
# More tests for "5", to balance the load of the two machines that run at a time.
ON_5="$ON_5 test_file test_watch_errors"
# Scripts and predictions test the command more than the module.
LEFT_OUT='*.sh test_predict test_predict_many'
if [ -n "$SHORT" ]; then
	# Nothing runs LEFT_OUT, nor without machine 5 what is in ON_5: the fuzzer covers
	# much of them.
	LEFT_OUT='*.sh test_predict*'
	MACHINES=${MACHINES:-pti many} CALLS=${CALLS:-30000}
	ON_5='test_guarded test_scan test_scan_select test_tables test_sums test_vmas'
	CONCURRENT="$CONCURRENT test_contract* test_walk"
else
	MACHINES=${MACHINES:-5 pti many} CALLS=${CALLS:-260000}
fi
[ "$only" != fuzz ] || MACHINES=fuzz
# If "5" runs too, one in MANY_OF calls of the fuzzer runs in "many", under kmemleak.
MANY_OF=4
# Percent of the lines of the module
COVERAGE_GOAL=85
corpus=$top/build/fuzz/corpus
results=$top/build/debug
failed=0 reports=0 executions=0 injected=0

failure()
{
	echo "FAIL debug: $*"
	failed=1
}

share_make()
{
	make -s -j"$(nproc)" -C "$top/selftests/fuzz" BUILD="$top/build/fuzz" >&2
	rm -rf "$results"
	mkdir -p "$corpus" "$results/share/corpus"
	cp "$top/build/fuzz/fuzz" "$top/build/fuzz/inject" "$here/debug-guest.sh" "$results/share"
	cat "$top"/selftests/fuzz/corpus/*.hex "$corpus"/*.hex 2>/dev/null |
		LC_ALL=C sort -u > "$results/share/corpus/all.hex"
}

# guest-tests.sh leaves out what matches a glob after a "!".
without()
{
	local globs

	read -ra globs <<< "$*"
	printf '!%s ' "${globs[@]}"
}

# guest NAME: leaves NAME.log and NAME.tar in $results. Returns the status of boot.sh.
guest()
{
	local name=$1 levels=4 smp=1 words='' tests='' parts='tests fuzz leaks coverage'
	local seconds=600 calls=$CALLS

	case $name in
	many)	smp=2 tests=$CONCURRENT
		[[ " $MACHINES " != *" 5 "* ]] || calls=$((CALLS / MANY_OF)) ;;
	pti)	words=pti=on tests=$(without "$CONCURRENT $ON_5 $LEFT_OUT")
		parts='inject leaks tests coverage' ;;
	5)	levels=5 words=kmemleak=off tests="$ON_5 $ON_BOTH" parts='tests fuzz coverage'
		[[ " $MACHINES " != *" many "* ]] || calls=$((CALLS - CALLS / MANY_OF)) ;;
	fuzz)	levels=${LEVELS:-4} smp=2 parts='fuzz leaks coverage'
		seconds=$((FUZZ_SECONDS / 2)) calls=3000000000 ;;
	*)	die "MACHINES: \"$name\" is none of many, pti, 5" ;;
	esac
	[ -z "$TESTS" ] || tests=$TESTS
	{
		RUN="export TESTS='$tests' SEED=$SEED SECONDS_EACH=$seconds
export CALLS_ROOT=$((calls / 3)) CALLS_MEMBER=$((calls - calls / 3))
exec sh /share/debug-guest.sh $parts" SHARE=$results/share TERMINAL='' \
			CPU='' LEVELS=$levels SMP=$smp CMDLINE=$words ACCEL=tcg \
			TIMEOUT=$((1800 + 2 * seconds)) \
			CONSOLE=$results/console-$name.log "$here/boot.sh" "$out" &&
			echo 0 > "$results/status-$name" || echo $? > "$results/status-$name"
	} 2>&1 > "$results/$name.tar" | tee "$results/$name.log" |
		grep --line-buffered -E \
		'^(#@ (begin|fuzz|part|tainted)|fuzz:|inject:|vm:|executions|injected|leaks)' || true
	return "$(cat "$results/status-$name")"
}

# With 5 levels about one boot in seven starts with a false report of KASAN, in a timer
# interrupt before /init, which turns lockdep off: boot again, a few times.
guest_untainted()
{
	local tries status=0

	for tries in 1 2 3 4; do
		status=0
		guest "$1" || status=$?
		grep -q '^#@ tainted from the beginning' "$results/$1.log" || break
		note "the kernel had complained before anything ran: trying again ($tries)"
	done
	return "$status"
}

# Count lines "vm: ..." of boot.sh, without those that only follow a report.
reports_in()
{
	grep '^vm: ' "$1" | grep -cvE '^vm: (console|the kernel complained|all of the kernel)' || true
}

sum_of()
{
	awk -v word="$1" '$1 == word && NF == 2 { n += $2 } END { print n + 0 }' "$2"
}

tests_judge()
{
	local name=$1 log=$2 passed bad skipped

	awk -v "row=debug, $name: " -f "$here/tap.awk" "$log" > "$results/summary"
	sed '$d' "$results/summary" | grep -vE '^SKIP|^ *vm: ' || true
	read -r _ passed bad skipped < <(tail -n 1 "$results/summary")
	echo "debug, $name: $passed passed, $bad failed, $skipped skipped"
	[ "$bad" = 0 ] && [ "$passed" -gt 0 ] || failed=1
}

# Runs in the background: status and seconds go to a file, for row_judge.
row_run()
{
	local began=$SECONDS status=0

	guest_untainted "$1" || status=$?
	echo "$status $((SECONDS - began))" > "$results/end-$1"
}

row_judge()
{
	local name=$1 log=$results/$1.log status took found leaks

	read -r status took < "$results/end-$name"
	found=$(reports_in "$log")
	leaks=$(sum_of leaks "$log")
	if [ "$status" != 0 ]; then
		failure "$name: the guest ended with $status"
		[ "$status" != 125 ] || [ "$found" -gt 0 ] || found=1
	fi
	[ "$leaks" = 0 ] || failure "$name: kmemleak knows of $leaks objects"
	[ "$name" = 5 ] || grep -q '^leaks ' "$log" || failure "$name: kmemleak was not asked"
	reports=$((reports + found + leaks))
	executions=$((executions + $(sum_of executions "$log")))
	injected=$((injected + $(sum_of injected "$log")))
	grep -h 'FINDING' -A 1 "$log" || true
	[ "$only" = fuzz ] || tests_judge "$name" "$log"
	mkdir -p "$results/$name"
	tar -x -C "$results/$name" -f "$results/$name.tar" 2>/dev/null ||
		failure "$name: nothing came back from the guest"
	cat "$results/$name"/*.hex 2>/dev/null >> "$results/found.hex" || true
	echo "debug, $name: $took s"
}

coverage()
{
	local name gcov=()

	for name in $MACHINES; do
		[ -d "$results/$name/gcov" ] || continue
		cp "$results"/gcno/*.gcno "$results/$name/gcov"
		(cd "$results/$name/gcov" && gcov -t ./*.gcda 2>/dev/null) > "$results/$name.gcov"
		gcov+=("$results/$name.gcov")
	done
	[ ${#gcov[@]} -gt 0 ] || { echo "coverage 0%"; return; }
	awk -f "$here/coverage.awk" "$here/coverage.reasons" "${gcov[@]}"
}

coverage_judge()
{
	local percent unexplained

	coverage > "$results/coverage"
	grep -vE '^(unexplained|coverage) ' "$results/coverage" || true
	percent=$(sed -n 's/^coverage \(.*\)%$/\1/p' "$results/coverage")
	unexplained=$(sum_of unexplained "$results/coverage")
	# The fuzzer alone, or a part of the tests, does not reach everything.
	[ -z "$only$TESTS$SHORT" ] || return 0
	[ "$unexplained" = 0 ] ||
		failure "$unexplained lines were not reached, without a reason in coverage.reasons"
	[ "${percent%.*}" -ge "$COVERAGE_GOAL" ] || failure "coverage is below $COVERAGE_GOAL%"
}

"$here/deps.sh" build vm
kernel=$("$here/debug-kernel.sh")
out=$(MODULE_ARGUMENTS="KCOV_INSTRUMENT=y GCOV_PROFILE=y" "$here/build.sh" "$kernel")
share_make
# gcov needs the .gcno files of this build, which the next one replaces.
mkdir "$results/gcno"
find "$out/module/module" -name '*.gcno' -exec cp -t "$results/gcno" {} +
trap 'trap - INT TERM HUP; kill 0' INT TERM HUP
for name in $MACHINES; do
	while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
		wait -n
	done
	row_run "$name" &
done
wait
for name in $MACHINES; do
	row_judge "$name"
done
[ ! -s "$results/found.hex" ] || LC_ALL=C sort -u "$results/found.hex" > "$corpus/found-$SEED.hex"
coverage_judge
case " $MACHINES " in
*" 5 "*|*" many "*)
	[ "$executions" -ge "$CALLS" ] || failure "the fuzzers made $executions calls of $CALLS" ;;
esac
echo "executions $executions"
tail -n 1 "$results/coverage"
echo "injected $injected"
echo "reports $reports"
[ "$reports" = 0 ] && [ "$failed" = 0 ]
