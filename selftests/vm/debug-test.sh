#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# debug-test.sh [fuzz]: on the debug kernel, all tests, the fuzzer as root and as a member
# of the device's group, and every failure injected; with "fuzz" the fuzzer alone. Ends
# with the lines "executions N", "coverage P%", "injected N", "reports N", and in failure
# if a test failed, the kernel complained, kmemleak knows of something, or a line of the
# module was not reached without a reason in coverage.reasons. From the environment:
#
# With 4 and 5 levels side by side, each program runs on one of the two machines, but for
# those to which levels matter.
#
#	SHORT	1: 4 levels alone, fewer calls, no scripts: for a machine that is in a hurry
#	LEVELS	of page tables ("4 5")		TESTS	globs that narrow the tests
#	CALLS	of the fuzzer in all (260000)	SEED	of the fuzzer (1)
#	FUZZ_SECONDS	how long the fuzzer alone goes on (300)
#
# Inputs that reached something new are kept in build/fuzz/corpus, and the next run
# begins with them; those of selftests/fuzz/corpus are there from the start. To run one
# finding again: a file with its input as the only corpus, and fuzz -n 100.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
top=$(readlink -f "$here/../..")
only=${1:-}
SHORT=${SHORT:-} TESTS=${TESTS:-} SEED=${SEED:-1} FUZZ_SECONDS=${FUZZ_SECONDS:-300}
# Scripts ask more of the command than of the module.
NO_SCRIPTS='!*.sh'
ON_BOTH='test_walk test_tables test_contract'
ON_5='test_guarded test_authority test_withheld test_scan_withheld test_storm
      test_lifecycle *.sh'
if [ -n "$SHORT" ]; then
	LEVELS=${LEVELS:-4} CALLS=${CALLS:-60000} TESTS=${TESTS:-$NO_SCRIPTS}
else
	LEVELS=${LEVELS:-4 5} CALLS=${CALLS:-260000}
