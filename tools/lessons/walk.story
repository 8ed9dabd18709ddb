# SPDX-License-Identifier: GPL-2.0
title The walk: from a virtual address to a physical one, by hand
place 20

= You will see

A VMA says that an address may be used. Where in the memory chips it is, the
processor looks up in a page table, on every access. You will do the same by
hand, step by step, and vmwalk will show whether you got it right.

= Think first

Memory is divided into pages, of {page_size} bytes on this machine. A program
may use 128 TiB of addresses. With pages of 4 KiB and 8 bytes to describe each
of them, that would be a table of 256 GiB, for every process. How can it be
smaller, if most of the address space is empty?

= A page is written

The program maps one page, and, somewhere else, a larger area. It writes one
byte in each.

@go written

= The address is cut into pieces

The page table is a tree. Each node, a table, is one page of entries; an entry
points to a table of the next level, or at the last level to a page. The
address says which entry to take at each level. The names of the levels are
PGD (the root), P4D, PUD, PMD and PTE; this machine has {levels}.

$ vmwalk {pid} {address} | grep -E 'idx|P.[DE]'

= The pieces, by hand

"covers" in the next table is what one entry of a level is good for. Divide
the address by that, and take the remainder modulo the number of entries in a
table ({page_size} / 8): there is the index. (% is the remainder.)

$ vmwalk -o LEVEL,INDEX,COVERS,ENTRY {pid} {address} | grep -E 'idx|P.[DE]'

@let pgd_covers = vmwalk --json {pid} {address} -> walk.PGD.covers
@let pmd_covers = vmwalk --json {pid} {address} -> walk.PMD.covers
@let pte_covers = vmwalk --json {pid} {address} -> walk.PTE.covers
@let pgd_index = vmwalk --json {pid} {address} -> walk.PGD.index
@let pmd_index = vmwalk --json {pid} {address} -> walk.PMD.index
@let pte_index = vmwalk --json {pid} {address} -> walk.PTE.index
@check {address} / {pgd_covers} is {pgd_index}: the PGD's index
	{address} / {pgd_covers} % {entries} == {pgd_index}
@check {address} / {pmd_covers} % {entries} is {pmd_index}: the PMD's
	{address} / {pmd_covers} % {entries} == {pmd_index}
@check {address} / {pte_covers} % {entries} is {pte_index}: the PTE's
	{address} / {pte_covers} % {entries} == {pte_index}
@check an entry of the PMD covers what a table of PTEs covers
	{pmd_covers} == {pte_covers} * {entries}

= From table to table

@let pmd_to = vmwalk --json {pid} {address} -> walk.PMD.points_to
@let pte_at = vmwalk --json {pid} {address} -> walk.PTE.entry_at
@let pte_to = vmwalk --json {pid} {address} -> walk.PTE.points_to
@let pa = vmwalk --json {pid} {address} -> page.pa

Tables refer to each other by physical addresses. An entry is at the address
of its table, plus 8 times the index. The last one points to the page, and the
lowest bits of the address, which no level has used, say where in the page.

@check the PMD points to {pmd_to}; 8 * {pte_index} further is the PTE
	8 * {pte_index} + {pmd_to} == {pte_at}
@check the PTE points to {pte_to}; 0x123 further is {pa}
	{address} % {page_size} + {pte_to} == {pa}

A page in memory is called a page frame. Its number, the PFN, is its physical
address divided by the page size:

$ vmwalk {pid} {address} | grep -E ^PA

@let pfn = vmwalk --json {pid} {address} -> page.pfn
@check PFN {pfn} is {pa} / {page_size}
	{pa} / {page_size} == {pfn}

= What else an entry says

An address of a table needs no low bits, as a table is a page. They hold
flags:

  P  present: there is something       U  user mode may use it
  W  may be written                    A  accessed: it has been used
  D  dirty: it has been written        NX no execution from here

The other columns are for later lessons: S marks a huge page, PK is a
protection key, and G is of the kernel's own pages.

$ vmwalk {pid} {address} | grep -E 'idx|P.[DE]|effective'

@check the page may be read and written by the program, and not be executed
	vmwalk --expect present,user,write,!exec {pid} {address}
@check it has been accessed and written: A and D
	vmwalk --expect accessed,dirty {pid} {address}

= Why it is a tree

@let far_pte = vmwalk --json {pid} {far} -> walk.PTE.entry_at
@let far_pgd = vmwalk --json {pid} {far} -> walk.PGD.entry_at
@let pgd = vmwalk --json {pid} {address} -> walk.PGD.entry_at

The other byte is far away in the address space. It needs other tables, but
not all of them are others:

$ vmwalk -o LEVEL,INDEX,ENTRY {pid} {far} | grep -E 'idx|P.[DE]'

@check both start at the same entry of the root
	{pgd} == {far_pgd}
@check and end in different tables
	{pte_at} / {page_size} != {far_pte} / {page_size}
@check the next page of the far area has no entry, but has room for one
	vmwalk --expect none {pid} {far}+0d{page_size}

$ vmwalk tree {pid} | grep -E 'level|P.[DE]  |map'

= What it shows

Empty parts of the address space have no tables; so a page table is small
where little is mapped. The price: a walk reads one entry for each level,
{levels} here, before the access itself. Processors keep the results in a
cache, the TLB (translation lookaside buffer), which the kernel must have
flushed wherever it takes a mapping away.

= Try next

Do it for your own shell: vmwalk $$ '[stack]'. Which indices do two addresses
in the same page have in common? What do `vmwalk caps` and a machine with
another number of levels say (make vm LEVELS=5)?
