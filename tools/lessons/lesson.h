/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions shared by the lesson programs. A program that is run by hand waits at each
 * stop for the Enter key, so that vmwalk can look at it from another terminal.
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

#ifdef __x86_64__
#define ON_X86	1
#else
#define ON_X86	0
#endif

static inline void catch_signal(int signal, void (*caught)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = caught };

	action.sa_flags = SA_SIGINFO | SA_NODEFER;
	sigaction(signal, &action, NULL);
}

/* note_code() jumps to @back, which the caller has set, and leaves si_code in @code. */
static sigjmp_buf back;
static volatile int code;

static inline void note_code(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	code = info->si_code;
	siglongjmp(back, 1);
}

/*
 * vmwalk lesson parses this line, and answers with a newline to let the program go on.
 * It closes the pipe to end the program.
 */
static inline void stop(const char *name)
{
	printf("%s %s\n", __func__, name);
	fflush(stdout);
	if (getchar() == EOF)
		exit(0);
}

/* vmwalk lesson shows @why and gives up. That is no failure, so exit with 0. */
static inline void missing(const char *why)
{
	printf("%s: %s\n", __func__, why);
	fflush(stdout);
	exit(0);
}

/* Without transparent huge pages, so that each page has its own entry and fault. */
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

/* The PFN in the entry is 0 without CAP_SYS_ADMIN. */
static inline uint64_t entry_of(volatile char *address)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry), (uintptr_t)address / sysconf(_SC_PAGESIZE) * 8) < 0)
		missing("no /proc/self/pagemap");
	close(fd);
	return entry;
}

/*
 * Fork a child that does not outlive its parent. The parent may have ended before
 * prctl(2), which then sends no signal, so check getppid().
 */
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

/*
 * The old value is put back at exit(3), but not if a signal ends the program. @path has
 * to be valid until then. Return 0, or -1.
 */
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

#endif
