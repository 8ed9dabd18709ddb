# SPDX-License-Identifier: GPL-2.0
title Swapping: pages go out, and an entry says where they are
place 170

= You will see

When memory is short, the kernel takes frames back: that is called reclaim. It
writes pages that have not been used for long to a swap area, on a disk, and
gives their frames to others. The entry of the page table then holds no frame,
but the place in swap.

= Think first

An entry that is not present means nothing to the processor: 63 bits are free.
What must the kernel write there to find the page again? And why can a page of
a file be dropped without swap?

= Sixteen pages

@go written

@check they are in memory
	vmwalk --expect present,dirty {pid} {area}

= They are swapped out

The program asks for it (MADV_PAGEOUT); else it would take a shortage.

@go out

$ vmwalk {pid} {page9} | grep -E '^  [a-z]|PTE'
$ vmwalk {pid} {area}-+0d{size}

@let slot = vmwalk --json {pid} {page9} -> swap.offset
@let class = vmwalk --json {pid} {page9} -> predict.read.class
@check the entry of page 9 says: in swap, slot {slot}
	vmwalk --expect swap,!present {pid} {page9}
@check any access would bring it back
	{class} == swap-in

= Page 9 is read

@go in
	vmwalk watch --event fault --range {page9}-+0d{page_size} {pid}

@let told = watch -> 0.class
@let outcome = watch -> 0.outcome
@let from = watch -> 0.before.swap.offset
@check its contents have come back: {byte}
	{byte} == J
@check by a major fault: something had to be read
	{major} == 1
@check the watch saw it: {told}, {outcome}, from slot {from}
	{told} == {class}
	{outcome} == major
	{from} == {slot}
@check it has a frame
	vmwalk --expect present,anon {pid} {page9}

$ vmwalk {pid} {area}-+0d{size}

= It is changed

@go changed

@check now only memory has the current contents: dirty
	vmwalk --expect present,write,dirty {pid} {page9}

= What it shows

Swapping out is not a state of a process but of each page. Page tables keep
track of it, and are themselves never swapped out. Here the swap area may be
compressed memory (zram): a major fault all the same, only a quick one.

Names in the kernel: shrink_folio_list() chooses, add_to_swap() and
try_to_unmap() replace entries; do_swap_page() brings a page back.

= Try next

What does `vmwalk mm {pid}` count as swap? What do two processes that share a
page copy-on-write have in their entries when it is swapped out?
