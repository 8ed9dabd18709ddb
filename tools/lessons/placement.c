// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include "lesson.h"

static long page;

static void *map(void *where, long pages, int flags)
{
	return mmap(where, pages * page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

/*
 * Fill the holes between libraries, which mmap() would take first. The loader
 * leaves them where libraries are aligned to more than a page. The mapping at
 * @low should be too large for such a hole, and so be below all of them.
 */
static void holes_fill(void)
{
	char *low = map(NULL, 256, 0), *at;

	munmap(low, 256 * page);
	do {
		at = map(NULL, 4, 0);
	} while (at != MAP_FAILED && at >= low + 256 * page);
}

static long below_stack(void)
{
	FILE *file = fopen("/proc/self/maps", "r");
	char line[256];
	long start = 0;

	while (file && fgets(line, sizeof(line), file))
		if (strstr(line, "[stack]"))
			sscanf(line, "%lx", &start);
	if (file)
		fclose(file);
	return start - page;
}

/*
 * Use over 4 KiB of stack per level. @local is read after the call, so that the
 * compiler cannot turn the recursion into a loop. Return the address of the
 * last stack frame.
 */
static long deep(int times)
{
	long where = (long)__builtin_frame_address(0);
	volatile char local[4096];

	local[0] = times;
	if (times)
		where = deep(times - 1);
	return local[0] == times ? where : 0;
}

int main(void)
{
	char *first, *second, *third, *fixed;
	long before;
	int i;

	if (!ON_X86)
		puts("missing exception: such faults are looked for on x86 alone");
	page = sysconf(_SC_PAGESIZE);
	holes_fill();
	first = map(NULL, 16, 0);
	second = map(NULL, 16, 0);
	printf("first  = %p\n", first);
	printf("second = %p\n", second);
	printf("size   = %ld\n", 16 * page);
	stop("mapped");

	munmap(first + 4 * page, 4 * page);
	third = map(NULL, 4, 0);
	printf("hole  = %p\n", first + 4 * page);
	printf("third = %p\n", third);
	stop("filled");

	first[0] = 'a';
	fixed = map(first, 1, MAP_FIXED);
	printf("fixed      = %p\n", fixed);
	printf("first_byte = %d\n", *(volatile char *)first);
	fixed = map(first, 1, MAP_FIXED_NOREPLACE);
	printf("noreplace  = %s\n",
	       fixed == MAP_FAILED ? strerror(errno) : "mapped");
	stop("fixed");

	before = minor_faults();
	second = map(NULL, 64, MAP_POPULATE);
	printf("populated          = %p\n", second);
	printf("populated_size     = %ld\n", 64 * page);
	printf("faults_of_populate = %ld\n", minor_faults() - before);
	before = minor_faults();
	for (i = 0; i < 64; i++)
		second[i * page] = 1;
	printf("faults_of_touch    = %ld\n", minor_faults() - before);
	stop("populated");

	deep(1);
	printf("below = %#lx\n", below_stack());
	stop("shallow");

	printf("deep = %#lx\n", deep(100));
	stop("deep");

	return 0;
}
