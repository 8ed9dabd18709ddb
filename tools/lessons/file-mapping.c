// SPDX-License-Identifier: GPL-2.0
/*
 * The file has to be on a disk: all pages of one on tmpfs stay in the page
 * cache.
 */
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include "lesson.h"

#define PAGES	128

static long page;

static int make_file(void)
{
	int fd = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *contents = malloc(page);
	struct statfs type;
	int i;

	if (fd < 0 || fstatfs(fd, &type))
		missing("no file can be made in /var/tmp");
	if (type.f_type == TMPFS_MAGIC || type.f_type == RAMFS_MAGIC)
		missing("/var/tmp is not on a disk");
	for (i = 0; i < PAGES; i++) {
		memset(contents, 'a' + i % 26, page);
		if (write(fd, contents, page) != page)
			missing("/var/tmp is full");
	}
	free(contents);
	/* Only clean pages can be dropped from the page cache: write them first. */
	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return fd;
}

/*
 * For a file, mincore(2) tells which pages are in the page cache, mapped or
 * not.
 */
static int cached(volatile char *area, unsigned char *in)
{
	int i, nr = 0;

	mincore((void *)area, PAGES * page, in);
	for (i = 0; i < PAGES; i++)
		nr += in[i] & 1;
	return nr;
}

/* Bit 63 of a pagemap entry is set if the page is present. */
static int entries(volatile char *area, char *in)
{
	uint64_t entry[PAGES] = { 0 };
	int fd = open("/proc/self/pagemap", O_RDONLY), i, nr = 0;

	if (pread(fd, entry, sizeof(entry), (uintptr_t)area / page * 8) < 0)
		missing("no /proc/self/pagemap");
	close(fd);
	for (i = 0; i < PAGES; i++)
		nr += in[i] = entry[i] >> 63;
	return nr;
}

/*
 * Return the middle of the longest run of three or more pages that are in the
 * page cache but have no entry, or -1. Fault-around maps all cached pages of an
 * aligned range around the fault: at least one neighbour is in it, too.
 */
static int unmapped(const unsigned char *in_memory, const char *in_table)
{
	int i, nr = 0, longest = 2, middle = -1;

	for (i = 0; i < PAGES; i++) {
		nr = (in_memory[i] & 1) && !in_table[i] ? nr + 1 : 0;
		if (nr > longest) {
			longest = nr;
			middle = i - nr / 2;
		}
	}
	return middle;
}

int main(void)
{
	unsigned char in_memory[PAGES];
	char in_table[PAGES];
	volatile char *area, *again;
	long minor, major;
	int fd, i, nr;

	page = sysconf(_SC_PAGESIZE);
	fd = make_file();
	area = mmap(NULL, PAGES * page, PROT_READ, MAP_SHARED, fd, 0);
	printf("area   = %p\n", (void *)area);
	printf("size   = %ld\n", PAGES * page);
	printf("cached = %d\n", cached(area, in_memory));
	stop("mapped");

	major = major_faults();
	printf("byte    = %c\n", area[64 * page]);
	printf("major   = %ld\n", major_faults() - major);
	printf("cached  = %d\n", cached(area, in_memory));
	nr = entries(area, in_table);
	printf("entries = %d\n", nr);
	printf("page64  = %p\n", (void *)(area + 64 * page));
	i = unmapped(in_memory, in_table);
	if (i < 0)
		puts("missing around: what is in memory is mapped already");
	stop("read");

	if (i >= 0) {
		minor = minor_faults();
		major = major_faults();
		(void)area[i * page];
		printf("minor       = %ld\n", minor_faults() - minor);
		printf("major_after = %ld\n", major_faults() - major);
		printf("more        = %d\n", entries(area, in_table) - nr);
		stop("around");
	}

	again = mmap(NULL, PAGES * page, PROT_READ, MAP_SHARED, fd, 0);
	(void)again[64 * page];
	printf("again = %p\n", (void *)(again + 64 * page));
	printf("first = %p\n", (void *)(area + 64 * page));
	stop("again");

	printf("before   = %d\n", cached(area, in_memory));
	printf("mapped   = %d\n", entries(area, in_table));
	madvise((void *)area, PAGES * page, MADV_WILLNEED);
	for (i = 0; i < 1000 && !(in_memory[0] & 1); i++) {
		usleep(10000);
		cached(area, in_memory);
	}
	printf("cached   = %d\n", cached(area, in_memory));
	printf("willneed = %d\n", entries(area, in_table));
	stop("willneed");

	return 0;
}
