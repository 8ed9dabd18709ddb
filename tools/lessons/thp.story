# SPDX-License-Identifier: GPL-2.0
title Transparent huge pages: one entry of the PMD for all of it
place 140

= You will see

The page table is a tree, and an entry of the PMD can map memory itself, in
place of a table of PTEs. Then one entry, one fault and one slot in the TLB
serve as much memory as all the PTEs of a table.

= Think first

Why are large pages not used for everything? What must hold of the address,
and of physical memory? What becomes of a huge page if the program gives back,
or protects, a small part of it?

= An area, aligned

The program takes an area that begins at a multiple of the size of a huge
page, and asks for huge pages (MADV_HUGEPAGE).

@go mapped

@let class = vmwalk --json explain {pid} {area} -> predict.write.class
@check a write would map a huge page
	vmwalk --expect none {pid} {area}
	{class} == anon-huge

= Every page of it is written

@go touched
	vmwalk watch --event fault --range {area}-+0d{huge} {pid}

@let nr = watch -> #
@let told = watch -> 0.class
$ vmwalk {pid} {area} | grep -E 'idx|P.[DE]|page  '

@let first = vmwalk --json {pid} {area} -> page.pfn
@let second = vmwalk --json {pid} {next} -> page.pfn
@check one fault for all of it
	{faults} == 1
@check the watch saw it: {told}
	{nr} == 1
	{told} == {class}
@check the walk ends at the PMD: a leaf of {mib} MiB, no PTE
	vmwalk --expect thp,level=PMD,size={pmd_size} {pid} {area}
@check the frames of it are side by side: {first}, then {second}
	{second} == {first} + 1
@check the system counts it (thp_fault_alloc in /proc/vmstat): {allocated}
	{allocated} >= 1

= One page is made read-only

An entry of the PMD has one permission for all of it. So it is replaced by a
table of PTEs: a split.

@go split

$ vmwalk {pid} {next} | grep -E 'idx|P.[DE]|page  '

@let now = vmwalk --json {pid} {next} -> page.pfn
@let order = vmwalk --json {pid} {next} -> page.order
@check it is mapped by a PTE, read-only; the next page may be written
	vmwalk --expect present,!write,level=PTE {pid} {next}
	vmwalk --expect present,write,level=PTE {pid} {area}
@check the frames have not changed: only the page table was split
	{now} == {second}
@check the memory itself is still one block (order {order})
	{order} > 1

= Another page is given back

@go partly

$ vmwalk {pid} {area}-+0d{pmd_size}

@check there is a hole in it
	vmwalk --expect none {pid} {third}
@check the rest is there
	vmwalk --expect present {pid} {area}

The frame of that page is not free yet: it is part of a block that is in use.
The kernel notes such blocks and splits them when memory is short. Until then
a program that gives back a page here and there gives back nothing.

= Collapsed

madvise(MADV_COLLAPSE) has the kernel do now what its thread khugepaged does
in the background: copy all pages into one new huge page.

@go collapsed

$ vmwalk {pid} {area} | grep -E 'idx|P.[DE]|page  '

@let new = vmwalk --json {pid} {area} -> page.pfn
@check it is one entry again, in other memory
	{collapse} == yes
	vmwalk --expect thp,level=PMD,size={pmd_size} {pid} {area}
	{new} != {first}
@check the page that was given back has come back as zeros
	{byte} == 0

= By khugepaged [khugepaged]

A second area of that size is written while huge pages are not wanted.

@go small

@check it is mapped by PTEs
	vmwalk --expect present,level=PTE {pid} {small}

Then they are wanted after all. The program has khugepaged look more often than
every ten seconds, and waits.

@go daemon
	vmwalk watch --event collapse {pid}

@let done = watch -> collapse.done
@check without having been touched it is mapped by one entry of the PMD
	vmwalk --expect thp,level=PMD,size={pmd_size} {pid} {small}
@check the watch saw khugepaged do it
	{done} == 1

= The tunables

$ vmwalk mm {pid} | grep -E 'huge|khuge'

They are in /sys/kernel/mm/transparent_hugepage: enabled (always, madvise,
never), defrag (how hard to try at a fault), and khugepaged's own: how much it
scans, how often, and how many empty entries it is ready to fill
(max_ptes_none).

= What it shows

A huge page needs an aligned area and as large a block of free memory. It is
split as soon as part of it is treated differently, and it can be collapsed
again. It saves faults and TLB misses, and can waste memory.

Names in the kernel: do_huge_pmd_anonymous_page(), split_huge_pmd(),
collapse_huge_page(), and the deferred split queue.

= Try next

Leave MADV_HUGEPAGE out, and set enabled to madvise. Watch AnonHugePages in
/proc/{pid}/smaps, and thp_split_pmd in /proc/vmstat.
