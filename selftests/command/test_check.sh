#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests vmwalk check, vmwalk find, the sums of vmwalk PID, the kernel half (vmwalk PID
# KADDR and vmwalk tree --kernel), and the columns PERMS and ELF. TAP on stdout.
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=selftests/command/script.sh
. "$here/script.sh"

# Status 3 is no mismatch: a kernel thread, or a process that has exited meanwhile.
agrees()
{
	vmwalk check "$1" > "$scratch/out" 2> "$scratch/err"
	case $? in
	0) return 0 ;;
	3) [ ! -d "/proc/$1" ] || grep -q 'kernel thread\|has exited' "$scratch/err" ;;
	*) false ;;
	esac && return 0
	sed 's/^/# /' "$scratch/out" "$scratch/err"
	return 1
}

# compared BOOK: prints the number of pages or other items that the last "check -q", whose
# output is still in $scratch/out, has compared with BOOK.
compared()
{
	sed -n "s/^book=$1 .* compared=\([0-9]*\) .*/\1/p" "$scratch/out"
}

# field NAME: prints the first value of NAME in $scratch/out, the JSON of one address,
# where each member is on a line of its own.
field()
{
	sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$scratch/out" | head -n 1
}

started()
{
	local tries=600

	until grep -qs "$2" "$scratch/said.$1"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# pfn_of PID ADDRESS: prints bits 0-54 of the entry in pagemap, in hexadecimal. Fails if
# the entry cannot be read, or if bit 63 is clear: no page is mapped.
pfn_of()
{
	local entry

	entry=$(dd if="/proc/$1/pagemap" bs=8 count=1 skip=$(($2 / page)) 2> /dev/null |
		od -A n -t x1 | awk '{ for (i = NF; i; i--) printf "%s", $i }')
	[ -n "$entry" ] && [ $((0x$entry >> 63 & 1)) = 1 ] &&
		printf '%x\n' $((0x$entry & 0x7fffffffffffff))
}

labels="untouched zero written freed readonly protnone cow cow-broken shared file-read
	file-written file-shared-written file-past-end text memfd thp huge-zero thp-split
	hugetlb hugetlb-untouched hugetlb-1g swapped pkey uffd-wp uffd-wp-marker hwpoison
	thp-protnone thp-shmem devmem devmem-copied ksm"
# shellcheck disable=SC2086
process_start $labels || exit 1
# The kernel still changes new pages (KSM, writing to swap): a first mismatch is only
# printed.
agrees_soon()
{
	run 0 vmwalk check --width 200 "$1" && return
	sleep 2
	run 0 vmwalk check --width 200 "$1"
}

agrees_soon "$pid"
said=$?
run 0 vmwalk check -q "$pid" && lines 8 && ! grep -q 'result=mismatch' "$scratch/out" &&
	[ "$said" = 0 ]
result $? "a process with every state agrees with /proc"
pages=$(compared pagemap)
[ "${pages:-0}" -gt 500 ] && [ "$(compared kpagecount)" -gt 500 ] &&
	[ "$(compared maps)" = "$(compared smaps)" ]
result $? "all of its pages and VMAs were compared"
[ "$(compared maps)" = "$(grep -vc vsyscall "/proc/$pid/maps")" ]
result $? "each line of maps was compared"
case $(uname -r) in
[1-5].*|6.[0-6].*)
	grep -q 'book=pagemap-scan result=unavailable' "$scratch/out" ;;
*)
	[ "$(compared pagemap-scan)" = "$pages" ] ;;
esac
result $? "PAGEMAP_SCAN is compared where the kernel has it, and else said not to be there"

kill "$pid"
wait "$pid" 2> /dev/null

# smaps_sums PID: START RSS HUGE SWAP HUGETLB of each VMA but vsyscall, as smaps has them;
# bytes.
smaps_sums()
{
	awk '
	function put() {
		if (start != "")
			printf "%s %d %d %d %d\n", start, rss, huge, swap, hugetlb
		rss = huge = swap = hugetlb = 0
	}
	/^[0-9a-f]+-[0-9a-f]+ / {
		put()
		split($1, range, "-")
		start = /vsyscall/ ? "" : range[1]
		sub(/^0+/, "", start)
	}
	/^Rss:/ { rss = $2 * 1024 }
	/^(AnonHugePages|ShmemPmdMapped|FilePmdMapped):/ { huge += $2 * 1024 }
	/^Swap:/ { swap = $2 * 1024 }
	/^(Shared|Private)_Hugetlb:/ { hugetlb += $2 * 1024 }
	END { put() }' "/proc/$1/smaps"
}

