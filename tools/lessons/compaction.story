# SPDX-License-Identifier: GPL-2.0
title Fragmentation and compaction: free memory, but in pieces
place 150

= You will see

A huge page needs a large block of free frames side by side. Memory can be
free and yet have no such block. The kernel can move pages together, and the
programs that use them do not notice.

= Think first

A program's page moves from one frame to another. What has to be changed, and
where? What if the program reads or writes it at just that moment?

= Memory in pieces

The program writes 16384 pages and gives every second one back. It counts the
free blocks that would be large enough for a huge page (/proc/buddyinfo).

@go pieces

$ vmwalk {pid} {area}-+8000

= Compaction

The kernel does it when it looks for a large block and finds none, and in the
background (kcompactd). Here the program asks for it (vm.compact_memory).

@go compacted

@let to = vmwalk --json {pid} {page} -> page.pfn

$ vmwalk {pid} {page} | grep -E '^  [a-z]|PTE|page  '

@check {moved} pages of the program have moved
	{moved} > 0
@check one of them from frame {from} to {to}
	{to} != {from}
	vmwalk --expect present,anon {pid} {page}
@check no contents were lost
	{lost} == 0
@check there are more large blocks now: {blocks_after} in place of {blocks}
	{blocks_after} > {blocks}

= What it shows

A virtual address says nothing about the frame: that is what makes it possible
to move pages. While one is on its way its entries are migration entries, and
an access waits. What the kernel uses itself by physical address cannot be
moved; so it is kept apart from what can.

Names in the kernel: compact_zone() with its two scanners,
isolate_migratepages() and isolate_freepages(); migrate_pages();
remove_migration_ptes().

= Try next

compact_* in /proc/vmstat: who compacts on your machine, kcompactd or those
who need a block? Why does a page that is pinned for a device stand in the
way?
