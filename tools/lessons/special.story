# SPDX-License-Identifier: GPL-2.0
title Special entries: locked, keyed, guarded, and others
place 240

= You will see

An entry is 64 bits, and the kernel has found uses for most of them. Here are
some that you have not met yet.

= Think first

Present and not present are two states. What other answers than "take this
frame" and "ask the kernel for a new one" can there be to an access?

= Four pages

@go mapped

@check they have not been touched
	vmwalk --expect none {pid} {locked}

= mlock()

@let before = vmwalk --json mm {pid} -> mm.locked_vm

@go locked

@let flags = vmwalk --json {pid} {locked} -> vma.flags
@let after = vmwalk --json mm {pid} -> mm.locked_vm

$ vmwalk {pid} {locked} | grep -E '^  [a-z]|^maps|VMA|PTE|page  '
$ vmwalk {pid} {locked}-+0d{size}

@check they are there without having been touched
	vmwalk --expect present,anon {pid} {locked}
@check the VMA says that they are to stay (lo): they will not be swapped out
	{after} == {before} + {size}

= A protection key [pkey]

Four bits of the entry are a key, from 0 to 15. A register of each thread
(PKRU) says what the thread may do with which key. To change one's mind about
a gigabyte is to change a register: no system call, no entry changed, no TLB
flushed.

@go keyed

$ vmwalk {pid} {keyed} | grep -E '^  [a-z]|PTE|writes'

@check the entry has the key {key}
	vmwalk --expect present,write,pkey={key} {pid} {keyed}

@go forbidden
	vmwalk watch --event fault,signal --range {keyed}-+0d{page_size} {pid}

@let why = watch -> signal.signal_code
@check the entry still permits to write
	vmwalk --expect present,write {pid} {keyed}
@check the thread does not: si_code 4 is SEGV_PKUERR
	{si_code} == 4
@check the watch saw the signal: {why}
	{why} == SEGV_PKUERR

= A guard region [guard]

A page that must not be touched, behind a stack or a buffer, used to be a VMA
of its own without permissions. A guard region is a mark in the entry.

@go guarded

$ vmwalk {pid} {guard} | grep -E '^  [a-z]|PTE|writes'
$ vmwalk -o RANGE,PERMS,SIZE {pid} | grep -E 'range|rw-p +16K'

@check the entry is a marker, and an access is an error
	vmwalk --expect marker=guard {pid} {guard}
	{si_code} != 0
@let start = vmwalk --json {pid} {guard} -> vma.start
@check the VMA has not been split
	{start} <= {guarded}

= Others

  migration  the page is on its way to another frame; an access waits
  hwpoison   the frame is broken; an access gets SIGBUS
  numa-hint  the kernel wants to see who uses the page: the next access faults,
             and the page may move to memory that is nearer to that processor
             (large machines have memory in several places, called nodes)
  device     the page is in the memory of a device and has to come back first

= What it shows

The kernel defines every entry that is not present. vmwalk names all of them,
and explain predicts the outcome of an access.

Names in the kernel: softleaf or swp_entry types; do_swap_page() sorts them
out; pte_protnone() for hints; arch_set_user_pkey_access() for keys.

= Try next

On a machine of two nodes (make vm NUMA=2) watch for numa-hint with `vmwalk
PID`. You have seen all lessons now: look at programs of your own.
