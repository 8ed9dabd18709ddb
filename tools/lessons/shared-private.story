# SPDX-License-Identifier: GPL-2.0
title MAP_SHARED, MAP_PRIVATE: who sees a write, and the disk
place 80

= You will see

The same file is mapped twice: shared and private. Both may be written. One
write reaches the file, the other does not.

= Think first

A private mapping may be written, but the file must not change. Which trick
have you seen that fits? And if a write to a shared mapping is only memory:
how does the kernel know, later, what has to be written to the disk?

= Both are read

@go read

@let cache = vmwalk --json {pid} {shared} -> page.pfn
@let other = vmwalk --json {pid} {private} -> page.pfn

$ vmwalk {pid} {shared} {private} | grep -E '^  [a-z]|^maps|PTE |if it|writes'

@check both entries lead to the page cache, to frame {cache}
	{cache} == {other}
@check neither may be written, though both VMAs say rw
	vmwalk --expect present,file,!write {pid} {shared}
	vmwalk --expect present,file,!write {pid} {private}
@let private_class = vmwalk --json {pid} {private} -> predict.write.class
@let shared_class = vmwalk --json {pid} {shared} -> predict.write.class
@check a write to the private one would make a copy, to the shared one would not
	{private_class} == file-cow
	{shared_class} == file-shared

= A write to the private mapping

@go private
	vmwalk watch --event fault --range {private}-+0d{page_size} {pid}

@let told = watch -> 0.class
@let frame = vmwalk --json {pid} {private} -> page.pfn
@check a new frame, {frame}: anonymous memory, with nothing to do with the file
	{frame} != {cache}
	vmwalk --expect present,anon,write,dirty {pid} {private}
@check the fault was as predicted: {told}
	{told} == {private_class}
@check the file has not changed: {file}
	{file} == f

= A write to the shared mapping

(If the watch says "unseen": to ask the file system the kernel let go of its
locks, and the entry was not read again after that.)

@go shared
	vmwalk watch --event fault --range {shared}-+0d{page_size} {pid}

@let told = watch -> 0.class
@let now = vmwalk --json {pid} {shared} -> page.pfn
@check one fault, and the frame is that of the page cache as before
	{faults} == 1
	{now} == {cache}
	vmwalk --expect present,file,write,dirty {pid} {shared}
@check the fault was as predicted: {told}
	{told} == {shared_class}
@check read() sees it at once: {file}
	{file} == s
@check the private copy does not: {copy}
	{copy} == p

= Written to the disk

The entry is dirty: memory is newer than the disk. Sooner or later the kernel
writes such pages back. Here the program asks for it, with fsync().

@go synced

$ vmwalk {pid} {shared} | grep -E '^  [a-z]|PTE |writes'

@check the page is clean now, and read-only again
	vmwalk --expect present,!write,!dirty {pid} {shared}

= Written once more

Why read-only? Because the next write has to be noticed: the page will differ
from the disk again, and the file system may need room for it.

@go again

@check one fault, and it is dirty
	{faults} == 1
	vmwalk --expect present,write,dirty {pid} {shared}

= The file gets shorter

Somebody truncates the file to nothing. The mappings stay as long as they
were.

@go truncated

$ vmwalk {pid} {shared} | grep -E '^  [a-z]|^maps|PTE |if it'

@let class = vmwalk --json {pid} {shared} -> predict.read.class
@check the entry is gone, the VMA is not
	vmwalk --expect none {pid} {shared}
@check an access would be an error of a kind of its own
	{class} == sigbus

@go sigbus
	vmwalk watch --event fault,signal --range {shared}-+0d{page_size} {pid}

@let told = watch -> fault.class
@let why = watch -> signal.signal_code
@check SIGBUS: there is a VMA, but nothing behind it
	{signal} == SIGBUS
@check the watch saw fault and signal: {told}, {why}
	{told} == {class}
	{why} == BUS_ADRERR

= What it shows

A shared mapping is the page cache itself; a private one is copy-on-write on
top of it. Dirty pages are found by the dirty bit, and by the fault at the
first write after each time that a page was written back.

Names in the kernel: do_cow_fault() and do_shared_fault(), do_page_mkwrite(),
folio_mkclean() before writing back, truncate_pagecache().

= Try next

What does MAP_SHARED with MAP_ANONYMOUS share, and with whom? Two programs
write to the same byte of a shared mapping: who wins?
