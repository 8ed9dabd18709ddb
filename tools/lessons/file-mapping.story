# SPDX-License-Identifier: GPL-2.0
title File mappings: the page cache, major faults, and reading ahead
place 70

= You will see

A file can be mapped: its contents appear as memory. They come from the disk
when they are touched, and they stay in memory for whoever wants them next.

= Think first

A program maps a file of 128 pages and reads one byte in the middle. How many
pages should be read from the disk? How many entries should be made? Are these
two the same question?

= A file, on the disk and not in memory

The program makes a file, has it written to the disk and dropped from memory,
and maps it. (The file has no name, and goes away with the program: that is
what "deleted" says.)

@go mapped

$ vmwalk {pid} {area} | grep -E '^  [a-z]|^maps|if it|writes'

@check nothing of the file is in memory
	{cached} == 0
	vmwalk --expect none,file,shared {pid} {area}

= One byte is read

(If the watch shows 2 tries: the kernel let go of its locks to wait for the
disk, and then the access was made once more.)

@go read
	vmwalk watch --event fault --range {area}-+0d{size} {pid}

@let told = watch -> 0.class
@let outcome = watch -> 0.outcome

$ vmwalk {pid} {area}-+0d{size}

@check it is what the file has there: {byte}
	{byte} == m
@check a major fault: the process had to wait for the disk
	{major} == 1
@check the watch saw it: {told}, {outcome}
	{told} == file-read
	{outcome} == major
@check {cached} pages were read, not one: the kernel reads ahead
	{cached} > 1
	{cached} <= 128
@check far fewer entries were made: {entries}
	{entries} >= 1
	{entries} < {cached}
	vmwalk --expect present,file,!anon {pid} {page64}

The pages of files in memory are the page cache. It belongs to the file, not
to a process: what is read with read() is there too.

= A page that is in memory, but not in the page table [around]

@go around
	vmwalk watch --event fault --range {area}-+0d{size} {pid}

@let told = watch -> 0.class
@let outcome = watch -> 0.outcome

$ vmwalk {pid} {area}-+0d{size}

@check a minor fault: nothing had to be read
	{minor} == 1
	{major_after} == 0
@check the watch saw it: {told} again, but {outcome}
	{told} == file-read
	{outcome} == minor
@check {more} entries were made at once, for pages around it that are in memory
	{more} > 1

That is called fault-around. A fault costs more than a few entries.

There is something in between: a page that was read ahead, and has not come
from the disk yet. A fault on it is minor, as this process did not start the
reading, but has to wait for it all the same.

= The same page, mapped again

@go again

@let one = vmwalk --json {pid} {first} -> page.pfn
@let two = vmwalk --json {pid} {again} -> page.pfn

$ vmwalk find pfn:{one}

@check both mappings lead to one frame, {one}: that of the page cache
	{one} == {two}

= Reading ahead on purpose

madvise(MADV_WILLNEED) says that all of it will be needed. The kernel begins
to read, as much at a time as it reads ahead at most.

@go willneed

@check more pages are in memory: {cached} in place of {before}
	{cached} > {before}
@check no access, no entry: {willneed} as before
	{willneed} == {mapped}

= What it shows

A fault on a file asks the page cache. What is not there is read, with what
comes before and after it; what is there is only mapped, with its neighbours.

Names in the kernel: do_read_fault(), do_fault_around() and
filemap_map_pages(), filemap_fault(), page_cache_ra_order().

= Try next

/sys/kernel/debug/fault_around_bytes, and blockdev --getra: what do they
change? What does MADV_RANDOM change, and when is it right?