# json_sums: prints the lines of smaps_sums from the JSON of the address space, in which
# "swap" comes last of the sums that are read here.
json_sums()
{
	awk '
	/"totals":/ { exit }
	/"start":/ { start = substr($2, 4); sub(/",$/, "", start) }
	/"rss":/ { rss = $2 + 0 }
	/"rss_pmd":/ { huge = $2 + 0 }
	/"rss_pud":/ { huge += $2 + 0 }
	/"hugetlb":/ { hugetlb = $2 + 0 }
	/"swap":/ { printf "%s %d %d %d %d\n", start, rss, huge, $2 + 0, hugetlb }'
}

sums_agree()
{
	smaps_sums "$pid" > "$scratch/want"
	run 0 vmwalk --json "$pid" && json_sums < "$scratch/out" > "$scratch/have" &&
		[ "$(wc -l < "$scratch/have")" -ge 20 ] &&
		diff "$scratch/want" "$scratch/have" > "$scratch/list" && return
	sed 's/^/# /' "$scratch/list"
	return 1
}

states="written zero thp huge-zero thp-split thp-cow swapped hugetlb hwpoison protnone
	file-read file-written memfd devmem vdso"
# smaps of Linux 6.1 skips VM_PFNMAP VMAs. On some kernels before 6.6 it does not count
# huge pages that are PROT_NONE or have a NUMA hint.
case $(uname -r) in
[1-5].*|6.[0-5].*) ;;
*) states="$states devmem-copied thp-protnone numa-hint" ;;
esac
# shellcheck disable=SC2086
process_start $states || exit 1
kill -STOP "$pid"
sums_agree || { sleep 2; sums_agree; }
result $? "what vmwalk PID counts of each VMA is what smaps counts"
awk '{ huge += $3; swap += $4 } END { exit !(huge && swap) }' "$scratch/have"
result $? "huge pages and swap are among it"
kill -CONT "$pid"
kill "$pid"
wait "$pid" 2> /dev/null
process_start written thp swapped file-read cow zero || exit 1
kill -STOP "$pid"
run 0 vmwalk check -q "$pid" && ! grep -q 'raced=[1-9]' "$scratch/out"
result $? "of a stopped process nothing races"
run 0 vmwalk check -J "$pid" && jsoncheck pages vmas mismatches books < "$scratch/out"
result $? "the JSON of check is valid and complete"
run 0 vmwalk check "$pid" && prints '^ *maps +ok +[0-9]+ +VMAs' && fits 100 && harmless
result $? "the table of check has a row for each file of /proc"
run 0 vmwalk check -n -o BOOK,COMPARED "$pid" && prints '^ *stat +13$' && lines 8
result $? "check takes columns, and leaves out headings"
kill -CONT "$pid"

# corrupted NAME BOOK LABEL [WORD…]: runs check with the options WORD. ioctl_corrupt.so
# makes the module's answer wrong as NAME says, for the page at LABEL, its VMA or the
# process. check must exit with 1 and name BOOK.
corrupted()
{
	local name=$1 book=$2 label=$3
	shift 3

	at=$(address "$label")
	CORRUPT=$name CORRUPT_AT=$at LD_PRELOAD=$here/ioctl_corrupt.so vmwalk check "$@" "$pid" \
		> "$scratch/out" 2> "$scratch/err"
	[ $? = 1 ] && prints "MISMATCH *$book"
}
for what in frame:pagemap:written uffd-wp:pagemap:written empty:pagemap:written \
	    mapcount:kpagecount:written page-flags:kpageflags:written anonymous:pagemap:written \
	    frame:pagemap:swapped frame:pagemap:thp mapcount:kpagecount:thp empty:smaps:thp \
	    empty:smaps:swapped vma-end:maps:written vma-inode:maps:file-read \
	    vma-flags:smaps:written tables:status:written resident:status:written \
	    brk:stat:written; do
	IFS=: read -r name book label <<< "$what"
	case $(address "$label") in
	0*) corrupted "$name" "$book" "$label" ;;
	*) (exit 4) ;;
	esac
	result $? "a wrong $name of $label is a mismatch of $book" "not on this machine"
done
corrupted frame pagemap written && prints "MISMATCH *pagemap.* 0x[0-9a-f]*000" &&
	prints 'frame: pagemap has 0x[0-9a-f]*, expected 0x'
