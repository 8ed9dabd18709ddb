#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mutants-guest.sh SECONDS LIMIT: the guest's side of mutants.sh. Each line of
# /share/list is the name of a mutant, whose module is /share/NAME.ko, and the checks of
# which one must catch it; "none" is the unchanged module, which must pass its checks.
# Results go to stdout in lines that begin with "#@". After a kernel report nothing can be
# trusted, so the machine ends at once. SECONDS is the duration of the fuzzer on a mutant.
# /share/limits has the seconds that a check may take; the default is LIMIT.
share=/share
log=/tmp/check.log

tainted()
{
	[ "$(cat /proc/sys/kernel/tainted)" != 12288 ]
}

# Some reports do not taint the kernel: lockdep's for instance.
complaint()
{
	dmesg | grep -m 1 -oE '(BUG|WARNING|Oops|INFO|UBSAN|ODEBUG|general protection)[:, ].*'
}

complained()
{
	tainted || complaint > /dev/null
}

# The mutant may leave processes or CPUs hanging, for which an orderly shutdown would
# wait. QEMU exits when the machine would reboot.
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

# The second scan finds objects that were too young in the first.
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

# Fails if the check noticed the bug.
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

reason()
{
	grep -m 1 -hE '^not ok|FINDING|^unreferenced' "$log" | sed 's/^not ok [0-9]* *//' |
		grep . || tail -n 1 "$log"
}

# The check leads a process group, since check_watch starts it with set -m.
check_end()
{
	kill -KILL -- "-$pid"
	wait "$pid"
} 2> /dev/null

# Succeeds if the check noticed the bug. The first failed test is enough: end the check
# then.
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

# limit_set SECONDS: allow a check twice the time that it took without a mutant, and one
# minute more. mutants.sh passes the limit on to the next boot.
limit_set()
{
	echo "#@ limit $check $((2 * $1 + 60))"
	echo "$check $((2 * $1 + 60))" >> "$share/limits"
}

# An earlier check may have loaded or unloaded the module; killed processes take a moment
# to exit.
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
	# A leak must not be reported for the next mutant, and a lockdown cannot be undone.
	case $checks in
	*leaks*|*test_lockdown*) machine_end ;;
	esac
done < "$share/list"
echo "#@ finished"
