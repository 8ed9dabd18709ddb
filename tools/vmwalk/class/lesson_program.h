/* SPDX-License-Identifier: GPL-2.0 */
/* The program of a lesson while it runs: it stops where it says so, and goes on when told. */
#ifndef VMWALK_LESSON_PROGRAM_H
#define VMWALK_LESSON_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct lesson_program - a program that has been started
 * @pid: it, and its process group; 0: none
 * @to: its standard input
 * @from: its standard output
 * @have: bytes in @buffer
 * @buffer: what it said and nobody read yet
 */
struct lesson_program {
	pid_t pid;
	int to;
	int from;
	size_t have;
	char buffer[4096];
};

/* lesson_program_start() - start it; -1 with errno */
int lesson_program_start(struct lesson_program *program, const char *path);

/* lesson_program_go() - let it go on from where it stopped */
void lesson_program_go(struct lesson_program *program);

/**
 * lesson_program_line() - the next line that it says
 * @program: a started one
 * @line: receives it, without the newline
 * @size: of @line, bytes
 *
 * Return: 1, 0 at the end of its output, or -1 if it has not said anything for a minute.
 */
int lesson_program_line(struct lesson_program *program, char *line, size_t size);

/**
 * lesson_program_end() - have it end, and end what it left behind
 * @program: a started one, or none
 * @go_on: first let it go on to its end; else it only sees that nobody waits for it
 * @why: receives how it ended, in words, if not well
 * @size: of @why, bytes
 *
 * Return: whether it ended well.
 */
bool lesson_program_end(struct lesson_program *program, bool go_on, char *why, size_t size);

#endif /* VMWALK_LESSON_PROGRAM_H */
