// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: the memory of its targets.
 *
 * Each target has the same regions at the same addresses and changes them all the time.
 * Pages are never accessed, but populated by MADV_POPULATE_* or MAP_POPULATE: an access
 * would raise SIGSEGV if another thread has just unmapped the page.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/prctl.h>
#include <linux/userfaultfd.h>
#include "fuzz.h"

#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE)
#define BASE(n)	(0x100000000000UL + (n) * 4 * GIB)
#define HUGE	(2 * MIB)

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25	/* since Linux 6.1 */
#endif

/* REGION_HUGETLB is 1 GiB, aligned, so that targets share its page of PMD entries. */
const struct region regions[REGION_COUNT] = {
	[REGION_ANCHOR]		= { BASE(REGION_ANCHOR), 64 * PAGE },
	[REGION_CHURN]		= { BASE(REGION_CHURN), 4 * MIB },
	[REGION_HUGE]		= { BASE(REGION_HUGE), 8 * MIB },
	[REGION_HUGE_ANCHOR]	= { BASE(REGION_HUGE_ANCHOR), 4 * MIB },
	[REGION_SWAP]		= { BASE(REGION_SWAP), 64 * PAGE },
	[REGION_HUGETLB]	= { BASE(REGION_HUGETLB), GIB },
	[REGION_SHMEM]		= { BASE(REGION_SHMEM), 2 * MIB },
	[REGION_FILE]		= { BASE(REGION_FILE), 16 * PAGE },
	[REGION_PROTNONE]	= { BASE(REGION_PROTNONE), 64 * PAGE },
	[REGION_FLICKER]	= { BASE(REGION_FLICKER), 2 * MIB },
	[REGION_WATCHED]	= { BASE(REGION_WATCHED), 4 * PAGE },
};

int region_of(uint64_t address)
{
	int i;

	for (i = 0; i < REGION_COUNT; i++)
		if (address - regions[i].start < regions[i].len)
			return i;
	return -1;
}

static void descriptor_move(int fd, int to)
{
	if (fd < 0)
		return;
	dup2(fd, to);
	close(fd);
}

/* Open the files that all targets share; the descriptors stay open across exec. */
void regions_prepare(void)
{
	descriptor_move(memfd_create("fuzz-shmem", 0), FD_SHMEM);
	descriptor_move(memfd_create("fuzz-hugetlb", MFD_HUGETLB), FD_HUGETLB);
	if (ftruncate(FD_SHMEM, regions[REGION_SHMEM].len))
		abort();
	/* Without hugetlb support targets have no such region, and no check needs it. */
	if (ftruncate(FD_HUGETLB, regions[REGION_HUGETLB].len))
		close(FD_HUGETLB);
}

static void *at(enum region_kind kind, size_t offset)
{
	return (void *)(regions[kind].start + offset);
}

static void region_map(enum region_kind kind, int flags, int fd)
{
	mmap(at(kind, 0), regions[kind].len, RW, flags, fd, 0);
}

void regions_make(void)
{
	int exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	region_map(REGION_ANCHOR, ANON | MAP_POPULATE, -1);
	region_map(REGION_CHURN, ANON, -1);
	region_map(REGION_HUGE, ANON, -1);
	region_map(REGION_HUGE_ANCHOR, ANON, -1);
	region_map(REGION_SWAP, ANON | MAP_POPULATE, -1);
	region_map(REGION_PROTNONE, ANON | MAP_POPULATE, -1);
	region_map(REGION_WATCHED, ANON | MAP_POPULATE, -1);
	region_map(REGION_FLICKER, ANON, -1);
	region_map(REGION_SHMEM, MAP_SHARED | MAP_FIXED, FD_SHMEM);
	region_map(REGION_HUGETLB, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, FD_HUGETLB);
	region_map(REGION_FILE, MAP_PRIVATE | MAP_FIXED, exe);
	madvise(at(REGION_HUGE, 0), regions[REGION_HUGE].len, MADV_HUGEPAGE);
	madvise(at(REGION_HUGE_ANCHOR, 0), regions[REGION_HUGE_ANCHOR].len, MADV_HUGEPAGE);
	madvise(at(REGION_FLICKER, 0), regions[REGION_FLICKER].len, MADV_HUGEPAGE);
	madvise(at(REGION_HUGE_ANCHOR, 0), regions[REGION_HUGE_ANCHOR].len,
		MADV_POPULATE_WRITE);
	close(exe);
}

