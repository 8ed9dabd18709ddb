#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Views of a snapshot of a stopped process, at addresses inside of huge leaves, must equal
# the views of the process itself. TAP on stdout.
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/command/script.sh
. "$here/script.sh"

# Removes what a snapshot cannot have or words differently: checks, the time when it was
# taken, stability of the walk, vm_ops, predictions. Removes blank lines, too.
without_live_parts()
{
	sed -E '/^checked /d; /^taken /d; /^ +vm_ops /d
		/^if it /d; /^ {8}(writes|executes) /d; /^$/d
		s/"predict": ?\{.*("faults": ?\{)/\1/
		s/ +(stable during the walk|from a snapshot)$//
		s/,? ?"vm_ops": ?"[^"]*",? ?"fault": ?"[^"]*"//
		s/,? ?"checks": ?\[.*$//
		s/ (stable|snapshot)=.*$//' "$1"
}

# same_view WORD…: reads the array options, which the caller sets. Leaves the view of the
# snapshot, without_live_parts, in $scratch/have.
same_view()
{
	run 0 vmwalk "${options[@]}" "$stopped" "$@" && mv "$scratch/out" "$scratch/live" &&
		run 0 vmwalk "${options[@]}" --from "$scratch/snapshot" "$@" || return 1
	without_live_parts "$scratch/live" > "$scratch/want"
	without_live_parts "$scratch/out" > "$scratch/have"
	[ -s "$scratch/have" ] && cmp "$scratch/want" "$scratch/have" > "$scratch/list" &&
		return 0
	diff "$scratch/want" "$scratch/have" | head -n 40 | sed 's/^/# /'
	return 1
}

# "too busy" means that records were left out, which no stopped process may cause.
stop()
{
	stopped=$1
	kill -STOP "$stopped"
	run 0 vmwalk record "$stopped" "$scratch/snapshot" && ! says 'too busy' > "$scratch/list"
}

# inside ADDRESS SIZE: prints an address in each of several pages of the huge leaf of
# SIZE bytes, among them the first and the last one.
inside()
{
	local start=$(($1 & ~($2 - 1))) nr

	for nr in 0 1 2 63 64 65 $((($1 - start) / page)) $(($2 / page - 1)); do
		printf '%#x\n' $((start + nr * page + 0x18))
	done
}

looks_the_same()
{
	local bad=0 start=$(($2 & ~($3 - 1))) nr
	local -a at

	mapfile -t at < <(inside "$2" "$3")
	options=()
	same_view "${at[@]}" || bad=1
	grep -c '^page ' "$scratch/have" | grep -qx ${#at[@]} || bad=1
	result $bad "the screen is the same at addresses inside of $1, with a row of the page"
	options=(--json)
	same_view "${at[@]}" && [ "$(grep -c '"mapcount": \{0,1\}[0-9]' "$scratch/have")" = ${#at[@]} ]
	result $? "the JSON is the same inside of $1"
	options=(-q)
	same_view "${at[@]}" && [ "$(grep -c ' mapcount=' "$scratch/have")" = ${#at[@]} ]
	result $? "the line of -q is the same inside of $1"
	bad=0
	options=(--json)
	for nr in 0 $((($2 - start) / page)) 100; do
		same_view "$(printf '%#x-%#x' $((start + nr * page)) $((start + $3)))" || bad=1
	done
	result $bad "a range that begins inside of $1 is the same"
}

# In this test demo has one child, with which it shares pages copy-on-write.
partner_of()
{
	grep -lx "PPid:[[:space:]]*$1" /proc/[0-9]*/status | sed 's,^/proc/\([0-9]*\)/.*,\1,'
}

# thp-cow comes first: its child inherits the states made before it, and none of the later
# ones.
process_start thp-cow thp hugetlb file-untouched || exit 1
case $(address thp-cow) in
0*) ;;
*)
	result 4 "views of huge leaves" "no THP: $(address thp-cow)"
	finished
	exit
	;;
esac
shared=$(address thp-cow)
partner=$(partner_of "$pid")
stop "$pid"
result $? "a snapshot of a stopped process is whole"
looks_the_same "a THP shared by fork" "$shared" "$huge"
run 0 vmwalk explain --from "$scratch/snapshot" "$shared" && prints '^If it writes: ' &&
	run 0 vmwalk explain -q --from "$scratch/snapshot" "$shared" &&
	prints 'access=read outcome=none class=none$' &&
	prints 'access=write outcome=minor class=cow$'
result $? "what an access would have done is told from a snapshot"
run 0 vmwalk explain -q --from "$scratch/snapshot" "$(address file-untouched)" &&
	prints 'access=read outcome=[^ ]*minor\|major' &&
	run 0 vmwalk explain --from "$scratch/snapshot" "$(address file-untouched)" &&
	prints 'in the page cache.*not known from here'
result $? "what a snapshot does not hold is named as not known"
run 2 vmwalk --from "$scratch/snapshot" "$pid" "$shared" &&
	run 0 vmwalk --from "$scratch/snapshot" -q "0x$pid"
result $? "a PID beside --from is a usage error, and no address"
run 0 vmwalk --from "$scratch/snapshot" --expect 'thp,cow,map>=2' "$shared"
result $? "--expect knows that it is shared"
looks_the_same "an exclusive THP" "$(address thp)" "$huge"
case $(address hugetlb) in
0*) looks_the_same "a hugetlb page" "$(address hugetlb)" "$huge" ;;
*) result 4 "views of a hugetlb page" "$(address hugetlb)" ;;
esac

kill -CONT "$pid"
kill -USR1 "$pid"
until grep -qs ^written "$scratch/labels"; do
	sleep 0.05
done
stop "$partner"
result $? "a snapshot of its stopped child is whole"
looks_the_same "a THP of which another process has copied a page" "$shared" "$huge"
run 0 vmwalk --from "$scratch/snapshot" --expect 'thp,!map>=2' "$shared" &&
	run 0 vmwalk --from "$scratch/snapshot" --expect 'thp,map>=2' \
		"$(printf '%#x' $((shared + page)))" "$(printf '%#x' $((shared & ~(huge - 1))))"
result $? "--expect tells the page that was copied from its neighbours"
kill -CONT "$partner"
stop "$pid"
result $? "a snapshot of the one that has copied it is whole"
looks_the_same "a THP that is mapped page by page" "$shared" "$huge"

if [ "$(id -u)" = 0 ]; then
	record_without()
	{
		setpriv --bounding-set=-sys_admin vmwalk record -q "$pid" - > "$scratch/snapshot"
	}
	run 0 record_without && run 0 vmwalk --from "$scratch/snapshot" "$(address thp)" &&
		prints 'hidden \(needs CAP_SYS_ADMIN\)' && ! grep -q mapcount "$scratch/out"
	result $? "without authority nothing of the pages is in it"
fi

finished
