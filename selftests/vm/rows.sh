# SPDX-License-Identifier: GPL-2.0
# Sourced by test.sh and matrix.sh, after apt.sh, arch.sh and machine.sh. Builds the rows
# of rows.list, boots JOBS machines at a time (2, or 1 with little memory), and counts
# test results. TESTS narrows to programs by name (globs); TIMEOUT is the limit of a
# machine in seconds. A row is KERNEL ARCH LEVELS WORDS, separated by tabs. WORDS are
# kernel parameters, or what grow.sh makes.
# shellcheck shell=bash

# The script that sources this has set $here.
# shellcheck source=selftests/command/views.sh disable=SC2154
. "$here/../command/views.sh"
TESTS=${TESTS:-} TIMEOUT=${TIMEOUT:-1800}
# Each machine has 4 GiB: run two only if 10 GiB are available, given in KiB.
if [ "$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)" -gt $((10 << 20)) ]; then
	JOBS=${JOBS:-2}
fi
JOBS=${JOBS:-1}
# Lines of a row that are not printed at once: matrix.sh groups the skips at the end.
hide='^$'
passed=0 failed=0 skipped=0 ran=0 rows=0
scratch=$(mktemp -d)
pending=()
trap 'rm -rf "$scratch"' EXIT
# An interrupt does not reach background jobs by itself.
trap 'trap - INT TERM HUP; kill 0' INT TERM HUP

# rows_list WHICH KERNELS ARCHES LEVELS: print the rows whose columns are among these
# words; an empty list means all. WHICH is test, plain (rows without WORDS), grown (the
# rows of grow.sh), all, or ci: the rows of test and ci, and before those of each kernel
# and architecture one with "-" as its levels, which is only built; rows marked "matrix"
# are left out. With all, the kernel 6.12 also selects 6.12-….
rows_list()
{
	awk -F '\t+' -v OFS='\t' -v which="$1" -v kernels="$2" -v arches="$3" -v levels="$4" '
		function among(words, word)
		{
			return words == "" || index(" " words " ", " " word " ")
		}
		/^#/ || !NF { next }
		which == "test" && $4 != "test" || which == "plain" && $5 != "" { next }
		which == "grown" && $5 !~ /^grown-/ { next }
		which == "ci" && $4 == "matrix" || !among(arches, $2) { next }
		which == "ci" && !seen[$1, $2]++ { print $1, $2, "-", "" }
		which == "ci" && $4 == "-" || !among(levels, $3) { next }
		{ name = $1; sub(/-.*/, "", name) }
		among(kernels, $1) || which == "all" && among(kernels, name) {
			print $1, $2, $3, $5
		}' "$here/rows.list"
}

row_title()
{
	printf '%s %s, %s levels%s\n' "$1" "$2" "$3" "${4:+, $4}"
}

