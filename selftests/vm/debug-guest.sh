#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# debug-guest.sh PART...: the guest's side of debug-test.sh; each part is a function.
# Progress goes to stderr; results to keep go to stdout at the end, as an archive.
# Environment: TESTS; for the two fuzzers SEED, SECONDS_EACH, CALLS_ROOT and CALLS_MEMBER.
exec 3>&1 1>&2
out=/tmp/out
debug=/sys/kernel/debug
share=/share
status=0
mkdir -p "$out/gcov"
# The unprivileged fuzzer writes there too.
chmod 1777 "$out"

# 4096 is TAINT_OOT_MODULE, 8192 TAINT_UNSIGNED_MODULE: these are expected, no other.
tainted()
{
	[ "$(cat /proc/sys/kernel/tainted)" != 12288 ]
}

# test_lockdown would close debugfs to the later parts, and nothing opens it again.
part_tests()
{
	# Several globs: split them into words, but do not expand them here.
	# shellcheck disable=SC2086
	(set -f; vmwalk-selftest /selftests '!test_lockdown' ${TESTS:-})
}

# After each load of the module the device is root's alone.
device_share()
{
	chgrp vmwalk /dev/vmwalk && chmod 660 /dev/vmwalk
}

part_inject()
{
	"$share/inject" /lib/modules/vmwalk.ko || status=1
	device_share
}

fuzz()
{
	name=$1
	shift
	echo "#@ fuzz $name"
	"$share/fuzz" -s "$SEED" -t "$SECONDS_EACH" -c "$share/corpus" -o "$out/$name.hex" "$@" ||
		status=1
}

# Take memory blocks offline and online while pages are read. Offlining a block with
# unmovable memory retries until a signal, and kmemleak and other users of memory
# hotplug would wait for that: hence the timeout.
memory_come_and_go()
{
	for block in /sys/devices/system/memory/memory*; do
		[ ! -e /tmp/enough ] || break
		timeout 5 sh -c "echo offline > $block/state" && sleep 1 &&
			echo online > "$block/state"
		sleep 1
	done 2>/dev/null
}

part_fuzz()
{
	memory_come_and_go &
	fuzz root -n "$CALLS_ROOT"
	device_share
	fuzz member -n "$CALLS_MEMBER" -u
	: > /tmp/enough
	wait $!
}

# kmemleak ignores objects of the last seconds, so scan twice. Then turn it off: it
# would slow down all later parts.
part_leaks()
{
	echo scan > "$debug/kmemleak"
	sleep 7
	echo scan > "$debug/kmemleak"
	cat "$debug/kmemleak"
	echo "leaks $(grep -c '^unreferenced object' "$debug/kmemleak")"
	echo off > "$debug/kmemleak"
}

# stat(2) gives size 0 for these files of debugfs, so tar would take them as empty.
part_coverage()
{
	find "$debug/gcov" -name '*.gcda' | while read -r file; do
		cat "$file" > "$out/gcov/${file##*/}"
	done
}

if tainted; then
	echo "#@ tainted from the beginning"
	exit 1
fi
for part in "$@"; do
	read -r began _ < /proc/uptime
	"part_$part"
	read -r ended _ < /proc/uptime
	echo "#@ part $part took $((${ended%.*} - ${began%.*})) s"
done
if tainted; then
	echo "#@ tainted $(cat /proc/sys/kernel/tainted)"
	status=1
fi
tar -c -C "$out" . >&3
exit $status