static void *nothing_run(void *arg)
{
	return arg;
}

/*
 * Start a child and a thread that only exit. fork() makes entries of private pages
 * read-only, and the exit of the thread races with calls that sum the fault counters of
 * all threads.
 */
static void child_come_and_go(void)
{
	pid_t child = fork();
	pthread_t thread;

	if (!child)
		_exit(0);
	if (child > 0)
		waitpid(child, NULL, 0);
	if (!pthread_create(&thread, NULL, nothing_run, NULL))
		pthread_join(thread, NULL);
}

/* Never unmap a page here: the checks rely on anchor regions being present. */
static void anchor_disturb(enum region_kind kind, size_t off, unsigned int act)
{
	const size_t len = regions[kind].len;
	const size_t some = kind == REGION_ANCHOR ? 4 * PAGE : HUGE;

	if (off + some > len)
		off = 0;
	switch (act % 8) {
	case 0:
	case 1:
		mprotect(at(kind, off), some, PROT_READ);
		break;
	case 2:
		mprotect(at(kind, 0), len, RW);
		break;
	case 3:
		child_come_and_go();
		break;
	case 4:
		if (kind == REGION_HUGE_ANCHOR)
			madvise(at(kind, 0), HUGE, MADV_COLLAPSE);
		break;
	case 5:
		mprotect(at(kind, off), PAGE, PROT_READ);
		break;
	default:
		madvise(at(kind, off), some, MADV_POPULATE_WRITE);
	}
}

static void churn_disturb(size_t off, size_t len, unsigned int act)
{
	void *p = at(REGION_CHURN, off);

	switch (act % 12) {
	case 0:
		munmap(p, len);
		break;
	case 1:
		mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at(REGION_CHURN, 0));
		break;
	case 2:
		madvise(p, len, MADV_DONTNEED);
		break;
	case 3:
		madvise(p, len, MADV_FREE);
		break;
	case 4:
		prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p, len, act & 16 ? "fuzz" : NULL);
		break;
	case 5:
		madvise(p, len, act & 16 ? MADV_MERGEABLE : MADV_UNMERGEABLE);
		break;
	case 6:
		mmap(p, len, PROT_READ, ANON | MAP_GROWSDOWN, -1, 0);
		break;
	case 7:
		madvise(p, len, MADV_POPULATE_READ);
		break;
	case 8:
		act & 16 ? mlock(p, PAGE) : munlock(p, len);
		break;
	case 9:
		mmap(p, len, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p, len, "shared");
		break;
	default:
		mmap(p, len, RW, ANON, -1, 0);
		madvise(p, len, MADV_POPULATE_WRITE);
	}
}

static void huge_disturb(size_t off, unsigned int act)
{
	void *huge = at(REGION_HUGE, off & -HUGE), *p = at(REGION_HUGE, off);

	switch (act % 8) {
	case 0:
		madvise(huge, HUGE, MADV_DONTNEED);
		break;
	case 1:
		madvise(p, PAGE, MADV_DONTNEED);
		break;
	case 2:
		madvise(huge, HUGE, MADV_COLLAPSE);
		break;
	case 3:
		mprotect(p, PAGE, PROT_READ);
		break;
	case 4:
		mprotect(huge, HUGE, act & 16 ? PROT_NONE : RW);
		break;
	case 5:
		madvise(huge, HUGE, MADV_PAGEOUT);
		break;
	case 6:
		madvise(huge, HUGE, MADV_POPULATE_READ);
		break;
	default:
		madvise(huge, HUGE, MADV_POPULATE_WRITE);
	}
}

