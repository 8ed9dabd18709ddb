# SPDX-License-Identifier: GPL-2.0
title Overcommit and the OOM killer: promises, and who pays
place 220

= You will see

Memory comes when it is touched, so the kernel can promise more than there is.
Mostly that is fine. Here is what happens if it is not.

= Think first

A process touches a page that it was promised, and there is no frame left. The
access is one instruction; there is no error code that it could return. What
can the kernel do?

= A promise

The program maps 64 GiB, without asking for a reservation.

@go promised

$ vmwalk mm {pid} | grep -E 'mapped|resident|oom'

@let total = vmwalk --json mm {pid} -> mm.total_vm
@let rss = vmwalk --json mm {pid} -> mm.rss
@check {total} bytes are mapped
	{total} >= {huge}
@check {rss} are resident
	{rss} < 16 * 1024 * 1024

How much may be promised is a setting: vm.overcommit_memory is 0 for a guess
(only what could never be is refused), 1 for always, 2 for a strict account.

= A child with a limit

So that only one process is at risk, the program puts a child into a cgroup, a
group of processes with a limit of its own: 32 MiB, and no swap.

@go limited

= It takes half of that

@go half

$ vmwalk mm {child} | grep -E 'mapped|resident|oom'

@let rss = vmwalk --json mm {child} -> mm.rss_anon
# Older kernels count up to 64 pages of each thread later.
@check the child has {rss} bytes of memory, less than its limit
	{rss} >= {limit} / 4
	{rss} < {limit}

= It takes more

Pages of files could be dropped, and anonymous ones swapped; here nothing is
left that could go. Then the kernel has to kill.

@go killed

@check the child got SIGKILL: signal 9
	{signal} == 9
@check its cgroup has counted that
	{killed} == 1
@check the program itself lives, with its promise of 64 GiB
	vmwalk --expect none {pid} {promise}

= What it shows

malloc() rarely says no; the bill comes at the first access. The OOM killer
chooses by how much memory would be freed (RSS, swap and page tables),
adjusted by oom_score_adj. When memory is only short, not gone, the machine
can spend all its time on reclaim and on faults: thrashing.

Names in the kernel: __vm_enough_memory() promises, try_charge_memcg() counts,
out_of_memory() and oom_badness() choose.

= Try next

/proc/PID/oom_score of all processes: who would go first? What does dmesg say
about the kill?
