// SPDX-License-Identifier: GPL-2.0
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include "lesson.h"

/*
 * A file on tmpfs would not do: it is never written back, so a second write
 * would not fault.
 */
static int make_file(long page)
{
	int fd = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	struct statfs type;

	if (fd < 0 || fstatfs(fd, &type) || ftruncate(fd, 4 * page) ||
	    pwrite(fd, "f", 1, 0) != 1)
		missing("no file can be made in /var/tmp");
	if (type.f_type == TMPFS_MAGIC || type.f_type == RAMFS_MAGIC)
		missing("/var/tmp is not on a disk");
	fsync(fd);
	return fd;
}

static char in_file(int fd)
{
	char byte = '?';

	if (pread(fd, &byte, 1, 0) != 1)
		byte = '?';
	return byte;
}

int main(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	volatile char *shared, *private;
	int fd = make_file(page);
	long before;

	catch_signal(SIGBUS, note_code);
	shared = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	printf("bytes   = %c%c\n", shared[0], private[0]);
	printf("shared  = %p\n", (void *)shared);
	printf("private = %p\n", (void *)private);
	stop("read");

	private[0] = 'p';
	printf("file = %c\n", in_file(fd));
	stop("private");

	before = minor_faults();
	shared[0] = 's';
	printf("faults = %ld\n", minor_faults() - before);
	printf("file   = %c\n", in_file(fd));
	printf("copy   = %c\n", private[0]);
	stop("shared");

	fsync(fd);
	stop("synced");

	before = minor_faults();
	shared[0] = 't';
	printf("faults = %ld\n", minor_faults() - before);
	stop("again");

	if (ftruncate(fd, 0))
		missing("the file cannot be truncated");
	stop("truncated");

	if (!sigsetjmp(back, 1))
		printf("signal  = none, the byte is %d\n", shared[0]);
	else
		printf("signal  = SIGBUS\n");
	printf("si_code = %d\n", code);
	stop("sigbus");

	return 0;
}
