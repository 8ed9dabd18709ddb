#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: the benchmarks, in machines with KERNEL (6.12); a line for each figure:
#
#	bench NAME FIGURE goal GOAL ok|missed (what / against what; what else there is to say)
#
# Most are of a machine whose clock counts instructions: repeats agree to about a part in a
# thousand, and nothing else that this host does matters. What is about two processors is
# wall time of a machine that has them; leave this host alone meanwhile. BENCH narrows to
# figures by name. Fails if one could not be measured: whether a goal is missed is for the
# reader to judge.
set -eu
here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/..")
vm=$top/selftests/vm
# shellcheck source=selftests/vm/apt.sh
. "$vm/apt.sh"
BENCH=${BENCH:-}
lines=$top/build/bench/lines
status=0

# machine_run NAME ACCEL SMP
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
machine_run instructions tcg,icount 1
machine_run processors tcg 2
[ -s "$lines" ] || die "BENCH: \"$BENCH\" is no figure"
awk '{ for (i = 1; i <= NF; i++) if ($i == "ok" || $i == "missed") { n[$i]++; break } }
     END { printf "%d ok, %d missed\n", n["ok"], n["missed"] }' "$lines"
exit "$status"
