# SPDX-License-Identifier: GPL-2.0
title mprotect(): VMAs split and merge, until there are too many
place 100

= You will see

A VMA has one set of permissions. What happens if a program changes them for a
part of it? And if it does so again and again?

= Think first

An area of 16 pages may be read and written. The program makes 4 pages in the
middle read-only. How many VMAs are there afterwards? What has to change in
the page table, and what must not be forgotten in the processor?

= One area

@go mapped

@let before = vmwalk --json mm {pid} -> mm.map_count
@let frame = vmwalk --json {pid} {page5} -> page.pfn
@check page 5 has been written, and may be
	vmwalk --expect present,write,dirty {pid} {page5}

= Four pages become read-only

@go split
	vmwalk watch --event mprotect {pid}

@let calls = watch -> #
$ vmwalk -o RANGE,PERMS,SIZE {pid} | grep -E 'range|rw-p +(16|32)K|r--p +16K'

@let vmas = vmwalk --json mm {pid} -> mm.map_count
@let same = vmwalk --json {pid} {page5} -> page.pfn
@check two more VMAs: one has become three
	{vmas} == {before} + 2
@check it took {calls} call
	{calls} == 1
@check page 5 has the same frame; its entry has lost the permission to write
	{same} == {frame}
	vmwalk --expect present,!write {pid} {page5}
@let class = vmwalk --json explain {pid} {page5} -> predict.write.class
@check a write would be an error now
	{class} == segv-accerr

Entries that exist are changed at once, and the TLB is flushed: else the
processor would go on by what it had cached.

= No access at all

@go none

$ vmwalk {pid} {page5} | grep -E '^  [a-z]|PTE'

@check the frame is kept, but the entry is not valid for the processor
	vmwalk --expect protnone {pid} {page5}

= And back again

@go merged
	vmwalk watch --event mprotect {pid}

@let vmas = vmwalk --json mm {pid} -> mm.map_count
@let same = vmwalk --json {pid} {page5} -> page.pfn
@check three have become one again: neighbours that are alike are merged
	{vmas} == {before}
@check page 5 still has its frame
	{same} == {frame}
@let outcome = vmwalk --json explain {pid} {page5} -> predict.write.outcome
@check a write is no error any more: at most a minor fault ({outcome})
	{outcome} != SIGSEGV

= Until there are too many

The program takes another area, and forbids every second page of it.

@go many

@let vmas = vmwalk --json mm {pid} -> mm.map_count
@let most = vmwalk --json mm {pid} -> mm.max_map_count

@check after {calls} calls the kernel refuses: {error}
	{error} == Cannot allocate memory
@check with {vmas} VMAs of {most} (vm.max_map_count) there is no room for two more
	{vmas} <= {most} + 1
	{vmas} + 2 > {most}

= What it shows

mprotect() splits a VMA into two or three, and merges what is alike again.
ENOMEM does not always mean that memory is short: it can be the number of
VMAs.

Names in the kernel: mprotect_fixup() decides, __split_vma() and vma_merge()
do it; change_protection() goes through the entries and flushes the TLB.

= Try next

Which programs come near the limit? (Look at those that map many small files,
or guard many stacks.) Why is a guard region of madvise() cheaper?
