#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests vmwalk watch: class and address of faults, output forms, filters, started
# programs, ways to end, permissions, and the predictions of explain. TAP on stdout.
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/command/script.sh
. "$here/script.sh"

# watch_states OPTIONS… -- ACCESS:STATE…: watches accessor. The output of accessor goes to
# $scratch/labels, the events to $scratch/events.
watch_states()
{
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	run 0 vmwalk watch "${options[@]}" --to "$scratch/events" -- accessor "$@" || return 1
	cp "$scratch/out" "$scratch/labels"
}

# states_start ACCESS:STATE…: sets pid. The program waits for SIGUSR1 before its accesses.
states_start()
{
	: > "$scratch/labels"
	accessor -w "$@" > "$scratch/labels" &
	pid=$!
	children="$children $pid"
	wait_for grep -q ^ready "$scratch/labels"
}

# state_address ACCESS:STATE: prints the address of the access, or "- REASON" if the state
# could not be made.
state_address()
{
	sed -n "s/^${1#*:} \(0x[0-9a-f]*\) ${1%%:*}\$/\1/p; s/^${1#*:} \(- .*\)/\1/p" \
		"$scratch/labels" | head -n 1
}

# tells ACCESS:STATE CLASS [PATTERN]: fails unless a line of $scratch/events has the
# address of the access, CLASS, and PATTERN, an extended regular expression.
tells()
{
	local line

	line=$(grep "\"address\":\"$(state_address "$1")\"" "$scratch/events" |
	       grep "\"class\":\"$2\"")
	if [ -z "$line" ]; then
		echo "# no $2 at $(state_address "$1"), but"
		grep "\"address\":\"$(state_address "$1")\"" "$scratch/events" | sed 's/^/# /'
		return 1
	fi
	[ -z "$3" ] || grep -qE "$3" <<< "$line" || { echo "# no $3: $line"; return 1; }
}

# class_is ACCESS:STATE CLASS [PATTERN]: prints the outcome of "tells" as a TAP line. A
# state that this machine cannot make is skipped.
class_is()
{
	local at

	at=$(state_address "$1")
	case $at in
	0*) tells "$1" "$2" "$3"
	    result $? "$1 is told as $2" ;;
	"- "*) result 4 "$1 is told as $2" "${at#- }" ;;
	*) result 1 "$1 is told as $2: it has no address" ;;
	esac
}

# refused_is ACCESS:STATE CLASS [PATTERN]: class_is for an access that never reaches
# handle_mm_fault(), and is reported only where the exception tracepoint exists.
refused_is()
{
	if [ "$exceptions" = 1 ]; then
		class_is "$@"
	else
		result 4 "$1 is told as $2" "no tracepoint page_fault_user"
	fi
}

errors_are_told()
{
	run 2 vmwalk watch && says PID
	result $? "watch without anything is a usage error"
	run 2 vmwalk watch $$ -- true && says PID
	result $? "a PID and a command are a usage error"
	run 2 vmwalk watch --event nonsense self && says 'nonsense.*' && says munmap
	result $? "an unknown event is refused, and those that there are named"
	run 3 vmwalk watch 4194300 && says 'no process'
	result $? "a process that is not there ends with 3"
	run 3 vmwalk watch -- /no/such/program && says 'No such file'
	result $? "a program that is not there ends with 3"
}

probes_hold

# Without the feature "watch" the kernel refuses a probe on handle_mm_fault().
# test_watch_wanted compares caps with tracefs.
run 0 vmwalk caps -q
if ! prints ' features=[^ ]*\<watch\>' > "$scratch/caps"; then
	run 5 vmwalk watch --for 5 self && says 'this kernel does not let its page faults be seen' &&
		run 5 vmwalk watch -- accessor w:untouched && says 'page faults' && ! prints ready
	result $? "that page faults cannot be seen is told, and ends with 5"
	run 5 vmwalk watch --for 5 --event brk,exception self && says 'has no "brk" events' &&
		says 'has no "exception" events'
	result $? "that nothing of what was asked for can be seen is told, and ends with 5"
	run 0 vmwalk watch --json --event brk,exit --to "$scratch/events" -- accessor w:untouched &&
		says 'has no "brk" events' && grep -q '"event":"exit"' "$scratch/events"
	result $? "what can be seen is told all the same"
	errors_are_told
	result 4 "faults, and what changes an address space" \
		"this kernel lets no probe be put on handle_mm_fault()"
	finished
	exit