static void hugetlb_disturb(size_t off, unsigned int act)
{
	/* Touch 16 huge pages only: the hugetlb pool is small. */
	void *p = at(REGION_HUGETLB, off % (16 * HUGE) & -HUGE);

	switch (act % 8) {
	case 0:
		munmap(at(REGION_HUGETLB, 0), regions[REGION_HUGETLB].len);
		break;
	case 1:
		madvise(p, HUGE, MADV_DONTNEED);
		break;
	case 2:
		mprotect(p, HUGE, act & 16 ? PROT_READ : RW);
		break;
	case 3:
		child_come_and_go();
		break;
	case 4:
		madvise(p, HUGE, MADV_REMOVE);
		break;
	case 5:
		madvise(p, HUGE, MADV_POPULATE_READ);
		break;
	default:
		region_map(REGION_HUGETLB, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, FD_HUGETLB);
		madvise(p, HUGE, MADV_POPULATE_WRITE);
	}
}

static void pages_disturb(enum region_kind kind, size_t off, unsigned int act)
{
	void *p = at(kind, off);

	switch (act % 6) {
	case 0:
		madvise(p, PAGE, MADV_DONTNEED);
		break;
	case 1:
		madvise(at(kind, 0), regions[kind].len, MADV_PAGEOUT);
		break;
	case 2:
		madvise(at(kind, 0), regions[kind].len, MADV_POPULATE_READ);
		break;
	case 3:
		mprotect(p, PAGE, act & 16 ? PROT_READ : RW);
		break;
	case 4:
		if (kind == REGION_SHMEM)
			fallocate(FD_SHMEM, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, PAGE);
		break;
	default:
		madvise(p, PAGE, MADV_POPULATE_WRITE);
	}
}

static void protnone_disturb(size_t off, unsigned int act)
{
	mprotect(at(REGION_PROTNONE, off), PAGE, act & 1 ? PROT_NONE : RW);
	if (act & 2)
		madvise(at(REGION_PROTNONE, off), PAGE, MADV_POPULATE_WRITE);
}

/*
 * Free and refill a huge page. Both calls hold mmap_lock at most for reading, as a walk
 * does, so a walk can run at the same time.
 */
void region_flicker(void)
{
	madvise(at(REGION_FLICKER, 0), regions[REGION_FLICKER].len, MADV_DONTNEED);
	madvise(at(REGION_FLICKER, 0), PAGE, MADV_POPULATE_WRITE);
}

/*
 * To change the protection of an entry, userfaultfd clears it for a moment, with
 * mmap_lock held for reading only: a walk without the page-table lock could find it
 * empty.
 */
void region_watch(void)
{
	const struct uffdio_range range = { regions[REGION_WATCHED].start,
					    regions[REGION_WATCHED].len };
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_PAGEFAULT_FLAG_WP };
	struct uffdio_register reg = { range, UFFDIO_REGISTER_MODE_WP, 0 };
	struct uffdio_writeprotect wp = { range, 0 };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg))
		return;
	for (;;) {
		wp.mode ^= UFFDIO_WRITEPROTECT_MODE_WP;
		ioctl(fd, UFFDIO_WRITEPROTECT, &wp);
	}
}

void region_disturb(enum region_kind kind, uint64_t *state)
{
	size_t off = random_next(state) % regions[kind].len & -PAGE;
	unsigned int act = random_next(state) >> 32;

	switch (kind) {
	case REGION_ANCHOR:
	case REGION_HUGE_ANCHOR:
		anchor_disturb(kind, off, act);
		break;
	case REGION_CHURN:
		churn_disturb(off, (1 + act % 64) * PAGE, act >> 8);
		break;
	case REGION_HUGE:
		huge_disturb(off, act);
		break;
	case REGION_HUGETLB:
		hugetlb_disturb(off, act);
		break;
	case REGION_PROTNONE:
		protnone_disturb(off, act);
		break;
	case REGION_FLICKER:
	case REGION_WATCHED:
		break;
	default:
		pages_disturb(kind, off, act);
	}
}
