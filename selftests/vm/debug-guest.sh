#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# debug-guest.sh PART...: the guest's side of debug-test.sh, one function a part. What is
# to be read goes to stderr as it comes; what is to be kept, at the end and as an archive,
# to stdout. From the environment: TESTS, SEED, and for each kind of fuzzer its CALLS.
exec 3>&1 1>&2
out=/tmp/out
debug=/sys/kernel/debug
share=/share
status=0
mkdir -p "$out/gcov"
# The unprivileged fuzzer writes there too.
chmod 1777 "$out"

# The only taint there may be is that of a module from out of the tree.
tainted()
{
	[ "$(cat /proc/sys/kernel/tainted)" != 4096 ]
}

part_tests()
{
	# shellcheck disable=SC2086
	(set -f; vmwalk-selftest /selftests ${TESTS:-})
}

# Whatever loads the module anew gives the device back to root alone.
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

# Memory comes and goes while pages are looked at: blocks that can be emptied. One that has
# something in it that does not move would be tried until a signal comes, and kmemleak, and who
# else wants memory to stay, would wait for that.
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

# What was allocated in the last seconds is not suspected, so a second look is needed. To what
# comes behind this part kmemleak would be the dearest of all that watches.
part_leaks()
{
	echo scan > "$debug/kmemleak"
	sleep 7
	echo scan > "$debug/kmemleak"
	cat "$debug/kmemleak"
	echo "leaks $(grep -c '^unreferenced object' "$debug/kmemleak")"
	echo off > "$debug/kmemleak"
}

# The files below debugfs have no size until they are read.
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
