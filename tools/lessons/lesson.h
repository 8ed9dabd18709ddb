/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program of every lesson uses. Such a program can also be run by hand: it stops
 * where it says so until you press Enter, and meanwhile you look at it with vmwalk from
 * another terminal.
 */
#ifndef VMWALK_LESSON_H
#define VMWALK_LESSON_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Some of what lessons show is the processor's own. */
#ifdef __x86_64__
#define ON_X86	1
#else
#define ON_X86	0
#endif

/* Stop here until somebody says go on. */
static inline void stop(const char *name)
{
	printf("%s %s\n", __func__, name);
	fflush(stdout);
	if (getchar() == EOF)
		exit(0);
}

/* This machine cannot do what the lesson is about. */
static inline void missing(const char *why)
{
	printf("%s: %s\n", __func__, why);
	fflush(stdout);
	exit(0);
}

/* Map private anonymous memory, in pages of the ordinary size. */
static inline volatile char *map_anonymous(size_t size)
{
	void *area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		missing("no memory to map");
	madvise(area, size, MADV_NOHUGEPAGE);
	return area;
}

static inline long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static inline long major_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_majflt;
}

/* fork(2) a child that does not outlive its parent. */
static inline pid_t fork_child(void)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		missing("no process can be made");
	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	return 0;
}

#endif /* VMWALK_LESSON_H */