# check ROW NAME STATUS: for what the scripts test themselves, outside of the guest.
check()
{
	if [ "$3" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1: $2"
	fi
}

count()
{
	local p f s

	awk -v "row=$1: " -f "$here/tap.awk" "$2" > "$2.summary"
	sed '$d' "$2.summary" | grep -v "$hide" || true
	read -r _ p f s < <(tail -n 1 "$2.summary")
	ran=$((ran + p + f))
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	# With TESTS a row may have none of them: it suffices if any row runs one.
	if [ $((p + f)) = 0 ] && [ -z "$TESTS" ]; then
		failed=$((failed + 1))
		echo "FAIL $1: nothing ran"
	fi
	echo "$1: $p passed, $f failed, $s skipped ($3 s)"
}

# row_tests KERNEL ARCH LEVELS: print TESTS, or else globs of the tests to run. Only make
# matrix (every_test) runs test_lesson.sh on each kernel, and test_check.sh, the slowest,
# on each row.
row_tests()
{
	local globs=$TESTS

	if [ -z "$globs" ] && [ -z "${every_test:-}" ]; then
		[ "$1,$2,$3" = 6.12,x86_64,4 ] || globs='!test_lesson.sh'
		[ "$2,$3" = x86_64,5 ] || globs="$globs !test_check.sh"
	fi
	echo "$globs"
}

# row_run LEVELS WORDS OUT FILES TESTS: runs in the background, and leaves everything in
# FILES.*. Debian's 7.2 enables DAMON_STAT, which clears accessed bits that the tests
# check. With page_poison a record that the module has not written has recognisable
# contents; but programs of lessons, which fill memory against the clock, become too slow
# with it. Rows of grow.sh have no lessons.
row_run()
{
	local began=$SECONDS status=0 poison='' parameters=$2 list=TESTS

	case $1,$2,$5 in
	*,grown-*) parameters='' list=GROWNTESTS poison=page_poison=1 ;;
	4,*'!test_lesson.sh'*) poison=page_poison=1 ;;
	esac
	CPU='' LEVELS=$1 CMDLINE="$parameters $poison ${CMDLINE:-}" TIMEOUT=$TIMEOUT \
		SHARE='' TERMINAL='' CONSOLE="$3/console-$1${2:+-$2}.log" RUN="echo \"#@ machine \$VMWALK_MACHINE\"
[ ! -d /sys/module/vmwalk ] || echo '#@ loaded'
damon=/sys/module/damon_stat/parameters/enabled
[ ! -e \$damon ] || echo N > \$damon
set -f; LIST=$list VIEWS=/tmp/views vmwalk-selftest /selftests $5
. /selftests/views.sh && views_pack /tmp/views" \
		"$here/boot.sh" "$3" > "$4.tap" 2> "$4.stderr" || status=$?
	cp "$4.tap" "$3/tests-$1${2:+-$2}.tap"
	echo "$status $((SECONDS - began))" > "$4.end"
}

# row_record RELEASE PAGE BUILT LOADED ARCH LEVELS WORDS: add a line to the table, with
# the counts since the caller set before_passed, before_failed and before_skipped.
row_record()
{
	printf '%s\t' "$@" >> "$scratch/table"
	printf '%s\t%s\t%s\n' $((passed - before_passed)) $((failed - before_failed)) \
		$((skipped - before_skipped)) >> "$scratch/table"
}

# Rows of the host's architecture have built this command already; other rows have not.
command_build()
{
	flock "$here/../../build/vm/lock" make -s -C "$here/../../tools" all >&2
}

