/* SPDX-License-Identifier: GPL-2.0 */
	.section .rodata
	.global goals_start, goals_end
goals_start:
	.incbin "goals.list"
goals_end:
	.byte 0
	.section .note.GNU-stack, "", %progbits
