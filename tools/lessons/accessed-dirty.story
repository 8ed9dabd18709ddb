# SPDX-License-Identifier: GPL-2.0
title Accessed and dirty: how the kernel knows what is used
place 180

= You will see

The processor leaves traces in the entries: A when a page was accessed, D when
it was written. The kernel has no other way to see an access that does not
fault.

= Think first

Memory is short: some page must go. The best one is the one that is not needed
for the longest time. Nobody knows the future; what is the next best guess,
and who could tell?

= Three pages are written

@go written

$ vmwalk {pid} {area} | grep -E 'idx|PTE|page  |lru'

@check written means accessed and dirty
	vmwalk --expect accessed,dirty {pid} {area}

= The accessed bits are cleared

Reclaim does this as it looks through its lists. Here the program asks for it
(/proc/self/clear_refs).

@go cleared

$ vmwalk {pid} {area} | grep -E 'idx|PTE'

@check A is gone, D is still there: the contents still have to be kept
	vmwalk --expect !accessed,dirty {pid} {area}
	vmwalk --expect !accessed,dirty {pid} {next}

= One page is read

@go read

@check A is back on the page that was read
	vmwalk --expect accessed {pid} {area}
@check not on the other one: it has not been used since
	vmwalk --expect !accessed {pid} {next}

= The processor did it [hardware]

@check without a fault: the processor writes into the page table by itself
	{faults} == 0

= Which pages change? [softdirty]

D belongs to reclaim. For others who want to know what was written since some
moment (snapshots, live migration) the kernel keeps a bit of its own,
soft-dirty. To see a write it has to forbid writing.

@go clean

$ vmwalk {pid} {area} | grep -E 'idx|PTE|writes'

@check soft-dirty is clear, and writing is forbidden
	vmwalk --expect present,!softdirty,!write {pid} {area}

@go soft
	vmwalk watch --event fault --range {area}-+0d{page_size} {pid}

@let told = watch -> 0.class
@check one fault, and the bit is set; the other page has none
	{faults_of_write} == 1
	vmwalk --expect softdirty,write {pid} {area}
	vmwalk --expect !softdirty {pid} {next}
@check the frame is the same: {told}
	{told} == reuse

= What it shows

Pages are kept in lists (LRU: least recently used), active and inactive, or in
generations. Reclaim takes from the end of the inactive one: a page with A set
gets another turn, one without goes; D says that it must be written first. A
file that is read once, from start to end, does not drive out what is used
often: its pages never become active.

Names in the kernel: folio_referenced() collects A bits through the reverse
mapping; shrink_inactive_list(), mark_page_accessed(), lru_gen_look_around();
kswapd reclaims in the background, direct reclaim in the process that needs
it.

= Try next

/proc/meminfo: Active, Inactive, Dirty, Writeback. `cat` a large file twice
and watch Inactive(file) and Active(file).
