// SPDX-License-Identifier: GPL-2.0
#include "lesson.h"

static int to_child[2], to_parent[2];

static void child(volatile char *page)
{
	long before, faults;
	char order;

	while (read(to_child[0], &order, 1) == 1) {
		before = minor_faults();
		if (order == 'r')
			(void)page[0];
		else
			page[0] = 'c';
		faults = minor_faults() - before;
		if (write(to_parent[1], &faults, sizeof(faults)) < 0)
			break;
	}
	_exit(0);
}

static void order(char what)
{
	long faults = -1;

	if (write(to_child[1], &what, 1) != 1 ||
	    read(to_parent[0], &faults, sizeof(faults)) < 0)
		missing("the child is gone");
	printf("child_faults = %ld\n", faults);
}

int main(void)
{
	volatile char *page = map_anonymous(sysconf(_SC_PAGESIZE));
	long before;
	pid_t pid;

	page[0] = 'p';
	printf("page = %p\n", (void *)page);
	stop("written");

	if (pipe(to_child) || pipe(to_parent))
		missing("no pipe");
	pid = fork_child();
	if (!pid)
		child(page);
	printf("child = %d\n", pid);
	stop("forked");

	order('r');
	stop("read");

	order('w');
	stop("copied");

	before = minor_faults();
	page[0] = 'q';
	printf("faults = %ld\n", minor_faults() - before);
	stop("reused");

	return 0;
}
