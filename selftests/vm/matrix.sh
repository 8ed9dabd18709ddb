#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# matrix.sh: build, boot and test every row of rows.list. KERNEL (names; 6.12 includes
# 6.12-16k), ARCH, LEVELS and TESTS (globs) narrow. Failures are printed at once;
# at the end a table of the rows, the reasons of skipped tests, and which kernels are
# substitutes. The last line is "N passed, N failed, N skipped". Fails if any test
# failed; without TESTS, a row in which nothing ran counts as failed. See rows.sh for JOBS
# and TIMEOUT.
set -eu
here=$(dirname "$(readlink -f "$0")")
. "$here/apt.sh"
. "$here/arch.sh"
. "$here/machine.sh"
# Foreign CPUs are emulated more slowly than those of test.sh.
TIMEOUT=${TIMEOUT:-3600}
. "$here/rows.sh"
every_test=1
hide='^SKIP '
KERNEL=${KERNEL:-} ARCH=${ARCH:-} LEVELS=${LEVELS:-}

kernel_built()
{
	:
}

arches()
{
	local name

	for name in ${ARCH:-}; do
		arch_shown "$(arch_debian "$name")"
	done | paste -sd ' '
}

table()
{
	local format='%-24s %-8s %5s %6s %-7s %-14s %-6s %6s %6s %7s\n'

	# A variable, since heading and rows share the format.
	# shellcheck disable=SC2059
	printf "$format" kernel arch page levels words built loaded passed failed skipped
	while IFS='|' read -r release page built loaded arch levels words p f s; do
		[ "$page" = - ] || page=$((page >> 10))K
		# shellcheck disable=SC2059
		printf "$format" "$release" "$arch" "$page" "$levels" "${words:--}" "$built" \
			"$loaded" "$p" "$f" "$s"
	done < <(tr '\t' '|' < "$scratch/table")
}

skips()
{
	cat "$scratch"/*.summary 2>/dev/null | grep '^SKIP ' |
	awk '{
		row = $0; sub(/^SKIP /, "", row); sub(/: .*/, "", row)
		reason = $0; sub(/.*# *[Ss][Kk][Ii][Pp] */, "", reason)
		n[reason]++
		if (!((reason, row) in seen)) { seen[reason, row] = 1; rows[reason]++ }
	} END {
		for (reason in n)
			printf "%7d skipped in %2d rows: %s\n", n[reason], rows[reason], reason
	}' | sort -rn
}

rows_list all "$KERNEL" "$(arches)" "$LEVELS" > "$scratch/rows"
[ -s "$scratch/rows" ] || die "rows.list has none with KERNEL=$KERNEL ARCH=$ARCH LEVELS=$LEVELS"
"$here/deps.sh" build vm cross
rows_run < "$scratch/rows"
echo
table
echo
skips
sort -u "$scratch/neighbours" 2>/dev/null || true
[ "$ran" -gt 0 ] || check "TESTS=$TESTS" "no test program ran" 1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
