/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions shared by the lesson programs. If you run a program by hand, it
 * waits at each stop until you press Enter: look at it with vmwalk from another
 * terminal meanwhile.
 */
#ifndef VMWALK_LESSON_H
#define VMWALK_LESSON_H

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Some sections show what only x86 does. */
#ifdef __x86_64__
#define ON_X86	1
#else
#define ON_X86	0
#endif

/* Call @caught for a signal, with its siginfo. */
static inline void catch_signal(int signal, void (*caught)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = caught };

	/* @caught does not return: do not block @signal until it does. */
	action.sa_flags = SA_SIGINFO | SA_NODEFER;
	sigaction(signal, &action, NULL);
}

/* For note_code(): the place to continue at, and the si_code of the signal */
static sigjmp_buf back;
static volatile int code;

static inline void note_code(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	code = info->si_code;
	siglongjmp(back, 1);
}

/* Tell vmwalk lesson the name of the stop, and wait for a line on stdin. */
static inline void stop(const char *name)
{
	printf("%s %s\n", __func__, name);
	fflush(stdout);
	if (getchar() == EOF)
		exit(0);
}

/* Exit, because the machine lacks something that the lesson needs. */
static inline void missing(const char *why)
{
	printf("%s: %s\n", __func__, why);
	fflush(stdout);
	exit(0);
}

/* Map private anonymous memory without transparent huge pages. */
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

	/* The first call may fault on @usage; the second counts that. */
	getrusage(RUSAGE_SELF, &usage);
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static inline long major_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_majflt;
}

#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_SWAPPED	(1ULL << 62)
#define PAGEMAP_FRAME	((1ULL << 55) - 1)

/* Return the entry of a page in /proc/self/pagemap. */
static inline uint64_t entry_of(volatile char *address)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry), (uintptr_t)address / sysconf(_SC_PAGESIZE) * 8) < 0)
		missing("no /proc/self/pagemap");
	close(fd);
	return entry;
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

#define SETTINGS_MAX	4

static struct setting {
	const char *path;
	char old[32];
} settings[SETTINGS_MAX];
static int nr_settings;

static inline int write_setting(const char *path, const char *value)
{
	FILE *file = fopen(path, "w");
	int failed = !file || fputs(value, file) < 0;

	if (file && fclose(file))
		failed = 1;
	return failed;
}

static inline void put_back_settings(void)
{
	while (nr_settings--)
		write_setting(settings[nr_settings].path, settings[nr_settings].old);
}

/* Change a setting of the system until the program exits. Return 0, or -1. */
static inline int set_for_now(const char *path, const char *value)
{
	struct setting *setting = &settings[nr_settings];
	FILE *file = fopen(path, "r");

	if (!file)
		return -1;
	if (nr_settings == SETTINGS_MAX || !fgets(setting->old, sizeof(setting->old), file)) {
		fclose(file);
		return -1;
	}
	fclose(file);
	if (write_setting(path, value))
		return -1;
	setting->path = path;
	if (!nr_settings++)
		atexit(put_back_settings);
	return 0;
}

#endif /* VMWALK_LESSON_H */