fi

# A shared mapping of a file opened read-only: VM_MAYSHARE without VM_SHARED, r--s in
# maps.
watch_states --json -- r:file-shared-readonly
class_is r:file-shared-readonly file-read '"perms":"r--s"'
watch_states -q -o ADDRESS,PERMS -- r:file-shared-readonly &&
	grep -q "address=$(state_address r:file-shared-readonly) vma.perms=r--s\$" "$scratch/events"
result $? "the column PERMS of watch has what maps has"

watch_states --json -- w:untouched r:untouched w:zero w:cow w:cow-left r:file-untouched \
	w:file-read w:memfd r:swapped r:hole w:readonly r:guard r:file-past-end \
	w:protnone && jsoncheck event < "$scratch/events"
result $? "each event of a program is a line of JSON"
[ "$(head -n 1 "$scratch/events" | grep -c '"event":"start"')" = 1 ] &&
	head -n 1 "$scratch/events" | jsoncheck pid comm arch sources
result $? "the first line says who it is and what can be told"
tail -n 1 "$scratch/events" | grep -q '"event":"end"' &&
	tail -n 1 "$scratch/events" | jsoncheck delivered lost missed shown &&
	tail -n 1 "$scratch/events" | grep -q '"lost":0,.*"complete":true'
result $? "the last line says that nothing was lost"
[ "$(($(wc -l < "$scratch/events") - 2))" = \
	"$(tail -n 1 "$scratch/events" | sed 's/.*"delivered":\([0-9]*\).*/\1/')" ]
result $? "there are as many lines as events were delivered"
exceptions=$(head -n 1 "$scratch/events" | grep -c '"exception"')
class_is w:untouched anon-new '"access":"write".*"state":"none".*"after":.*"flags":\["present".*"write"'
class_is r:untouched anon-zero '"outcome":"minor".*"kind":"zero"'
class_is w:zero anon-new '"kind":"zero".*"after"'
class_is w:cow cow '"after":.*"mapcount":1'
class_is w:cow-left reuse same-page
class_is r:file-untouched file-read
class_is w:file-read file-cow
class_is w:memfd file-shared
class_is r:swapped swap-in '"state":"swap"'
refused_is r:hole segv-maperr '"outcome":"SIGSEGV"'
refused_is w:readonly segv-accerr '"outcome":"SIGSEGV".*"region":"anon '
class_is r:guard segv-accerr '"outcome":"SIGSEGV"'
class_is r:file-past-end sigbus '"outcome":"SIGBUS"'
refused_is w:protnone segv-accerr
if head -n 1 "$scratch/events" | grep -q '"signal"'; then
	grep '"event":"signal"' "$scratch/events" |
		grep "\"address\":\"$(state_address r:hole)\"" | grep -q SEGV_MAPERR
	result $? "the signal of an invalid access is told"
else
	result 4 "the signal of an invalid access is told" "this kernel does not show them"
fi
if head -n 1 "$scratch/events" | grep -q '"signal"'; then
	grep '"event":"signal"' "$scratch/events" | grep SEGV_ACCERR |
		grep "\"address\":\"$(state_address w:readonly)\"" | grep -q '"region":"anon '
	result $? "the signal of an access that the VMA refuses names the region"
else
	result 4 "the signal of an access that the VMA refuses names the region" \
		"this kernel does not show them"