fi
# Line coverage in percent that the tests and the fuzzer must reach.
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
	make -s -C "$top/selftests/fuzz" BUILD="$top/build/fuzz" >&2
	rm -rf "$results"
	mkdir -p "$corpus" "$results/share/corpus"
	cp "$top/build/fuzz/fuzz" "$top/build/fuzz/inject" "$here/debug-guest.sh" "$results/share"
	cat "$top"/selftests/fuzz/corpus/*.hex "$corpus"/*.hex 2>/dev/null |
		LC_ALL=C sort -u > "$results/share/corpus/all.hex"
}

# guest LEVELS PART...: boots, and leaves text and archive in $results.
guest()
{
	local levels=$1 words=pti=on seconds=$((FUZZ_SECONDS / 2)) each tests=$TESTS

	shift
	[ "$levels" = 4 ] || words=
	# shellcheck disable=SC2086
	case $TESTS,$LEVELS,$levels in
	",4 5,4") tests=$(set -f; printf '!%s ' $ON_5) ;;
	",4 5,5") tests="$(echo "$ON_5" | tr -s '\n ' ' ') $ON_BOTH" ;;
	esac
	# Root's calls look at more, and take three times as long.
	each=$((CALLS / 3 / $(wc -w <<< "$LEVELS") + 1))
	if [ "$only" = fuzz ]; then
		each=1000000000
	else
		seconds=600
	fi
	{
		RUN="export TESTS='$tests' SEED=$SEED CALLS_ROOT=$each CALLS_MEMBER=$((2 * each))
SECONDS_EACH=$seconds exec sh /share/debug-guest.sh $*" SHARE=$results/share TERMINAL='' \
			CPU='' LEVELS=$levels CMDLINE=$words ACCEL=tcg TIMEOUT=$((1800 + 2 * seconds)) \
			CONSOLE=$results/console-$levels.log "$here/boot.sh" "$out" &&
			echo 0 > "$results/status-$levels" || echo $? > "$results/status-$levels"
	} 2>&1 > "$results/$levels.tar" | tee "$results/$levels.log" |
		grep --line-buffered -E \
		'^(#@ (begin|fuzz|part|tainted)|fuzz:|inject:|vm:|executions|injected|leaks)' || true
	return "$(cat "$results/status-$levels")"
}

# With 5 levels about one boot in seven begins with a false report of KASAN's, in a timer
# interrupt before /init, and lockdep is off from then on: another boot, a few times.
guest_untainted()
{
	local levels=$1 tries status=0

	for tries in 1 2 3 4; do
		status=0
		guest "$@" || status=$?
		grep -q '^#@ tainted from the beginning' "$results/$levels.log" || break
		note "the kernel had complained before anything ran: trying again ($tries)"
	done
	return "$status"
}

# What the machine itself says was wrong, but for the lines around it.
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
	local levels=$1 log=$2 passed bad skipped

	awk -v "row=debug, $levels levels: " -f "$here/tap.awk" "$log" > "$results/summary"
	sed '$d' "$results/summary" | grep -vE '^SKIP|^ *vm: ' || true
	read -r _ passed bad skipped < <(tail -n 1 "$results/summary")
	echo "debug, $levels levels: $passed passed, $bad failed, $skipped skipped"
	[ "$bad" = 0 ] && [ "$passed" -gt 0 ] || failed=1
}

# row_run LEVELS PART...: one machine; leaves all in $results.
row_run()
{
	local levels=$1 began=$SECONDS status=0

	guest_untainted "$@" || status=$?
	echo "$status $((SECONDS - began))" > "$results/end-$levels"
}

row_judge()
{
	local levels=$1 log=$results/$1.log status took found leaks

	read -r status took < "$results/end-$levels"
	found=$(reports_in "$log")
	leaks=$(sum_of leaks "$log")
	if [ "$status" != 0 ]; then
		failure "$levels levels: the guest ended with $status"
		[ "$status" != 125 ] || [ "$found" -gt 0 ] || found=1
	fi
	[ "$leaks" = 0 ] || failure "$levels levels: kmemleak knows of $leaks objects"
	grep -q '^leaks ' "$log" || failure "$levels levels: kmemleak was not asked"
	reports=$((reports + found + leaks))
	executions=$((executions + $(sum_of executions "$log")))
	injected=$((injected + $(sum_of injected "$log")))
	grep -h 'FINDING' -A 1 "$log" || true
	[ "$only" = fuzz ] || tests_judge "$levels" "$log"
	mkdir -p "$results/$levels"
	tar -x -C "$results/$levels" -f "$results/$levels.tar" 2>/dev/null ||
		failure "$levels levels: nothing came back from the guest"
	cat "$results/$levels"/*.hex 2>/dev/null >> "$results/found.hex" || true
	echo "debug, $levels levels: $took s"
}

coverage()
{
	local levels gcov=()

	for levels in $LEVELS; do
		[ -d "$results/$levels/gcov" ] || continue
		cp "$results"/gcno/*.gcno "$results/$levels/gcov"
		(cd "$results/$levels/gcov" && gcov -t ./*.gcda 2>/dev/null) > "$results/$levels.gcov"
		gcov+=("$results/$levels.gcov")
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
	# A run of the fuzzer alone, or of some tests, is not expected to reach all.
	[ -z "$only$TESTS$SHORT" ] || return 0
	[ "$unexplained" = 0 ] ||
		failure "$unexplained lines were not reached, without a reason in coverage.reasons"
	[ "${percent%.*}" -ge "$COVERAGE_GOAL" ] || failure "coverage is below $COVERAGE_GOAL%"
}

"$here/deps.sh" build vm
kernel=$("$here/debug-kernel.sh")
out=$(MODULE_ARGUMENTS="KCOV_INSTRUMENT=y GCOV_PROFILE=y" "$here/build.sh" "$kernel")
share_make
# The next build would replace them.
mkdir "$results/gcno"
cp "$out"/module/module/*.gcno "$results/gcno"
# Side by side: emulation rarely keeps more than one of our processors busy for each.
trap 'trap - INT TERM HUP; kill 0' INT TERM HUP
for levels in $LEVELS; do
	if [ "$only" = fuzz ]; then
		row_run "$levels" fuzz leaks coverage &
	elif [ "$levels" = 4 ]; then
		row_run "$levels" tests inject fuzz leaks coverage &
	else
		row_run "$levels" tests fuzz leaks coverage &
	fi
done
wait
for levels in $LEVELS; do
	row_judge "$levels"
done
[ ! -s "$results/found.hex" ] || LC_ALL=C sort -u "$results/found.hex" > "$corpus/found-$SEED.hex"
coverage_judge
echo "executions $executions"
tail -n 1 "$results/coverage"
echo "injected $injected"
echo "reports $reports"
[ "$reports" = 0 ] && [ "$failed" = 0 ]
