# SPDX-License-Identifier: GPL-2.0
title madvise(): what a program does not need, and when it goes
place 120

= You will see

free() of a large block does not have to unmap it. madvise() tells the kernel
that contents do not matter any more, while the addresses stay in use.

= Think first

What should a program read from a page that it has declared worthless? Zeros,
or what was there? Is it useful if the kernel takes the page at once, if the
program may need it again soon?

= Sixteen pages, written

@go written

= MADV_DONTNEED: now

@go dontneed

$ vmwalk {pid} {area}-+0d{size}

@check four pages are gone at once; the VMA is as before
	vmwalk --expect none {pid} {page4}
	vmwalk --expect present,dirty {pid} {area}

= It is read again

@go again

@check it reads as zero, by a minor fault
	{byte} == 0
	{faults} == 1
@check what is there is the zero page
	vmwalk --expect present,zero {pid} {page4}

= MADV_FREE: when memory is short

The program writes two other pages and declares both free.

@go free

$ vmwalk {pid} {freed} | grep -E '^  [a-z]|PTE|writes'

@check the page is still there, and its contents: {still}
	{still} == F
	vmwalk --expect present,anon {pid} {freed}
@check but its entry is not dirty any more
	vmwalk --expect !dirty {pid} {freed}

= One of them is written again

@go kept

@check the processor sets the dirty bit: the program wants this one after all
	vmwalk --expect present,dirty {pid} {second}
@check the other one is clean
	vmwalk --expect present,!dirty {pid} {freed}

= Memory is wanted

The program has the first one reclaimed, as the kernel would if memory were
short (madvise(MADV_PAGEOUT)).

@go reclaimed

@check it was dropped, and not written to a disk first (to swap: a later lesson)
	{reclaimed} == yes
	vmwalk --expect none,!swap {pid} {freed}
@check the one that was written again is kept
	vmwalk --expect present,dirty {pid} {second}

@go read

@check it reads as zero now
	{now} == 0
@check and the other one as what was written last: {kept}
	{kept} == H

= What it shows

DONTNEED costs a fault for each page that is used again. FREE costs nothing if
memory is not short; the dirty bit tells whether the program has changed its
mind. Allocators use both.

Names in the kernel: madvise_dontneed_single_vma() calls
zap_page_range_single(); madvise_free_single_vma() clears the dirty bits and
marks pages lazyfree.

= Try next

MADV_WILLNEED is the other direction: the lesson file-mapping has it. What
does malloc_trim() do to a heap? Watch it with `vmwalk PID '[heap]-'`.