result $? "a mismatch says where, and what both have"
at=$(address written)
check_corrupted()
{
	CORRUPT=frame CORRUPT_AT=$at LD_PRELOAD=$here/ioctl_corrupt.so vmwalk check "$@" "$pid"
}
run 1 check_corrupted -J && jsoncheck < "$scratch/out" && prints '"book": "pagemap"' &&
	prints "\"address\": \"$(printf '%#x' $((at & -page)))\"" &&
	prints '"reason": "frame: pagemap has'
result $? "the JSON of a mismatch has its book, its address and the reason"
run 1 check_corrupted -q && prints 'book=pagemap result=mismatch .* mismatches=1$'
result $? "-q counts a mismatch"
check_corrupted_sometimes()
{
	CORRUPT=frame CORRUPT_AT=$at CORRUPT_OFTEN=2 LD_PRELOAD=$here/ioctl_corrupt.so vmwalk check -q "$pid"
}
run 0 check_corrupted_sometimes && ! grep -q 'mismatches=[1-9]' "$scratch/out"
result $? "what was there in one try and not in the next is no mismatch"

bad=0
for process in /proc/[0-9]*; do
	agrees "${process#/proc/}" || bad=$((bad + 1))
done
[ $bad = 0 ]
result $? "every process of this machine agrees with /proc"

# A shell that forks as fast as it can: pagemap and module see different moments.
bash -c 'while :; do for i in 1 2 3 4 5 6 7 8; do x=$(echo "$i"); done; done' &
busy=$!
children="$children $busy"
sleep 0.3
bad=0
for _ in 1 2 3 4 5; do
	agrees $busy || bad=$((bad + 1))
done
[ $bad = 0 ]
result $? "a process that is busy races, and does not disagree"
kill $busy

many_vmas 2 16 > "$scratch/said.large" &
large=$!
children="$children $large"
started large ready
at=$(sed -n 's/^ready //p' "$scratch/said.large")
run 0 vmwalk check -q $large && [ "$(compared pagemap)" -gt $(((16 << 30) / page)) ]
result $? "16 GiB with a page in the middle agree with /proc, page by page"
hide_page()
{
	CORRUPT=empty CORRUPT_AT=$at LD_PRELOAD=$here/ioctl_corrupt.so vmwalk check $large
}
run 1 hide_page && prints "MISMATCH *pagemap.* $at"
result $? "a page that is kept back in much that is empty is found"
kill $large

if [ "$(id -u)" = 0 ]; then
	limit=$(cat /proc/sys/vm/max_map_count)
	echo 100000 > /proc/sys/vm/max_map_count
	# A debug kernel, which has kmemleak, takes minutes for so many.
	vmas=60000
	[ ! -e /sys/kernel/debug/kmemleak ] || vmas=6000
	many_vmas $vmas > "$scratch/said.many" &
	many=$!
	children="$children $many"
	started many ready && run 0 vmwalk check -q $many && [ "$(compared maps)" -gt $vmas ] &&
		! grep -q 'mismatches=[1-9]' "$scratch/out"
	result $? "a process with $vmas VMAs agrees with /proc"
	vmwalk check $many > "$scratch/out" 2> "$scratch/err" &
	checker=$!
	sleep 0.2
	kill -KILL $many
	wait $checker
	[ $? = 3 ] && says 'exited'
	result $? "a process that exits half-way ends it with 3, in words"
	echo "$limit" > /proc/sys/vm/max_map_count
fi
run 3 vmwalk check 2 && says 'kernel thread'
result $? "check of a kernel thread ends with 3"
run 2 vmwalk check && run 2 vmwalk check 1 2 && run 2 vmwalk check -o NONSENSE self
result $? "check without a PID, with two, or with a column that is none is a usage error"

kill "$pid"
wait "$pid" 2> /dev/null
process_start cow thp hugetlb hugetlb-1g || exit 1
at=$(address cow)
frame=$(pfn_of "$pid" "$at")
run 0 vmwalk find -q "pfn:$frame" && lines 2 &&
	prints "^pid=$pid comm=demo address=$(printf '%#x' $((at & -page))) "
result $? "after a fork, both processes are found"
run 0 vmwalk find "$(printf '%x' $((0x$frame * page + (at & (page - 1)))))" &&
	prints 'mapped by 2 processes, at 2 addresses' && prints "^ *$pid +demo +$at +$(size_word "$page") +base"
result $? "a physical address is found with its offset"
run 0 vmwalk find -J "pfn:$frame" &&
	jsoncheck pa pfn processes denied mappings flags < "$scratch/out"