fi
if head -n 1 "$scratch/events" | grep -q '"exception"' && [ "$(uname -m)" = x86_64 ]; then
	tells w:untouched anon-new '"error_code":\["W","U"\],"code":"0x6"' &&
		tells w:cow cow '"error_code":\["P","W","U"\],"code":"0x7"'
	result $? "the error code is spelt"
	grep '"event":"fault"' "$scratch/events" | head -n 1 |
		grep -q '"access":"exec","error_code":\["U","I"\]'
	result $? "the first fault that a program takes is that of its first instruction"
else
	result 4 "the error code is spelt" "no tracepoint page_fault_user of x86"
	result 4 "the first fault is that of the first instruction" "no tracepoint page_fault_user of x86"
fi
for event in mmap munmap mprotect brk madvise exit; do
	case $event,$(uname -m) in
	exit,*) grep -q '"event":"exit"' "$scratch/events" ;;
	*) grep "\"event\":\"$event\"" "$scratch/events" | jsoncheck args ns changes ;;
	esac
	result $? "$event is told"
done
if grep '"event":"mmap"' "$scratch/events" | grep -q '"before":{[^}]*"unread":true'; then
	result 4 "VMAs that are split, and new ones, are told" "not read where a probe is a breakpoint"
else
	grep -q '"change":"split"' "$scratch/events" && grep -q '"change":"new"' "$scratch/events"
	result $? "VMAs that are split, and new ones, are told"
fi
grep '"class":"anon-new"' "$scratch/events" | grep -q '"symbol":"accessor:touch_write'
result $? "the instruction has the name of its function"

run 0 vmwalk watch --to "$scratch/events" -- accessor k:untouched t:untouched &&
	cp "$scratch/out" "$scratch/labels" && cp "$scratch/events" "$scratch/out"
at=$(state_address k:untouched)
grep -A 2 "write $at " "$scratch/out" | grep -q 'in the kernel'
result $? "a fault that the kernel took for it is marked"
at=$(state_address t:untouched)
tid=$(sed -n "s/.*tid \([0-9]*\) *write $at .*/\1/p" "$scratch/out")
[ -n "$tid" ] && prints "tid $tid +exit .*thread" && prints "fork +a thread, tid $tid"
result $? "a fault of a thread has its id, and threads come and go"
fits 100 && harmless && prints ' 0 lost$'
result $? "the lines fit in 100 columns, and end with what was lost"
run 0 vmwalk watch --width 80 --ascii --to "$scratch/events" -- accessor w:untouched &&
	cp "$scratch/events" "$scratch/out" && fits 80
result $? "they fit in 80 columns as well"
! LC_ALL=C grep -q '[^ -~]' "$scratch/events"
result $? "--ascii gives nothing but ASCII"
run 0 vmwalk watch -q --count 3 --event fault -- accessor w:untouched &&
	wait_for grep -q '^ready' "$scratch/out" &&
	! grep -q event= "$scratch/out"
result $? "the program keeps its standard output, events go to the other one"
[ "$(grep -c '^event=fault .* class=' "$scratch/err")" = 3 ] &&
	says '^event=end delivered=[0-9]* lost=0 .*shown=3$'
result $? "--count ends it after so many"

if vmwalk watch -q --count 1 -- accessor w:untouched 2>&1 >/dev/null |
	grep -q '^event=start .*sources=[a-z,]*exception'; then
	run 0 vmwalk watch --json --event exception --to "$scratch/events" -- accessor w:untouched &&
		cp "$scratch/events" "$scratch/out" && jsoncheck event < "$scratch/out" &&
		prints '"event": ?"exception".*"access": ?"write"' &&
		! grep -qE '"(outcome|class|fault)"' "$scratch/out"
	result $? "--event exception tells of accesses and not of what becomes of them"
else
	run 5 vmwalk watch --for 5 --event exception self && says 'has no "exception" events'
	result $? "an event that this kernel does not have, and no other, ends with 5"
	run 0 vmwalk watch -q --event exit,exception -- accessor w:untouched &&
		says 'has no "exception" events' && says '^event=exit'
	result $? "beside others it is told to be missing"
