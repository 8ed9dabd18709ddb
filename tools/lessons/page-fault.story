# SPDX-License-Identifier: GPL-2.0
title The page fault: what the processor reports, and the outcome
place 40

= You will see

Demand paging works because an access without an entry is an exception. Here
are exceptions that do not end well, seen from inside: the program catches the
signal that it gets and prints what the processor reported.

= Think first

The kernel gets every page fault. What does it need to know to tell a page
that is only missing from a mistake of the program? What can the processor
tell it, and what does the kernel know itself?

= Three addresses

One is in a hole, one in a page that may only be read, one in a page that was
never touched.

@go ready

$ vmwalk {pid} {hole} {text} {fresh} | grep -E '^  [np]'

@check a hole has no VMA
	vmwalk --expect no-vma {pid} {hole}
@check the second is there, and read-only
	vmwalk --expect present,!write,!exec {pid} {text}
@check the third is not there yet
	vmwalk --expect none {pid} {fresh}

= A write into the hole

$ vmwalk explain -n -o ACCESS,QUESTION,ANSWER,FUNCTION {pid} {hole} | grep -E ^write

@let class = vmwalk --json explain {pid} {hole} -> predict.write.class
@go hole
	vmwalk watch --event fault,signal --range {hole}-+0d{page_size} {pid}

@let why = watch -> signal.signal_code
@check it was predicted: {class}
	{class} == segv-maperr
@check the kernel says which address it was
	{hole_address} == {hole} + 8
@check and why, in si_code: 1 is SEGV_MAPERR, nothing is mapped there
	{hole_si_code} == 1
@check the watch saw the signal, and calls it {why}
	{why} == SEGV_MAPERR

= What the processor reports [x86]

On x86 a page fault is exception number 14. The address is in the register
CR2, and an error code says what kind of access it was. Its bits, from the
lowest:

  P  1: the page is there, but not for this access; 0: it is not there
  W  1: a write       U  1: from user mode
  R  1: an entry has bits that must not be      I  1: to execute

The watch has them in brackets, in this order: - is a bit that is 0.

@let told = watch -> fault.error_code
@let class = watch -> fault.class
@check it was exception 14
	{hole_trap} == 14
@check error code {hole_error}: not there (P 0), a write (W 1), by a user (U 1)
	{hole_error} % 2 == 0
	{hole_error} / 2 % 2 == 1
	{hole_error} / 4 % 2 == 1
	{hole_error} / 16 % 2 == 0
@check the watch has the same letters, {told}, and the word {class}
	{told} == W U
	{class} == segv-maperr

= A write to what may only be read

@let class = vmwalk --json explain {pid} {text} -> predict.write.class
@go write
	vmwalk watch --event fault,signal --range {text}-+0d{page_size} {pid}

@let why = watch -> signal.signal_code
@check it was predicted: {class}
	{class} == segv-accerr
@check si_code 2 is SEGV_ACCERR: mapped, but not for that
	{write_si_code} == 2
	{write_address} == {text} + 8
@check the watch saw that signal: {why}
	{why} == SEGV_ACCERR

= The same, by the processor's bits [x86]

@let told = watch -> fault.error_code
@let class = watch -> fault.class
@check error code {write_error}: the page is there (P 1), and it was a write
	{write_trap} == 14
	{write_error} % 2 == 1
	{write_error} / 2 % 2 == 1
	{write_error} / 4 % 2 == 1
@check so the watch has P as well, {told}, and another word: {class}
	{told} == P W U
	{class} == segv-accerr

= Executing data

The entry has NX, no execution. A program that executes its data has been
attacked, or is broken.

@go execute
	vmwalk watch --event fault,signal --range {text}-+0d{page_size} {pid}

@let why = watch -> signal.signal_code
@check si_code is SEGV_ACCERR again
	{execute_si_code} == 2
	{execute_address} == {text}
@check the watch saw that signal: {why}
	{why} == SEGV_ACCERR

= The same, by the processor's bits [x86]

@let told = watch -> fault.error_code
@check error code {execute_error}: the page is there (P 1), to execute (I 1)
	{execute_trap} == 14
	{execute_error} % 2 == 1
	{execute_error} / 2 % 2 == 0
	{execute_error} / 16 % 2 == 1
@check the watch: {told}
	{told} == P U I

= A fault of the kernel's own

The program gives the kernel a wrong address: write(2) from the hole. Now it
is the kernel that reads there, on behalf of the process. It gets the fault
itself, finds no VMA, and ends its copying with an error. Nobody gets a
signal. The watch (where the kernel lets it see such a fault, as on x86) marks
it "in the kernel", and calls the outcome fixup. The cause is unknown: nothing
records which check the address failed.

@go efault
	vmwalk watch --event fault,signal --range {hole}-+0d{page_size} {pid}

@check the call failed: {why}
	{result} == -1
	{why} == Bad address

= The same, by the processor's bits [x86]

@let told = watch -> kernel.outcome
@let code = watch -> kernel.code
@check the watch saw a fault in the kernel: {told}
	{told} == fixup
@check no bit of its error code is set: not there, a read, not in user mode
	{code} == 0

= A fault that the kernel takes for the process

A right address that has no page yet is no error. The program reads one byte
from a pipe into the page that was never touched: the kernel writes there.

@go copied
	vmwalk watch --event fault --range {fresh}-+0d{page_size} {pid}

@let told = watch -> kernel.class
@let outcome = watch -> kernel.outcome
@check one minor fault, though the program itself did not touch the page
	{faults} == 1
@check the watch marks it "in the kernel", and else it is like any other: {told}
	{told} == anon-new
	{outcome} == minor
@check and the page is there
	vmwalk --expect present,anon,write,dirty {pid} {fresh}

= The same, by the processor's bits [x86]

@let code = watch -> kernel.error_code
@check a write, but not in user mode: {code}, without U
	{code} == W

= What it shows

A fault is valid if a VMA covers the address and permits the access. Then the
kernel puts things right and the instruction is done again: a minor fault if
that needed no disk, a major one if it did. It is invalid otherwise: a signal
for the process, or EFAULT from a system call.

Names in the kernel: exc_page_fault() reads CR2; do_user_addr_fault() finds
the VMA, access_error() compares it with the error code, bad_area() sends the
signal; copy_from_user() has a table of addresses at which it may fail.

= Try next

`vmwalk explain` on an address in the kernel, on 0, on main. Which signal does
an access past the end of a file give? (The lesson shared-private has it.)
