# SPDX-License-Identifier: GPL-2.0
title userfaultfd: a pager in user space
place 210

= You will see

The kernel fills in pages at a fault. With userfaultfd a program does it
itself: the kernel stops the thread that faults, and sends a message to
another thread of the program, the pager.

= Think first

A virtual machine moves to another host while it runs. Most of its memory is
still over there when it goes on. What has to happen when it touches a page
that has not come yet?

= Four pages are registered

@go registered

$ vmwalk {pid} {area} | grep -E '^  [a-z]|^maps|if it'

@let class = vmwalk --json {pid} {area} -> predict.read.class
@check nothing is there, and the kernel would ask the pager
	vmwalk --expect none {pid} {area}
	{class} == userfault

= One thread reads

It faults, and sleeps. The pager has the message, and does nothing about it
yet.

@go waiting

$ vmwalk explain -n -o ACCESS,QUESTION,ANSWER,FUNCTION {pid} {area} | grep -E ^read

@check it was a page fault, on this page
	{event} == pagefault
	{address} / {page_size} * {page_size} == {area}
@check the entry is still empty
	vmwalk --expect none {pid} {area}
@check the thread has not read anything
	{byte} == -1

= The pager provides the page

It copies a page of its own into place (UFFDIO_COPY), which wakes the thread
up.

@go provided

@check the thread has read what the pager had put there: {read}
	{read} == U
@check the page is an ordinary one now
	vmwalk --expect present,anon {pid} {area}

= What it shows

The contents of memory can come from anywhere: a network, a compressed file,
another host. Besides missing pages, userfaultfd reports writes to pages that
were write-protected (a mark in the entry, uffd-wp).

Names in the kernel: handle_userfault() puts the thread to sleep;
mfill_atomic_copy() provides the page.

= Try next

What happens if the pager itself touches the memory? What becomes of the
thread if the pager dies?
