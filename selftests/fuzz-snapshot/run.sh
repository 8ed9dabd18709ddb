#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: fuzz the loading of snapshots for FUZZ_SECONDS (600). Findings are left in
# build/fuzz-snapshot/found, and inputs that reached new code in
# build/fuzz-snapshot/corpus. The last lines count the inputs tried, those loaded, and the
# findings.
set -eu
here=$(dirname "$(readlink -f "$0")")
out=$(readlink -f "$here/../..")/build/fuzz-snapshot

"$here/../vm/deps.sh" build fuzz
make -s -C "$here"
mkdir -p "$out/corpus" "$out/found"
rm -f "$out"/found/*
"$out/seeds" "$out/corpus"

# With the limits of sizes that the Makefile sets, no single allocation may reach 16 MiB
# (the window of a zstd frame may take 8 MiB), nor the process 1 GiB with the sanitizers'
# overhead.
status=0
nice -n 19 "$out/fuzz" -max_total_time="${FUZZ_SECONDS:-600}" -max_len=65536 -timeout=20 \
	-malloc_limit_mb=16 -rss_limit_mb=1024 -use_value_profile=1 -print_final_stats=1 \
	-artifact_prefix="$out/found/" "$out/corpus" > "$out/log" 2>&1 || status=$?

grep -E '^#[0-9]+.*(INITED|DONE)' "$out/log" || true
sed -n 's/^stat::number_of_executed_units: */executions /p' "$out/log"
grep '^inputs ' "$out/log" || true
echo "reports $(find "$out/found" -type f | wc -l)"
if [ "$status" != 0 ] || [ -n "$(ls "$out/found")" ]; then
	echo "findings are in $out/found, the log is $out/log" >&2
	tail -n 40 "$out/log" >&2
	exit 1
fi
