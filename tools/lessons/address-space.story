# SPDX-License-Identifier: GPL-2.0
title Address spaces: where everything is, and what is nowhere
place 10

= You will see

A C program has code, constants, variables, a heap and a stack. Each of them
has an address. This lesson shows what the kernel knows about those addresses:
a list of areas, and nothing else.

vmwalk looks at another process while it runs. It only reads. In all lessons
the process is a small C program; its source is beside this story, and the
part that runs next is shown before it runs. While a lesson waits for the Enter
key, its program stands still. Ctrl-Z gives you the shell meanwhile, to look
around by yourself, and fg comes back.

= Think first

An address has 64 bits. A program that prints one line uses a few thousand
bytes. Which of the other addresses exist? Who decides what happens when the
program uses one that does not? And why can a constant not be changed?

= The program starts

It prints one address of each kind, and stops.

@go started

= The list of areas

The kernel keeps, for each process, a list of areas that may be used. One is
called a VMA: virtual memory area. Each has a start, an end, and permissions
(r read, w write, x execute, p private). This is the list:

$ vmwalk -o RANGE,PERMS,SIZE,NAME {pid}

(The next lessons explain "resident" and page tables.)

@let vmas = vmwalk --json mm {pid} -> mm.map_count

The process has {vmas} areas. Where the program has several, side by side, they
differ in permissions: an area has one set of them. What is in square brackets
belongs to no file: [heap] and [stack] are the process's own; [vdso], [vvar]
and the like are a few functions and data that the kernel lends to everybody.

= Where they come from

The program is a file in ELF format. The linker puts variables into sections
(.text .rodata .data .bss); sections with the same permissions make a segment
(LOAD); the kernel maps each segment, and that is a VMA. Three views of one
thing: linking, execution, and VMAs.

$ vmwalk -o RANGE,PERMS,ELF {pid} | grep -E 'text|rodata|data' | head -n 3

@let code_perms = vmwalk --json {pid} {code} -> vma.perms
@let constant_perms = vmwalk --json {pid} {constant} -> vma.perms
@let data_perms = vmwalk --json {pid} {data} -> vma.perms
@let bss_perms = vmwalk --json {pid} {bss} -> vma.perms
@check code may be executed and not be written: {code_perms}
	{code_perms} == r-xp
@check a constant may be read, no more: {constant_perms}
	{constant_perms} == r--p
@check variables may be written and not be executed: {data_perms}
	{data_perms} == rw-p
	{bss_perms} == rw-p

= The order

@let heap_name = vmwalk --json {pid} {heap} -> vma.name
@let local_name = vmwalk --json {pid} {local} -> vma.name

The heap follows the program, the stack is at the top, and libraries are
between: there is room for the heap to grow up, and for the others down.

@check malloc() took its memory from {heap_name}
	{heap_name} == [heap]
@check the variable of main() is on the {local_name}
	{local_name} == [stack]
@check program < heap < libraries < stack
	{data} < {heap}
	{heap} < {library}
	{library} < {local}

= What is nowhere

Between the areas there is nothing: no memory, and no permission to have any.
Address 0 is kept free on purpose, so that a NULL pointer is caught.

$ vmwalk {pid} 0 | head -n 5

The kernel's function find_vma() finds the area of an address, or else the
next one above it.

@check there is no VMA at address 0
	vmwalk --expect no-vma {pid} 0
@check in the code, there is one, and memory behind it
	vmwalk --expect present,user,exec,!write {pid} {code}

= What it shows

A process may use what its VMAs say, and nothing else. The list says what is
allowed; it does not say where in memory it is. That is the next lesson: walk.

The same list is in /proc/{pid}/maps. The kernel finds the VMA of an address
in a tree, not by going through a list, so that thousands of them do no harm.

= Try next

Run the lesson again: all addresses have changed. That is address space layout
randomisation; `setarch -R vmwalk lesson address-space` is without. Look at
yourself: vmwalk self. And at a large program: vmwalk $(pidof ...).
