# SPDX-License-Identifier: GPL-2.0
title Copy-on-write: what fork() copies, and when
place 60

= You will see

fork() makes a process with a copy of all memory. A copy of a large process is
made in no time, because almost nothing is copied: both use the same frames,
until one of them writes.

= Think first

After fork(), parent and child must not see each other's writes. Yet they
share frames. Who notices the first write, and how? Who gets the copy, and who
keeps the old frame?

= A page is written

@go written

@let old = vmwalk --json {pid} {page} -> page.pfn
@check the page may be written; its frame is {old}
	vmwalk --expect present,anon,write,!cow {pid} {page}

= The process forks

@go forked

$ vmwalk {pid} {page} | grep -E 'idx|PTE|effective|page  |writes'
$ vmwalk find pfn:{old}

@let parent = vmwalk --json {pid} {page} -> page.pfn
@let shared = vmwalk --json {child} {page} -> page.pfn
@check the child has the same frame at the same address
	{parent} == {old}
	{shared} == {old}
@check the frame has two mappings
	vmwalk --expect map=2 {pid} {page}
@check neither may write to it, though both VMAs say rw: copy-on-write
	vmwalk --expect cow,!write {pid} {page}
	vmwalk --expect cow,!write {child} {page}

= The child reads

@go read

@let shared = vmwalk --json {child} {page} -> page.pfn
@check reading is permitted: no fault, nothing copied
	{child_faults} == 0
	{shared} == {old}

= The child writes

@let class = vmwalk --json {child} {page} -> predict.write.class
@go copied
	vmwalk watch --event fault --range {page}-+0d{page_size} {child}

@let nr = watch -> #
@let told = watch -> 0.class
@let from = watch -> 0.before.pfn
@let to = watch -> 0.after.pfn
@let new = vmwalk --json {child} {page} -> page.pfn
@let parent = vmwalk --json {pid} {page} -> page.pfn
@check it was predicted: {class}
	{class} == cow
@check one fault
	{child_faults} == 1
@check the watch saw it: {told}, from frame {from} to {to}
	{nr} == 1
	{told} == cow
	{from} == {old}
	{to} == {new}
@check the child has a new frame, {new}, and may write to it
	{new} != {old}
	vmwalk --expect write,dirty,!cow,map=1 {child} {page}
@check the parent keeps the old one
	{parent} == {old}

= The parent writes

Now nobody else has the old frame. The entry of the parent still forbids
writing. Must there be a copy?

$ vmwalk {pid} {page} | grep -E 'idx|PTE|page  |writes'

@let class = vmwalk --json {pid} {page} -> predict.write.class
@go reused
	vmwalk watch --event fault --range {page}-+0d{page_size} {pid}

@let nr = watch -> #
@let told = watch -> 0.class
@let to = watch -> 0.after.pfn
@let parent = vmwalk --json {pid} {page} -> page.pfn
@check it was predicted: {class}
	{class} == reuse
@check one fault, but no copy: the frame is the same, and may be written now
	{faults} == 1
	{parent} == {old}
	vmwalk --expect write,dirty {pid} {page}
@check the watch saw it: {told}, the same frame
	{nr} == 1
	{told} == reuse
	{to} == {old}

= What it shows

fork() copies page tables, not pages, and takes the permission to write out of
both copies. The first write faults; the kernel copies the page unless it can
see that nobody else has it.

Names in the kernel: copy_present_pte() at fork; do_wp_page() at the write;
wp_page_copy() copies, wp_page_reuse() does not. The flag PageAnonExclusive of
a page says that it belongs to one process alone.

= Try next

What does a program pay that forks and then calls exec() at once? What does
fork() copy of a process with many page tables but few pages (lesson tables)?
