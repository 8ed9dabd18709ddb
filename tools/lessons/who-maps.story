# SPDX-License-Identifier: GPL-2.0
title Who maps this frame? The way back from memory to addresses
place 200

= You will see

A page table leads from addresses to frames. To take a frame away the kernel
needs the way back: all entries, of all processes, that map it.

= Think first

A page is to be swapped out. It is mapped by three processes, at different
addresses. How can the kernel find the three entries, without looking through
all page tables of the machine?

= One page of shared memory, mapped twice, then fork()

@go shared

@let pfn = vmwalk --json {pid} {one} -> page.pfn
@let pfn_two = vmwalk --json {pid} {two} -> page.pfn
@let pfn_child = vmwalk --json {child} {one} -> page.pfn

$ vmwalk find pfn:{pfn}

@check two addresses of one process lead to one frame, {pfn}
	{pfn} == {pfn_two}
@check and the child's
	{pfn} == {pfn_child}
@check the page counts three mappings
	vmwalk --expect map=3,shared {pid} {one}
@check not four: fork() leaves entries of shared memory out, to be made when used
	vmwalk --expect none {child} {two}

vmwalk finds them by looking through every process, which takes a while. The
kernel is quicker: the page says to which file it belongs, and where in it
(mapping, index); the file has a tree of all VMAs that map it; a VMA and the
index give the address, and there is the entry.

= Two pages of equal contents

@go equal

@let a = vmwalk --json {pid} {area} -> page.pfn
@let b = vmwalk --json {pid} {next} -> page.pfn
@check they have two frames
	{a} != {b}

= KSM finds them [ksm]

Kernel same-page merging looks for pages of equal contents, in memory that was
offered for that (MADV_MERGEABLE), and merges them.

@go merged

@let a = vmwalk --json {pid} {area} -> page.pfn
@let b = vmwalk --json {pid} {next} -> page.pfn

$ vmwalk {pid} {area} | grep -E '^  [a-z]|PTE|page  |writes'
$ vmwalk find pfn:{a}

@check now they have one, {a}
	{a} == {b}
	vmwalk --expect ksm,!write {pid} {area}
@let class = vmwalk --json {pid} {area} -> predict.write.class
@check a write would copy it
	{class} == cow

@go apart

@let a = vmwalk --json {pid} {area} -> page.pfn
@let b = vmwalk --json {pid} {next} -> page.pfn
@check after a write they are two again
	{a} != {b}
	vmwalk --expect write,dirty {pid} {area}

= What it shows

Each page can be followed back: a page of a file through the file's tree of
VMAs (i_mmap), an anonymous one through its anon_vma, a merged one through
KSM's own tree. Reclaim, migration, compaction and KSM all go that way.

Names in the kernel: rmap_walk(), try_to_unmap(), page_vma_mapped_walk().

= Try next

vmwalk find on a frame of libc's code: who maps it? On the zero page: why does
nobody keep a list of those?
