#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: runs the benchmarks in VMs with KERNEL (6.12) and prints a line for each figure:
#
#	bench NAME FIGURE goal GOAL ok|missed [stretch] (what / against what; remarks)
#
# A last line counts them. goals.list has the goals, and the stretches beyond them. Most
# figures are measured in a VM whose clock counts instructions: repeats agree to about a
# part in a thousand, whatever else the host does. The others are wall time in a VM with
# two CPUs, so leave the host idle meanwhile. BENCH selects figures by name. Fails if a
# figure could not be measured or has no goal; a missed goal is not a failure. BENCH=stalls
# prints histograms instead, see stalls.c.
set -eu
here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/..")
vm=$top/selftests/vm
# shellcheck source=selftests/vm/apt.sh
. "$vm/apt.sh"
BENCH=${BENCH:-}
lines=$top/build/bench/lines
status=0

# machine_run NAME ACCEL SMP: measure the figures whose machine, in their struct row, is NAME.
# boot.sh explains ACCEL and SMP.
machine_run()
{
	RUN="exec /share/bench $1 $BENCH" SHARE=$top/build/bench/share TERMINAL='' ACCEL=$2 SMP=$3 \
		CPU=max,erms=off,fsrm=off LEVELS='' TIMEOUT=${TIMEOUT:-3600} \
		"$vm/boot.sh" "$out" | tee -a "$lines" || status=1
}

"$vm/deps.sh" build vm
out=$("$vm/build.sh" "${KERNEL:-6.12}")
make -s -C "$here" >&2
mkdir -p "$top/build/bench/share"
cp "$top/build/bench/bench" "$top/build/bench/share"
: > "$lines"
if [ "$BENCH" = stalls ]; then
	machine_run stalls tcg 2
	exit "$status"
fi
machine_run instructions tcg,icount 1
machine_run processors tcg 2
[ -s "$lines" ] || die "BENCH: \"$BENCH\" is no figure"
awk '{ for (i = 1; i <= NF; i++) if ($i == "ok" || $i == "missed") {
	n[$i]++; beyond += $(i + 1) == "stretch"; break } }
     END { printf "%d ok, %d of them beyond, %d missed\n", n["ok"], beyond, n["missed"] }' "$lines"
exit "$status"
