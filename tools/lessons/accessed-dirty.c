// SPDX-License-Identifier: GPL-2.0
/*
 * On x86 the processor sets a cleared accessed bit again without a fault. With
 * the soft-dirty bits cleared, a write faults, and the kernel sets the bit.
 */
#include "lesson.h"

/* "1" clears the accessed bits of this process, "4" its soft-dirty bits. */
static void clear_bits(const char *what)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	if (fd < 0 || write(fd, what, 1) != 1)
		missing("no /proc/self/clear_refs");
	close(fd);
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *area = map_anonymous(4 * page);
	long before;

	if (!ON_X86) {
		puts("missing hardware: not every such processor sets the bits itself");
		puts("missing softdirty: not every kernel here has such a bit");
	}
	area[0] = 1;
	area[page] = 1;
	area[2 * page] = 1;
	printf("area = %p\n", (void *)area);
	printf("next = %p\n", (void *)(area + page));
	stop("written");

	clear_bits("1");
	stop("cleared");

	before = minor_faults();
	(void)area[0];
	printf("faults = %ld\n", minor_faults() - before);
	stop("read");

	if (!ON_X86)
		return 0;
	clear_bits("4");
	stop("clean");

	before = minor_faults();
	area[0] = 2;
	printf("faults_of_write = %ld\n", minor_faults() - before);
	stop("soft");

	return 0;
}
