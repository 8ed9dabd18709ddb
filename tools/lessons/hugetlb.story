# SPDX-License-Identifier: GPL-2.0
title hugetlb: huge pages from a pool, and pages of 1 GiB
place 160

= You will see

Transparent huge pages are taken if there happen to be some. A database that
relies on them wants a promise: a pool of huge pages that is kept for those
who ask for them by name.

= Think first

A mapping of the pool must not fail later, at some page fault, because others
have taken the pages: nothing could be done then but to kill. When must the
kernel count?

= The pool

@go pool

= Two pages are mapped

@go mapped

@check they are reserved at once, and not taken yet
	{reserved_mapped} == {reserved_before} + 2
	{free_mapped} == {free_before}
@check nothing is there
	vmwalk --expect none {pid} {area}

= One is touched

@go touched
	vmwalk watch --event fault --range {area}-+0d{huge} {pid}

@let told = watch -> 0.class
$ vmwalk {pid} {area} | grep -E '^  [a-z]|P.[DE]|page  '

@check one fault took one page of the pool, and used up its reservation
	{faults} == 1
	{free_touched} + 1 == {free_mapped}
	{reserved_touched} + 1 == {reserved_mapped}
@check the watch saw it: {told}
	{told} == hugetlb
@check it is one page of {huge} bytes
	vmwalk --expect present,hugetlb,write,size={huge} {pid} {area}
@let rss = vmwalk --json mm {pid} -> mm.hugetlb
@check RSS does not count it, there is a separate count: {rss} bytes
	{rss} == {huge}

= More than there is

@go limit

@check mmap() refuses, not a later fault: {too_many}
	{too_many} == Cannot allocate memory

= A page of 1 GiB [gigabyte]

The table collapses one level further up: the entry of the PUD is the leaf, or
that of the PGD where there is no level between.

@go giant

$ vmwalk {pid} {middle} | grep -E '^  [a-z]|P.[DE]|page  '

@check the walk ends above the PMD, with 1 GiB
	vmwalk --expect present,hugetlb,size=1G {pid} {middle}

= What it shows

hugetlb pages are not swapped and not split, and nothing else can use them
while the pool keeps them. Files on hugetlbfs (/dev/hugepages) share them
between processes.

Names in the kernel: hugetlb_reserve_pages() at mmap(), hugetlb_fault() at the
access, hugetlb_no_page().

= Try next

echo N > /proc/sys/vm/nr_hugepages, with N larger than memory: how many are
there afterwards, and why fewer when the machine has run for long?
