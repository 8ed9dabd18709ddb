# SPDX-License-Identifier: GPL-2.0
title Placement: which hole mmap() takes, and how the stack grows
place 90

= You will see

mmap(NULL, ...) leaves it to the kernel where. You will see where it puts
things, how a program can insist on a place, and one VMA that grows by itself.

= Think first

The address space is almost empty. Which of all the holes should be taken?
What speaks for one close to what is there already?

= Two mappings

@go mapped

$ vmwalk {pid} {second}-{first}

@check the second lies right below the first
	{second} + {size} == {first}
@let start = vmwalk --json {pid} {second} -> vma.start
@let end = vmwalk --json {pid} {second} -> vma.end
@check they are one VMA: neighbours that are alike are merged
	{start} <= {second}
	{end} >= {first} + {size}

The kernel goes down from mmap_base, below the stack, to the first hole that
is large enough. So that the heap can grow up, and page tables are shared by
what lies close together.

= A hole in the middle

The program unmaps 4 pages in the middle of the first, and maps 4 pages again.

@go filled

@check it gets the hole that fits, not a place below
	{third} == {hole}

= MAP_FIXED

The program writes an 'a' into the first page, then maps a page at the very
same address: with MAP_FIXED, and then with MAP_FIXED_NOREPLACE.

@go fixed

@check MAP_FIXED takes the place, and what was there is gone: no 'a' any more
	{fixed} == {first}
	{first_byte} == 0
@check MAP_FIXED_NOREPLACE refuses
	{noreplace} == File exists

= MAP_POPULATE

The program maps 64 pages and asks for the memory at once.

@go populated

@let pages = vmwalk --json {pid} {populated}-+0d{populated_size} -> runs.0.pages

$ vmwalk {pid} {populated}-+0d{populated_size}

@check then no access faults
	{faults_of_touch} == 0
@check all 64 pages are there
	{pages} == 64

= The stack

The stack is a VMA that may grow down. The program calls a function that calls
itself, and keeps 4 KiB on the stack each time: first once, ...

@go shallow

@let before = vmwalk --json {pid} [stack] -> vma.start

$ vmwalk {pid} {below} | head -n 2

@let class = vmwalk --json explain {pid} {below} -> predict.write.class
@check an access right below the stack would make it grow
	{class} == stack-growth

= ... then a hundred times

@go deep
	vmwalk watch --event fault --class stack-growth {pid} | head -n 7

@let grown = watch -> #
@let after = vmwalk --json {pid} [stack] -> vma.start
@check that was below the stack's VMA: {deep} < {before}
	{deep} < {before}
@check the VMA has grown to hold it: it begins at {after} now
	{after} <= {deep}

= The same, by its faults [exception]

@check the watch saw {grown} faults that made it grow
	{grown} > 0

= What it shows

Addresses cost nothing; that they lie together saves VMAs and page tables.
Only the stack grows by being used: a fault below a VMA with the flag
VM_GROWSDOWN extends it, up to the limit of `ulimit -s`, and keeps a gap of 1
MiB to whatever is below.

Names in the kernel: get_unmapped_area() finds the hole, vma_merge() merges,
expand_stack() lets the stack grow.

= Try next

What does `ulimit -s unlimited` do to mmap_base (`vmwalk mm`)? What happens at
the end of the stack: how deep can a recursion go?
