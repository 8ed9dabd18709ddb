# SPDX-License-Identifier: GPL-2.0
title What page tables cost: close together, and far apart
place 190

= You will see

Page tables are memory too. How much they take does not depend on how much is
mapped, but on how it lies in the address space.

= Think first

A program uses {page_size} bytes in each of 64 places. How many tables of the
last level does it need, at least, and at most? Is it better or worse with
more levels, of which this machine has {levels}?

= Nothing is touched yet

@go mapped

@let start = vmwalk --json mm {pid} -> mm.table_bytes
@let rss = vmwalk --json mm {pid} -> mm.rss

= 64 pages, side by side

@go dense

@let dense_bytes = vmwalk --json mm {pid} -> mm.table_bytes
@check page tables had {start} bytes, now {dense_bytes}: one more, and what leads to it
	{dense_bytes} >= {start} + {page_size}
	{dense_bytes} <= 3 * {page_size} + {start}

= 64 pages, one in each table's reach

@go sparse

@let sparse_bytes = vmwalk --json mm {pid} -> mm.table_bytes
@check now they have {sparse_bytes}: a table more for each page
	{sparse_bytes} >= 64 * {page_size} + {dense_bytes}
	{sparse_bytes} <= 68 * {page_size} + {dense_bytes}

$ vmwalk tree {pid}

@let used = vmwalk --json tree {pid} {sparse} -> tables.PTE.used
@check a table there has one entry in use
	{used} == 1

= With more levels, or fewer

A level more is one more table for a process, and one more step in each walk;
it multiplies the address space by {page_size} / 8. The levels above the last
cost little: each of their tables leads to {page_size} / 8 others.

@let levels_here = vmwalk --json caps -> levels
@let shift = vmwalk --json caps -> geometry.PGD.shift
@check this machine walks {levels} levels; an entry of the root covers 2^{shift}
	{levels_here} == {levels}
	{shift} >= 30

= What it shows

Page tables of a dense process cost 8 bytes a page, 0.2 % with pages of 4 KiB.
Of a sparse one they can cost as much as the pages. They are not swapped, and
count when the OOM killer looks for a victim. Huge pages need fewer of them.

In /proc/{pid}/status it is VmPTE. Names in the kernel: __pte_alloc(),
mm_inc_nr_ptes(), free_pgtables().

= Try next

make vm LEVELS=5, and LEVELS=4: what does `vmwalk tree` show for the same
program? Which process on your machine has the most expensive tables?
