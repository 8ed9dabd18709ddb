# SPDX-License-Identifier: GPL-2.0
title munmap(): pages, page tables and cached translations go away
place 110

= You will see

To take memory away is more work than to give it: entries, frames, page
tables, and what processors remember of them.

= Think first

A program unmaps memory. When may its frame be given to somebody else? Another
thread of the same program runs on another processor, which has the old entry
in its TLB. What has to happen first?

= Half a gigabyte, one page in 16 MiB

The program maps 512 MiB and touches 32 pages, far from each other.

@go mapped

@let empty = vmwalk --json mm {pid} -> mm.table_bytes

@go touched

@let full = vmwalk --json mm {pid} -> mm.table_bytes

$ vmwalk tree {pid} | head -n 7

@check it took page tables: {empty} bytes before, {full} now
	{full} > {empty}

= The pages go, the tables stay

madvise(MADV_DONTNEED) gives the pages back and keeps the mapping.

@go emptied

@let left = vmwalk --json mm {pid} -> mm.table_bytes
@check the entries are empty
	vmwalk --expect none {pid} {area}
@check the tables need not go with them: {left} bytes are left
	{left} <= {full}
	{left} >= {empty}

= A page in the middle is unmapped

@let vmas = vmwalk --json mm {pid} -> mm.map_count

@go hole

@let now = vmwalk --json mm {pid} -> mm.map_count

$ vmwalk {pid} {middle} | head -n 8

@check there is a hole
	vmwalk --expect no-vma {pid} {middle}
@check one VMA has become two
	{now} == {vmas} + 1

= All of it is unmapped

@go unmapped

@let end = vmwalk --json mm {pid} -> mm.table_bytes
@check the VMAs are gone
	vmwalk --expect no-vma {pid} {area}
@check the tables too: {end} bytes
	{end} <= {empty}

= Other processors [shootdowns]

The program maps, touches and unmaps a page 100 times: first alone, then while
another of its threads runs on another processor. It counts how often one
processor interrupted another one to have it flush its TLB.

@go flushed

@check alone, hardly ever: {alone} times
	{alone} < 20
@check with another thread, nearly each time: {together} times
	{together} >= 60

= What it shows

The order matters: first the entries, then the TLBs of all processors that run
the process, and only then the frames and the tables. A flush on others is an
interrupt: expensive, and collected (mmu_gather) so that one serves many
pages.

Names in the kernel: unmap_page_range() and zap_pte_range() empty the entries,
tlb_finish_mmu() flushes and frees, free_pgtables() takes the tables.

= Try next

Why does the kernel not free the tables for MADV_DONTNEED? (From 6.14 on it
can, if a whole table is emptied that way.) Which processors need no
interrupt?