# row_views FILES TITLE: views of the snapshots that test_views.sh recorded in a machine
# must look the same on this host.
row_views()
{
	local status=0
	local -a why=()

	grep -qx 'grown-.*' "$1.row" && return 0
	[ -z "$TESTS" ] || grep -q '^#@ begin test_views.sh' "$1.tap" || return 0
	if ! views_unpack "$1.views" "$1.tap"; then
		why=("none have come from there, or not whole")
	elif ! command_build; then
		why=("the command does not build here")
	else
		views_show "$1.views" "$here/../../build/tools/vmwalk" > "$1.shown" || status=1
		mapfile -t why < <(diff -U 1 -F '^\$ vmwalk' --label there --label here \
					"$1.views/shown" "$1.shown" | head -n 40)
	fi
	[ ${#why[@]} = 0 ] || status=1
	check "$2" "snapshots that were recorded there are shown here as they were there" $status
	[ ${#why[@]} = 0 ] || printf '    %s\n' "${why[@]}"
}

# row_judge FILES: FILES.row has the arguments of row_start, one per line.
row_judge()
{
	local files=$1 out title status took page machine loaded=no row

	mapfile -t row < "$files.row"
	out=${row[4]}
	title=$(row_title "${row[@]:0:4}")
	page=$(machine_page "$out/kernel/build")
	before_passed=$passed before_failed=$failed before_skipped=$skipped
	read -r status took < "$files.end"
	machine=$(sed -n 's/^#@ machine //p' "$files.tap")
	check "$title" "the machine has pages of $page bytes, ${row[2]} levels; not: $machine" \
		"$([ "$machine" = "$page ${row[2]}" ]; echo $?)"
	check "$title" "the machine ends in order, the kernel's log is clean, the module unloads" \
		"$status"
	cat "$files.stderr"
	count "$title" "$files.tap" "$took"
	row_views "$files" "$title"
	! grep -q '^#@ loaded' "$files.tap" || loaded=yes
	row_record "$(cat "$out/kernel/release")" "$page" yes $loaded "${row[@]:1:3}"
}

# rows_settle N: leave at most N machines running. The oldest comes first, so that results
# have the order of the rows.
rows_settle()
{
	local one

	while [ ${#pending[@]} -gt "$1" ]; do
		read -ra one <<< "${pending[0]}"
		wait "${one[1]}" || true
		row_judge "${one[0]}"
		pending=("${pending[@]:1}")
	done
}

# row_start KERNEL ARCH LEVELS WORDS OUT: waits until fewer than JOBS machines run.
row_start()
{
	local files=$scratch/row$((++rows))

	rows_settle $((JOBS - 1))
	printf '%s\n' "$@" > "$files.row"
	row_run "$3" "$4" "$5" "$files" "$(row_tests "$1" "$2" "$3")" &
	pending+=("$files $!")
}

# row_missing REASON KERNEL ARCH LEVELS WORDS: a row that could not boot counts as failed.
row_missing()
{
	before_passed=$passed before_failed=$failed before_skipped=$skipped
	check "$(row_title "${@:2}")" "$1" 1
	row_record "$2" - "$1" - "${@:3}"
}

# skip_build KERNEL ARCH: a kernel that would only be built, and is not served, counts as
# skipped.
skip_build()
{
	skipped=$((skipped + 1))
	echo "SKIP $1 $2: module, tests and command build # SKIP the mirror does not serve it"
}

# kernel_prepare KERNEL ARCH: sets out, or reason on failure.
kernel_prepare()
{
	local arch kernel status=0

	arch=$(arch_debian "$2")
	out='' reason=
	kernel=$("$here/kernel.sh" "$1" "$arch") || status=$?
	if [ "$status" = 3 ]; then
		reason="not served"
	elif [ "$status" != 0 ]; then
		reason="not unpacked"
	elif ! out=$("$here/build.sh" "$kernel" "$arch"); then
		reason="does not build"
	fi
	[ ! -s "$kernel/neighbour" ] || cat "$kernel/neighbour" >> "$scratch/neighbours"
}

# rows_run: run the rows on standard input, which are grouped by kernel and architecture.
# Calls kernel_built KERNEL ARCH once for each such group that could be built.
rows_run()
{
	local kernel arch levels words before='' out='' reason='' grown

	while IFS=$'\t' read -r kernel arch levels words <&3; do
		if [ "$kernel $arch" != "$before" ]; then
			kernel_prepare "$kernel" "$arch"
			[ -n "$reason" ] || kernel_built "$kernel" "$arch"
			before="$kernel $arch"
		fi
		if [ "$levels $reason" = "- not served" ]; then
			skip_build "$kernel" "$arch"
		elif [ -n "$reason" ]; then
			row_missing "$reason" "$kernel" "$arch" "$levels" "$words"
		elif [ "$levels" = - ]; then
			check "$kernel $arch" "module, tests and command build" 0
		elif [[ $words != grown-* ]]; then
			row_start "$kernel" "$arch" "$levels" "$words" "$out"
		elif grown=$("$here/grow.sh" "$words" "$out"); then
			row_start "$kernel" "$arch" "$levels" "$words" "$grown"
		else
			row_missing "does not build" "$kernel" "$arch" "$levels" "$words"
		fi
	done 3<&0
	rows_settle 0
}
