// SPDX-License-Identifier: GPL-2.0
/*
 * The child is in a cgroup of its own, so that the OOM killer picks no other
 * process.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "lesson.h"

#define ROOT	"/sys/fs/cgroup/"
#define GROUP	ROOT "vmwalk-lesson"
#define LIMIT	(32UL << 20)

static int set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	ssize_t n = fd < 0 ? -1 : write(fd, value, strlen(value));

	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

static void remove_group(void)
{
	rmdir(GROUP);
}

static long killed(void)
{
	FILE *file = fopen(GROUP "/memory.events", "r");
	char word[64];
	long value = -1, one;

	while (file && fscanf(file, "%63s %ld", word, &one) == 2)
		if (!strcmp(word, "oom_kill"))
			value = one;
	if (file)
		fclose(file);
	return value;
}

static void child(int orders, int done)
{
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *area = map_anonymous(2 * LIMIT);
	char order;
	size_t at;

	while (read(orders, &order, 1) == 1) {
		for (at = 0; at < (order == 'h' ? LIMIT / 2 : 2 * LIMIT); at += page)
			area[at] = 1;
		if (write(done, &order, 1) < 0)
			break;
	}
	_exit(0);
}

int main(void)
{
	const size_t huge = 64UL << 30;
	char text[32];
	int orders[2], done[2], status;
	volatile char *promise;
	pid_t pid;

	promise = mmap(NULL, huge, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	printf("promise = %p\n", (void *)promise);
	printf("huge    = %zu\n", huge);
	stop("promised");

	set(ROOT "cgroup.subtree_control", "+memory");
	snprintf(text, sizeof(text), "%lu", LIMIT);
	if ((mkdir(GROUP, 0755) && errno != EEXIST) ||
	    set(GROUP "/memory.max", text))
		missing("no memory cgroup can be made in " ROOT);
	set(GROUP "/memory.swap.max", "0");
	if (pipe(orders) || pipe(done))
		missing("no pipe");
	pid = fork_child();
	if (!pid)
		child(orders[0], done[1]);
	atexit(remove_group);
	snprintf(text, sizeof(text), "%d", pid);
	if (set(GROUP "/cgroup.procs", text))
		missing("the child cannot be put into a cgroup");
	printf("child = %d\n", pid);
	printf("limit = %lu\n", LIMIT);
	stop("limited");

	if (write(orders[1], "h", 1) != 1 || read(done[0], text, 1) != 1)
		missing("the child is gone");
	stop("half");

	if (write(orders[1], "a", 1) != 1)
		missing("the child is gone");
	waitpid(pid, &status, 0);
	printf("signal = %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	printf("killed = %ld\n", killed());
	stop("killed");

	return 0;
}
