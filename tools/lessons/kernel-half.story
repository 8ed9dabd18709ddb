# SPDX-License-Identifier: GPL-2.0
title The kernel's half: in every process, and the same in all
place 230

= You will see

Half of the addresses are the kernel's. They are in the page table of every
process, and in all of them they lead to the same memory.

= Think first

A system call goes into the kernel without a change of the page table. So the
kernel must be mapped there. What keeps the program from reading it? And when
the kernel maps something new, how does it get into the tables of all
processes?

= Two processes

@go forked

@let mine = vmwalk --json {pid} {page} -> page.pfn
@let root = vmwalk --json {pid} {page} -> walk.PGD.entry_at
@let theirs = vmwalk --json {child} {page} -> page.pfn
@let other_root = vmwalk --json {child} {page} -> walk.PGD.entry_at
@check one address of user space, two frames: {mine} and {theirs}
	{mine} != {theirs}
@check and two page tables, from the root on
	{root} != {other_root}

= An address of the kernel

It is where the kernel's code begins. Only root may ask for it.

$ vmwalk {pid} {code} | grep -E '^  [a-z]|P.[DE]|effective|^PA'

@let kernel_mine = vmwalk --json {pid} {code} -> page.pfn
@let region = vmwalk --json {pid} {code} -> kernel.region
@let kernel_theirs = vmwalk --json {child} {code} -> page.pfn
@check it is {region}, and there is no VMA: VMAs are of user space only
	{region} == kernel text
@check in both processes it leads to one frame, {kernel_mine}
	{kernel_mine} == {kernel_theirs}

The bit U is not set all the way down: user mode may not go there. So the
access is a page fault, though something is present.

= All of it

An entry of the root covers a lot. Of its upper half vmwalk compares, between
the two processes, entry by entry:

$ vmwalk tree --kernel {pid} {child}

@let shared = vmwalk --json tree --kernel {pid} {child} -> entries.shared
@let differs = vmwalk --json tree --kernel {pid} {child} -> entries.differs
@check {shared} entries are the same, none differs
	{shared} > 0
	{differs} == 0

= How it stays the same

The tables below these entries exist once, for all. What is mapped new appears
in all processes at once. Only the root itself is copied for a new process, so
entries of the root are made early (pgd_ctor), or handed on when somebody
misses one.

Processors that leak what they may not read (Meltdown) need more: page-table
isolation (KPTI). Then each process has two roots, and that of user mode has
next to nothing of the kernel: the column "user's copies" above.

= What it shows

Kernel and user share the page table, not the permissions. There is no switch
at a system call; at a switch between two processes only the lower half
changes. Kernel threads have no lower half, and run on whatever was there.

Names in the kernel: pgd_alloc(), sync_global_pgds(), switch_mm(), init_mm.

= Try next

make vm CMDLINE=pti=on, and the same lesson. On arm64 the kernel's half has a
register and tables of its own: what does that save?