fi

run 0 vmwalk watch --summary --to "$scratch/events" -- accessor w:untouched &&
	cp "$scratch/events" "$scratch/out" && prints '^by class' && prints '^ +anon-new +[0-9]' &&
	prints '^by region' && prints '^by symbol' && prints ' 0 lost$' && fits 100
result $? "--summary gives sums in place of events"
run 0 vmwalk watch --summary --json --to "$scratch/events" -- accessor w:untouched &&
	jsoncheck event < "$scratch/events" && [ "$(wc -l < "$scratch/events")" = 3 ] &&
	grep '"event":"summary"' "$scratch/events" |
	jsoncheck outcomes.minor classes regions symbols buckets_below_ns
result $? "the sums are JSON"
number() { sed -n "s/.*$1\([0-9]*\).*/\1/p" "$scratch/events"; }
[ "$(number '"events":{"fault":')" = "$(number '"all":{"faults":')" ] &&
	[ "$(number '"all":{"faults":')" -gt 5 ]
result $? "the sums have every fault"

states_start w:untouched r:zero w:cow w:swapped
range=$(state_address w:untouched)
: > "$scratch/events"
vmwalk watch --json --range "$range-+1000" --to "$scratch/events" "$pid" &
watcher=$!
wait_for test -s "$scratch/events"
kill -USR1 "$pid"
wait $watcher && [ "$(grep -c '"event":"fault"' "$scratch/events")" = 1 ] && tells w:untouched anon-new
result $? "a process is watched until it ends; --range leaves out all other faults"
states_start w:untouched w:cow
: > "$scratch/events"
vmwalk watch --json --class cow --event fault --to "$scratch/events" "$pid" &
watcher=$!
wait_for test -s "$scratch/events"
kill -USR1 "$pid"
wait $watcher && tells w:cow cow && ! grep -q anon-new "$scratch/events" &&
	! grep -q '"event":"exit"' "$scratch/events"
result $? "--class and --event leave out all others"
states_start w:untouched
began=$(date +%s)
run 0 vmwalk watch --for 1.5 "$pid" && prints ' 0 lost$' && [ $(($(date +%s) - began)) -ge 1 ] &&
	kill -0 "$pid"
result $? "--for ends it after a while, and leaves the process alone"
: > "$scratch/out"
vmwalk watch "$pid" > "$scratch/out" 2> "$scratch/err" &
watcher=$!
wait_for grep -q accessor "$scratch/out"
kill -INT $watcher
wait $watcher && prints 'accessor\[[0-9]*\]: .* 0 lost$'
result $? "SIGINT ends it in good order"
kill "$pid"

# faulting: counts the processes whose faults are in $scratch/events.
faulting()
{
	grep '"event":"fault"' "$scratch/events" | grep -o '"pid":[0-9]*' | sort -u | wc -l
}
run 0 vmwalk watch --json --follow --to "$scratch/events" -- bash -c '{ :; } & wait' &&
	[ "$(faulting)" = 2 ]
result $? "--follow watches children"
run 0 vmwalk watch --json --to "$scratch/events" -- bash -c '{ :; } & wait' &&
	[ "$(faulting)" = 1 ] && grep -q '"event":"fork"' "$scratch/events"
result $? "without it they are not"
run 0 vmwalk watch --json --to "$scratch/events" -- sh -c 'exec accessor w:untouched' &&
	grep -q '"event":"exec"' "$scratch/events"
result $? "the exec of another program is told"
run 0 vmwalk watch --to "$scratch/events" -- sh -c 'exec sleep 1' &&
	says 'was not watched from exec on' && grep -q 'sh.* 0 lost' "$scratch/events"
result $? "and that it is not watched from there until vmwalk adds it again"
run 0 vmwalk watch --follow --to "$scratch/events" -- \
	sh -c 'sh -c "exec /bin/sleep 1" & wait' && says 'was not watched from exec on'
