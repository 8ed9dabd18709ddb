#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mutants-guest.sh SECONDS LIMIT: the guest's side of mutants.sh. Each line of /share/list is
# a name, whose module is /share/NAME.ko, and the checks of which one must notice it. What comes of
# it goes to stdout in lines that begin with "#@". After a report of the kernel's nothing
# can be trusted any more, so the machine ends there, at once. How many seconds a check may
# take is in /share/limits, or else LIMIT.
share=/share
log=/tmp/check.log

tainted()
{
	[ "$(cat /proc/sys/kernel/tainted)" != 4096 ]
}

# The first thing that the kernel said was wrong. Not all of it taints: lockdep does not.
complaint()
{
	dmesg | grep -m 1 -oE '(BUG|WARNING|Oops|INFO|UBSAN|ODEBUG|general protection)[:, ].*'
}

complained()
{
	tainted || complaint > /dev/null
}

# Processes may hang for ever on what the mistake has left, and processors too, which an orderly
# end would wait for: QEMU ends where a machine would start again.
machine_end()
{
	sleep 1
	echo b > /proc/sysrq-trigger
	sleep 60
}

end_tainted()
{
	sleep 0.2
	echo "#@ caught $name $check: kernel: $(complaint)"
	machine_end
}

# A second look finds what was too young at the first one.
check_leaks()
{
	check_run "$1" > /dev/null 2>&1
	echo scan > /sys/kernel/debug/kmemleak
	sleep 6
	echo scan > /sys/kernel/debug/kmemleak
	! grep -m 1 -A 3 '^unreferenced' /sys/kernel/debug/kmemleak
}

fuzz()
{
	"$share/fuzz" -s "$seconds" -t "$seconds" -n 1000000 -c "$share/corpus" "$@"
}

# A check ends in failure when it notices something.
check_run()
{
	case $1 in
	fuzz) fuzz ;;
	fuzz-member) fuzz -u ;;
	inject) "$share/inject" "$VMWALK_KO" ;;
	leaks) check_leaks test_attach ;;
	leaks-*) check_leaks "${1#leaks-}" ;;
	*) cd /selftests && "./$1" ;;
	esac
}

# What failed, in its own words.
reason()
{
	grep -m 1 -hE '^not ok|FINDING|^unreferenced' "$log" | sed 's/^not ok [0-9]* *//' |
		grep . || tail -n 1 "$log"
}

# All of it has a process group of its own.
check_end()
{
	kill -KILL -- "-$pid"
	wait "$pid"
} 2> /dev/null

# True if the check noticed something: the first test that fails is answer enough.
check_watch()
{
	local began=$SECONDS pid limit

	limit=$(sed -n "s/^$check //p" "$share/limits" | tail -n 1)
	limit=${limit:-$longest}
	set -m
	check_run "$check" > "$log" 2>&1 < /dev/null &
	pid=$!
	set +m
	while kill -0 "$pid" 2>/dev/null; do
		tainted && end_tainted
		if grep -q '^not ok' "$log"; then
			check_end
			complained && end_tainted
			return 0
		fi
		sleep 0.2
		if [ $((SECONDS - began)) -gt "$limit" ]; then
			echo "no end after $limit seconds" > "$log"
			echo "#@ caught $name $check: $(reason)"
			machine_end
		fi
	done
	complained && end_tainted
	! wait "$pid"
}

# limit_set SECONDS: the check took so many. A mistake can make it slower, but hardly twice as
# slow. The next machine has this one's limits.
limit_set()
{
	echo "#@ limit $check $((2 * $1 + 60))"
	echo "$check $((2 * $1 + 60))" >> "$share/limits"
}

# A check may have unloaded, or loaded, the module; what has been killed takes a moment.
module_gone()
{
	local tries

	for tries in 1 2 3 4 5 6 7 8 9 10; do
		[ -d /sys/module/vmwalk ] || return 0
		! rmmod vmwalk 2> /dev/null || return 0
		sleep "$tries"
	done
	return 1
}

mutant_load()
{
	check=insmod
	VMWALK_KO=$share/$name.ko
	export VMWALK_KO
	insmod "$VMWALK_KO" || return 1
	chgrp vmwalk /dev/vmwalk
	chmod 660 /dev/vmwalk
}

mutant_try()
{
	echo "#@ mutant $name"
	if ! module_gone; then
		echo "#@ again $name"
		machine_end
	fi
	if ! mutant_load > "$log" 2>&1; then
		echo "#@ caught $name $check: $(tail -n 1 "$log")"
		return
	fi
	for check in $checks; do
		echo "#@ check $name $check"
		began=$SECONDS
		if check_watch; then
			echo "#@ caught $name $check: $(reason)"
			return
		fi
		[ "$name" != none ] || limit_set $((SECONDS - began))
	done
	echo "#@ survived $name"
}

seconds=$1
longest=$2
while read -r name checks; do
	mutant_try
	complained && end_tainted
	# What one has leaked must not be found under the next one's name.
	case $checks in
	*leaks*) machine_end ;;
	esac
done < "$share/list"
echo "#@ finished"
