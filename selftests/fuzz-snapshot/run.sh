#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: fuzzes the loading of snapshots, FUZZ_SECONDS long (600). What it finds is left
# in build/fuzz-snapshot; what it has learnt is kept in corpus there. The last lines say
# how many inputs were tried, how many were loaded, and how many reports there were.
set -eu
here=$(dirname "$(readlink -f "$0")")
out=$(readlink -f "$here/../..")/build/fuzz-snapshot

"$here/../vm/deps.sh" build fuzz
make -s -C "$here"
mkdir -p "$out/corpus" "$out/found"
rm -f "$out"/found/*
"$out/seeds" "$out/corpus"

# No snapshot of 64 KiB needs 4 MiB at once, or 1 GiB of address space with the sanitizer's.
status=0
nice -n 19 "$out/fuzz" -max_total_time="${FUZZ_SECONDS:-600}" -max_len=65536 -timeout=20 \
	-malloc_limit_mb=4 -rss_limit_mb=1024 -use_value_profile=1 -print_final_stats=1 \
	-artifact_prefix="$out/found/" "$out/corpus" > "$out/log" 2>&1 || status=$?

grep -E '^#[0-9]+.*(INITED|DONE)' "$out/log" || true
sed -n 's/^stat::number_of_executed_units: */executions /p' "$out/log"
grep '^inputs ' "$out/log" || true
echo "reports $(find "$out/found" -type f | wc -l)"
if [ "$status" != 0 ] || [ -n "$(ls "$out/found")" ]; then
	echo "found something: $out/found, $out/log" >&2
	tail -n 40 "$out/log" >&2
	exit 1
fi