result $? "--follow tells the same of children"
# The first fault after the exec is that of the first instruction: whoever is added again
# later has had it. "access" comes from the tracepoint where there is one.
begins_at_exec()
{
	awk '/"event":"exec"/ { seen = 1 }
	     seen && /"event":"fault"/ { found = /"access":"exec"/; exit }
	     END { exit !found }' "$scratch/events"
}
run 0 vmwalk watch --json --follow=ptrace --to "$scratch/events" -- \
	sh -c 'exec accessor w:untouched' && begins_at_exec &&
	cp "$scratch/out" "$scratch/labels" && tells w:untouched anon-new && ! says 'not watched'
result $? "--follow=ptrace watches it from its first instruction on"
run 0 vmwalk watch --json --follow=ptrace --to "$scratch/events" -- \
	sh -c 'sh -c "exec accessor w:untouched" & wait' &&
	cp "$scratch/out" "$scratch/labels" && tells w:untouched anon-new && ! says 'not watched'
result $? "and does so in children"
run 0 vmwalk watch --json --follow=ptrace --to "$scratch/events" -- \
	sh -c '(sleep 0.5; exec accessor w:untouched) &' &&
	cp "$scratch/out" "$scratch/labels" && tells w:untouched anon-new
result $? "which may outlive the command"
run 0 vmwalk watch --follow=ptrace --count 1 --to "$scratch/events" -- \
	sh -c 'sleep 0.5; : > '"$scratch/after" && says 'runs on, unwatched' &&
	wait_for test -e "$scratch/after"
result $? "a command that is traced runs on when the watch ends first"
run 0 vmwalk watch --follow=ptrace --to "$scratch/events" -- \
	sh -c 'trap "exit 3" USR1; kill -USR1 $$; sleep 5' && grep -q 'status 3' "$scratch/events"
result $? "signals reach a command that is traced"
run 2 vmwalk watch --follow=ptrace "$$" && says 'needs a command'
result $? "--follow=ptrace needs a command"
run 2 vmwalk watch --follow=gdb "$$" && says 'follow=gdb'
result $? "and knows no other way"

# explain must predict the class that watch reports. A few states suffice: test_predict*
# compares many more with the events of the module.
accesses=
for state in untouched zero written readonly cow cow-left file-untouched file-read \
	file-past-end memfd thp huge-zero hugetlb hugetlb-untouched swapped uffd-wp uffd-missing \
	guard pkey hwpoison hole; do
	accesses="$accesses r:$state w:$state"
