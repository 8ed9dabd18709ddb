// SPDX-License-Identifier: GPL-2.0
/*
 * Parent and child are compared: their page at one address has two frames, the
 * kernel's code has one.
 */
#include <string.h>
#include "lesson.h"

/* Return 0 if /proc/kallsyms lacks _stext, or hides its address. */
static unsigned long kernel_code(void)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	unsigned long address = 0, one;
	char type, name[256];

#ifdef __aarch64__
	missing("on arm64 no process has the tables of the kernel's half");
#endif
	while (file && !address &&
	       fscanf(file, "%lx %c %255[^\n]", &one, &type, name) == 3)
		if (!strcmp(name, "_stext"))
			address = one;
	if (file)
		fclose(file);
	return address;
}

int main(void)
{
	volatile char *page = map_anonymous(sysconf(_SC_PAGESIZE));
	unsigned long begin = kernel_code();
	int done[2];
	pid_t child;
	char byte;

	if (!begin)
		missing("/proc/kallsyms does not say where the kernel is");
	page[0] = 1;
	if (pipe(done))
		missing("no pipe");
	child = fork_child();
	if (!child) {
		page[0] = 2;
		if (write(done[1], "x", 1) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	if (read(done[0], &byte, 1) != 1)
		missing("the child is gone");
	printf("page  = %p\n", (void *)page);
	printf("child = %d\n", child);
	printf("code  = %#lx\n", begin);
	stop("forked");

	return 0;
}