result $? "the JSON of find is valid and complete"
for label in thp hugetlb hugetlb-1g; do
	at=$(address "$label")
	case $at in
	0*)
		frame=$(pfn_of "$pid" $((at + 5 * page)))
		run 0 vmwalk find "pfn:$frame" &&
			prints "^ *$pid +demo +$(printf '%#x' $(((at + 5 * page) & -page))) +[0-9]+[MG] +${label%-1g} "
		;;
	*) (exit 4) ;;
	esac
	result $? "a page inside of $label is found at its own address" "${at#- }"
done

# A shared mapping of a file opened read-only: VM_MAYSHARE without VM_SHARED.
process_start file-shared-readonly || exit 1
at=$(address file-shared-readonly)
at=$(printf '%#x' $((at & -page)))
grep -q ' r--s .* /tmp/vmwalk-file' "/proc/$pid/maps" &&
	run 0 vmwalk -q "$pid" && prints ' perms=r--s .*name=/tmp/vmwalk-file' &&
	run 0 vmwalk -q -o START,PERMS "$pid" "$at-+1" && prints "start=$at perms=r--s" &&
	run 0 vmwalk -J "$pid" "$at" && prints '"perms": "r--s"' &&
	run 0 vmwalk find -q "pfn:$(pfn_of "$pid" "$at")" &&
	prints "pid=$pid .* perms=r--s " &&
	run 0 vmwalk check -q "$pid" && prints '^book=maps result=ok'
result $? "a file opened read-only and mapped shared is r--s in every view, as in maps"

# Expect the processes whose pagemap has this frame at the same offset of libc. vmwalk
# maps libc, too: its own line is left out of the answer.
bash -c 'echo ready; trap : TERM; kill -STOP $$' > "$scratch/said.shell" &
stopped=$!
started shell ready
text=$(awk '/ r-xp .*libc/ { print "0x" $1; exit }' /proc/$$/maps)
text=${text%-*}
until frame=$(pfn_of $$ "$text"); do
	text=$(printf '%#x' $((text + page)))
