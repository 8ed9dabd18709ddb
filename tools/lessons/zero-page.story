# SPDX-License-Identifier: GPL-2.0
title The zero page: reading what nobody has written
place 50

= You will see

Memory that a program has never written reads as zeros. All those zeros can be
the same ones.

= Think first

A program reads 16 pages that it has never written. Each must read as zeros.
How many frames are needed? And what has to happen at the first write?

= Sixteen pages, never touched

@go mapped

@let class = vmwalk --json explain {pid} {area} -> predict.read.class
@check nothing is there, and a read would map the zero page
	vmwalk --expect none {pid} {area}
	{class} == anon-zero

= They are read

@go read
	vmwalk watch --event fault --range {area}-+0d{size} {pid} | head -n 7

@let nr = watch -> #
@let first = watch -> 0.class
@let last = watch -> 15.class

$ vmwalk {pid} {area}-+0d{size}

@let zero3 = vmwalk --json {pid} {page3} -> page.pfn
@let zero9 = vmwalk --json {pid} {page9} -> page.pfn
@let pages = vmwalk --json {pid} {area}-+0d{size} -> runs.0.pages
@check 16 faults, one a page, and only zeros
	{faults} == 16
	{sum} == 0
@check the watch saw {nr}, the first and the last of them {first}
	{nr} == 16
	{first} == anon-zero
	{last} == anon-zero
@check all 16 entries are there
	{pages} == 16
@check but page 3 and page 9 are one frame, {zero3}: the zero page
	{zero3} == {zero9}
	vmwalk --expect present,zero {pid} {page3}
@check the VMA allows writing; the entry does not
	vmwalk --expect !write,!dirty {pid} {page3}

= Why the entry is read-only

The kernel has one frame full of zeros, for everybody. If it could be written,
everybody would see it. So the entry lacks the permission that the VMA has,
and a write will fault. (special: the kernel does not count the mappings of
this frame.)

$ vmwalk {pid} {page3} | grep -E 'idx|PTE|effective|if it|writes'

@let class = vmwalk --json {pid} {page3} -> predict.write.class
@check a write would get a frame of its own
	{class} == anon-new

= A page is written

@go wrote
	vmwalk watch --event fault --range {area}-+0d{size} {pid}

@let nr = watch -> #
@let told = watch -> 0.class
@let kind = watch -> 0.before.kind
@let own = vmwalk --json {pid} {page3} -> page.pfn

$ vmwalk {pid} {area}-+0d{size}

@check one more fault
	{faults_of_write} == 1
@check it found the zero page, and put a new frame in its place: {told}
	{nr} == 1
	{kind} == zero
	{told} == {class}
@check page 3 has its own frame, {own}, and may be written
	{own} != {zero3}
	vmwalk --expect present,anon,write,dirty,!zero {pid} {page3}
@check page 9 still is the zero page
	vmwalk --expect zero {pid} {page9}

= What it shows

Reading takes no memory. The zero page counts for nobody: it is not in the
resident memory of a process (RSS, resident set size). An entry can permit less
than its VMA, and then a write comes to the kernel. That is the trick behind
copy-on-write, in the next lesson.

Names in the kernel: do_anonymous_page() maps the zero page for a read and a
new frame for a write; a write to the zero page goes to do_wp_page().

= Try next

A program reads a large array before it fills it: how many faults are wasted?
With transparent huge pages there is a huge zero page too (lesson thp).
