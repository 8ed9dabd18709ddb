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

= 256 MiB are written

@go written

"free" is the free memory of the machine in KiB: MemFree of /proc/meminfo, and
what each processor keeps at hand ("count" in /proc/zoneinfo). "blocks" is how
many free blocks are large enough for a huge page (/proc/buddyinfo). "more" is
in MiB, and "could" is how many huge pages that would be.

= Every second page is given back

@go pieces

$ vmwalk {pid} {area}-+8000

@check {more} MiB more are free, enough for {could} huge pages
	{more} > 64
@check but there are hardly more blocks to make one of: {more_blocks}
	{more_blocks} * 4 < {could}

= Compaction

The kernel moves pages together when it looks for a large block and finds none,
and in the background (kcompactd). Here the program asks for it
(vm.compact_memory), and looks which of its own pages have another frame now.

@go compacted

@check {migrated} pages have moved, {moved} of them this program's
	{migrated} > 0
@check no contents were lost
	{lost} == 0

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
