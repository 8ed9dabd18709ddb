# SPDX-License-Identifier: GPL-2.0
title Demand paging: memory comes when it is touched
place 30

= You will see

A program asks for memory, gets an address, and has no memory. It gets a page
at a time, at the moment of the first access. You will watch entries of the
page table appear, and count the page faults that made them.

= Think first

A program asks for 1 GiB and writes to one page of it. How much memory should
it be given? When? And how can the kernel find out that a page is wanted, if
the program just uses it, without asking?

= The VMA grows, and nothing else

The program asks for 64 pages. mmap() finds a free place and makes a VMA. It
belongs to no file: that is called anonymous memory.

@go mapped

$ vmwalk {pid} {area}-+0d{size}

@check it may be read and written
	vmwalk --expect none,!file {pid} {area}
@let runs = vmwalk --json {pid} {area}-+0d{size} -> runs.#
@check all 64 pages are alike: there is no entry
	{runs} == 1

= What will happen?

The processor finds no entry for the address and cannot go on: it raises an
exception, the page fault. The kernel looks for the VMA of the address. If
there is one, and it allows the access, a page is missing for good reason, and
the kernel puts one there. vmwalk predicts the outcome of a write, and shows
which function of the kernel asks which question on the way:

$ vmwalk explain -n -o ACCESS,QUESTION,ANSWER,FUNCTION {pid} {area} | grep -E ^write

@let class = vmwalk --json explain {pid} {area} -> predict.write.class
@check a write would get a new frame; vmwalk calls that {class}
	{class} == anon-new

= One page is touched

The program writes one byte, in the page of number 5, and reads before and
after how many faults it has had (getrusage). Meanwhile vmwalk watch shows
each fault of the area, as it happens:

  when, in seconds; which thread; read or write, and the address; minor or not;
  how long it took. Then the entry before and after, in the letters of the
  lesson walk, its frame, vmwalk's word as above, and the instruction.
  (What is in brackets is for the next lesson.)

@go one
	vmwalk watch --event fault --range {area}-+0d{size} {pid}

@let faults = watch -> #
@let address = watch -> 0.address
@let before = watch -> 0.before.state
@let told = watch -> 0.class
@let ns = watch -> 0.ns
@let frame = watch -> 0.after.pfn
@let pfn = vmwalk --json {pid} {page5} -> page.pfn
@check one access, one page fault
	{faults_of_one} == 1
@check the watch saw that one, on page 5, and it was as predicted: {told}
	{faults} == 1
	{address} == {page5}
	{told} == {class}
@check it found no entry ({before}), and left one with the frame {frame}
	{before} == none
	{frame} == {pfn}

$ vmwalk {pid} {area}-+0d{size}

The flags of a run of pages: r, w and x are what may be done; a is accessed, d
dirty; s is for the lesson accessed-dirty.

@check page 5 has a frame, marked accessed and dirty
	vmwalk --expect present,anon,write,accessed,dirty {pid} {page5}
@check page 6 has none
	vmwalk --expect none {pid} {page6}

= All pages are touched, twice

This time the watch gives sums: how many faults of each kind, and how long they
took.

@go all
	vmwalk watch --summary --event fault --range {area}-+0d{size} {pid} | head -n 9

@let faults = watch -> 0.all.faults
@let news = watch -> 0.classes.anon-new.faults
@check 63 faults: one for each page that had no frame yet
	{faults_of_all} == 63
@check the watch has counted as many ({faults}), all of one kind
	{faults} == 63
	{news} == 63
@let runs = vmwalk --json {pid} {area}-+0d{size} -> runs.0.pages
@check all 64 are there now
	{runs} == 64

$ vmwalk {pid} {area}-+0d{size}

Frames are given out as they come: "extents" is in how many pieces the 64
pages lie in memory. Nobody needs them to be side by side.

= The heap, too

malloc() gets small pieces of memory from the heap. Its end is called the
break, and brk() moves it. The program moves it by 16 pages. A watch can show
such calls too.

@go brk
	vmwalk watch --event brk {pid}

@let event = watch -> 0.event
@check the program called brk(), and nothing else happened to its memory
	{event} == brk

$ vmwalk {pid} {brk}-+0d{grown}

@check the VMA has grown, and there is nothing in it
	vmwalk --expect none {pid} {page8}

Now it writes to the page of number 8.

@go heap
	vmwalk watch --event fault --range {page8}-+0d{page_size} {pid}

@let told = watch -> 0.class
@check a page fault again, of the same kind: {told}
	{told} == anon-new

$ vmwalk {pid} {brk}-+0d{grown}

@check the page that was touched has a frame
	vmwalk --expect present,anon,dirty {pid} {page8}
@check the one after it has none
	vmwalk --expect none {pid} {page9}

= What it shows

A system call that asks for memory changes the list of VMAs. A page fault
fills in the page table. These faults are called minor: the kernel had to do
some work, but did not have to read anything from a disk.

Names in the kernel: brk() and mmap() make the VMA; exc_page_fault() is where
the processor enters (x86); handle_mm_fault() goes through the levels, makes
tables that are missing, and do_anonymous_page() sets the entry.

= Try next

What does `vmwalk mm {pid}` count as total, and as resident? Change the
program so that it only reads: the lesson zero-page tells what happens then.