done
for process in /proc/[0-9]*; do
	base=$(awk '/ r-xp .*libc/ { print "0x" $1; exit }' "$process/maps" 2> /dev/null)
	[ -n "$base" ] || continue
	own=$(awk '/ r-xp .*libc/ { print "0x" $1; exit }' /proc/$$/maps)
	where=$((${base%-*} + text - ${own%-*}))
	[ "$(pfn_of "${process#/proc/}" $where)" = "$frame" ] && echo "${process#/proc/}"
done > "$scratch/want"
run 0 vmwalk find -q "pfn:$frame"
kill -KILL $stopped
sed -n '/ comm=vmwalk /!s/^pid=\([0-9]*\) .*/\1/p' "$scratch/out" > "$scratch/have"
sort -n "$scratch/want" > "$scratch/list"
[ "$(wc -l < "$scratch/list")" -ge 2 ] && cmp "$scratch/list" "$scratch/have"
result $? "a page of libc's text is found in every process that has it"

process_start written zero swapped file-read || exit 1
frame=$(pfn_of "$pid" "$(address written)")
kill "$pid"
wait "$pid" 2> /dev/null
vmwalk find "pfn:$frame" > "$scratch/out" 2> "$scratch/err"
found=$?
# The frame may have been reused by another process.
[ $found = 1 ] || [ $found = 0 ] && ! grep -q "^ *$pid " "$scratch/out"
result $? "a process that has exited is not found"
none=1
ram()
{
	sed -n "s/^ *\([0-9a-f]*\)-.* : $1\$/0x\1/p" /proc/iomem | head -n 1
}
memory=$(($(ram 'System RAM') / page))
for frame in $(seq 0 40); do
	# Try low memory: much of it is free in a small VM.
	vmwalk find "pfn:$(printf '%x' $((memory + 0x8000 + frame * 997)))" > "$scratch/out" 2>&1
	[ $? = 1 ] && grep -q 'mapped by no process.*free' "$scratch/out" && none=0 && break
done
result $none "a free frame is mapped by nobody: exit 1, and it is said to be free"
run 1 vmwalk find "$(ram "Kernel code")" && prints 'mapped by no process.*reserved'
result $? "a frame that nobody maps is told by its use"
run 3 vmwalk find pfn:ffffffffff && says 'beyond the memory'
result $? "a frame beyond memory ends find with 3"
run 2 vmwalk find main && says 'no physical address' && run 2 vmwalk find && run 2 vmwalk find 1 2
result $? "what is no physical address is a usage error"

process_start written || exit 1
text=$(awk '$3 == "_stext" { print $1 }' /proc/kallsyms)
# The library knows the regions of x86 (kernel_layout.c); elsewhere it knows only the
# image.
region="direct map"
[ "$(uname -m)" = x86_64 ] || region="kernel half"
kernel_half()
{
	run 0 vmwalk --json "$pid" "$(address written)"
	pa=$(field pa)
	direct=$(directmap "${pa#0x}")
	run 0 vmwalk --json "$pid" "$direct" && [ "$(field pa)" = "$pa" ] && [ -n "$pa" ]
	result $? "a page's address in the direct map, walked, gives the same page"
	prints "\"region\": \"$region\"" && prints '"best_effort": true'
	result $? "it is said to be the direct map where that is known, and best effort"
	run 0 vmwalk "$pid" "$direct" && prints "$region" && prints '^note .*best effort' &&
		! grep -q '^maps\|^VMA\|^faults\|^checked' "$scratch/out" && fits 100
	result $? "its screen has no VMA, no faults and no checks"
	run 0 vmwalk "$pid" "$text" && prints 'kernel text' && prints 'r-x +for the kernel.* --- for user'
	result $? "the kernel's text is for the kernel alone"
	run 0 vmwalk --expect present,exec,'!user' "$pid" "$text"
	result $? "--expect knows the kernel's half"
	run 0 vmwalk -q "$pid" "$direct" "$text" && lines 2 && prints "region=${region/ /.*040}"
	result $? "-q gives a line for each address of the kernel's"
	sleep 1000 > "$scratch/out" &
	other=$!
	children="$children $other"
	run 0 vmwalk tree --kernel "$pid" $other && prints 'entries: [0-9]+ shared.* 0 differ .*'
	result $? "two processes share the kernel's half"
	run 0 vmwalk tree --kernel -q "$pid" $other && ! grep -q 'likeness=differs' "$scratch/out" &&
		prints '^first=256 ' && prints ' last=511 '
	result $? "all 256 slots of the roots were compared"
	run 0 vmwalk tree --kernel -J "$pid" $other && jsoncheck pid pid2 entries slots < "$scratch/out"
	result $? "the JSON of tree --kernel is valid and complete"
	run 2 vmwalk tree --kernel "$pid" && says 'two PIDs'
	result $? "tree --kernel with one PID is a usage error"
}

# On arm64 the kernel half has its own root, TTBR1, which the module does not walk.
own_root=
if [ "$(uname -m)" = aarch64 ]; then
	own_root="the kernel has a root of its own (TTBR1)"
	run 3 vmwalk "$pid" "$text" && says "kernel's half" && says TTBR1
	result $? "an address of the kernel's is refused in words"
	run 3 vmwalk tree --kernel "$pid" $$ && says TTBR1
	result $? "tree --kernel is refused in words"
	result 4 "the kernel's half is shown" "$own_root"
else
	kernel_half
fi

if [ "$(id -u)" = 0 ]; then
	mode=$(stat -c %a /dev/vmwalk)
	chmod 666 /dev/vmwalk
	setpriv --reuid=1000 --regid=1000 --clear-groups sleep 1000 > "$scratch/out" &
	mine=$!
	children="$children $mine"
	sleep 0.3
	run 0 as_user 1000 --clear-groups vmwalk check $mine &&
		prints 'kpageflags +unavailable' && prints 'kpagecount: .*CAP_SYS_ADMIN' &&
		prints 'pagemap +ok'
	result $? "without authority, what cannot be compared is said, and the rest compared"
	run 4 as_user 1000 --clear-groups vmwalk check "$pid" && says 'does not let you'
	result $? "check of another user's process ends with 4"
	run 4 as_user 1000 --clear-groups vmwalk find 1000 && says CAP_SYS_ADMIN
	result $? "find without authority ends with 4"
	run 4 as_user 1000 --clear-groups vmwalk $mine "$text" && says CAP_SYS_ADMIN
	result $? "the kernel's half without authority ends with 4"
	if [ -z "$own_root" ]; then
		run 4 as_user 1000 --clear-groups vmwalk tree --kernel $mine $mine &&
			says CAP_SYS_ADMIN
	else
		(exit 4)
	fi
	result $? "tree --kernel without authority ends with 4" "$own_root"
	chmod "$mode" /dev/vmwalk
fi

run 0 vmwalk -o ELF,NAME "$pid" && prints 'LOAD [0-9] r-x: .*\.text' && prints '\.data' &&
	prints '\.bss' && prints GNU_RELRO
result $? "VMAs of the program name its segments and sections"
run 0 vmwalk -J $$ && [ "$(grep -c '"elf": "LOAD ' "$scratch/out")" -ge 8 ]
result $? "VMAs of libraries do, too"

finished