done
# All accesses are predicted before the first one. If few hugetlb pages are free, the
# last accesses could find none and end in another class, so leave some out.
free=$(cat "/sys/kernel/mm/hugepages/hugepages-$((huge / 1024))kB/free_hugepages")
if [ "${free:-0}" -lt 8 ]; then
	accesses=${accesses// w:hugetlb r/ r}
	accesses=${accesses// w:hugetlb-untouched/}
fi
# shellcheck disable=SC2086
states_start $accesses x:untouched x:written x:hole
: > "$scratch/events"
# shellcheck disable=SC2046
run 0 vmwalk explain -q "$pid" $(sed -n 's/.* \(0x[0-9a-f]*\) .$/\1/p' "$scratch/labels" | sort -u) &&
	cp "$scratch/out" "$scratch/predicted"
vmwalk watch -q --event fault --to "$scratch/events" "$pid" &
watcher=$!
wait_for test -s "$scratch/events"
kill -USR1 "$pid"
wait $watcher
# If there are several faults at an address, one must have the predicted class.
compare()
{
	awk -v exceptions="$exceptions" '
	function field(name) { return match($0, " " name "=[^ ]*") ?
		substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2) : "" }
	FNR == 1 { file++ }
	file == 1 { predicted[field("address") field("access")] = field("class"); next }
	file == 2 { at = field("address"); was[at] = was[at] " " field("class"); next }
	NF == 3 && $2 ~ /^0x/ {
		class = predicted[$2 ($3 == "r" ? "read" : $3 == "w" ? "write" : "exec")]
		got = was[$2]
		if (class == "none" && got == "") { same++; next }
		if (class ~ /^segv-/ && got == "" && !exceptions) { unreported++; next }
		found = 0
		n = split(class, one, "|")
		for (i = 1; i <= n; i++)
			found += index(got " ", " " one[i] " ") ||
				 (one[i] == "none" && got == "")
		if (class != "" && found) { same++; next }
		printf "# %s of %s: predicted %s, but it was%s\n", $3, $1, class, got
		differ++
	}
	END { printf "# %d accesses as predicted, %d not reported here\n", same, unreported; exit differ || same < 25 }
	' "$scratch/predicted" "$scratch/events" "$scratch/labels"
}
compare
result $? "faults have the class that explain had predicted"

errors_are_told
run 1 vmwalk watch --to /dev/full -- accessor w:untouched && says 'No space'
result $? "what could not be written is an error"

if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	group=$(stat -c %g /dev/vmwalk)
	mode=$(stat -c %a /dev/vmwalk)
	run 4 as_user 1000 --clear-groups vmwalk watch self && says 'group|root'
	result $? "a user without the device ends with 4"
	chgrp 990 /dev/vmwalk && chmod 660 /dev/vmwalk
	run 4 as_user 1001 --groups=990 vmwalk watch $$ && says root
	result $? "a user at a process of root ends with 4"
	run 0 as_user 1001 --groups=990 vmwalk watch --json -- accessor w:untouched w:cow &&
		cp "$scratch/out" "$scratch/labels" && cp "$scratch/err" "$scratch/events" &&
		tells w:untouched anon-new '"pfn":{"hidden"' && tells w:cow cow &&
		! grep -qE '"pfn":"|"mapcount"|"value":"0x[1-9a-f]' "$scratch/events"
	result $? "a user who watches his own program sees no frame, and the class all the same"
	run 0 as_user 1001 --groups=990 vmwalk watch -- sh -c 'exec sleep 1' &&
		says 'frames are hidden' && says 'was not watched from exec on' && says '^sh.* 0 lost'
	result $? "and goes on after exec, which he is told"
	scope=/proc/sys/kernel/yama/ptrace_scope
	if [ -w $scope ]; then
		read -r scope_before < $scope
		echo 2 > $scope
		setpriv --reuid=1001 --regid=1001 --groups=990 sleep 60 &
		pid=$!
		children="$children $pid"
		wait_for grep -q sleep "/proc/$pid/comm"
		run 4 as_user 1001 --groups=990 vmwalk watch --event brk "$pid" &&
			says 'system calls of .* are not shown.*trace'
		result $? "a user who may look, but not trace, is refused the system calls"
		run 0 as_user 1001 --groups=990 vmwalk watch --for 0.5 "$pid" &&
			says 'system calls of .* are not shown.*trace'
		result $? "or told that there are none, if he did not ask for them"
		kill "$pid"
		echo "$scope_before" > $scope
	else
		result 4 "system calls of whom one may not trace" "needs Yama"
		result 4 "the same, not asked for" "needs Yama"
	fi
	chgrp "$group" /dev/vmwalk && chmod "$mode" /dev/vmwalk
else
	result 4 "unprivileged users" "needs root and setpriv"
fi

# The processor raises no page fault, so the kernel knows no address.
if [ "$(uname -m)" = x86_64 ]; then
	watch_states --json --event signal -- r:0x8000000000000000 &&
		grep '"event":"signal"' "$scratch/events" | grep '"signal_code":"SI_KERNEL"' |
		{ ! grep '"address"'; } &&
		watch_states --event signal -- r:0x8000000000000000 &&
		grep -qE 'SIGSEGV \(SI_KERNEL\).*no address is told, as of one that is not canonical' \
			"$scratch/events"
	result $? "an access that is not canonical is no page fault, and has no address"
fi

probes_let_go
finished
