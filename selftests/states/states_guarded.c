// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/userfaultfd.h>
#include "lib/machine.h"
#include "lib/proc.h"
#include "states.h"

#define NUMA_BALANCING	"/proc/sys/kernel/numa_balancing"
#define PAGES	16
#define BATCH	64	/* pages, more than PAGEVEC_SIZE of any kernel */
#define RW	(PROT_READ | PROT_WRITE)

/*
 * Older headers lack these: UFFD_FEATURE_WP_HUGETLBFS_SHMEM is of Linux 5.19,
 * UFFD_FEATURE_POISON of 6.6, MADV_GUARD_INSTALL of 6.13.
 */
#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM	(1 << 12)
#endif
#ifndef UFFD_FEATURE_POISON
#define UFFD_FEATURE_POISON		(1 << 14)
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

#define UFFDIO_POISON	_IOWR(UFFDIO, 0x08, struct uffdio_poison)
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

static bool anon_map(struct made *m)
{
	if (!region_map(m, PAGES * PAGE_SIZE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1))
		return false;
	madvise(m->base, m->size, MADV_NOHUGEPAGE);
	m->address += 4 * PAGE_SIZE + 0x40;
	return true;
}

/* Use UFFD_FEATURE_SIGBUS: without a pager an access would otherwise wait for ever. */
static bool uffd_open(struct made *m, uint64_t features, uint64_t mode)
{
	struct uffdio_api api = { .api = UFFD_API,
				  .features = features | UFFD_FEATURE_SIGBUS };
	struct uffdio_register reg = { .mode = mode };
	int fd;

	fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
	if (fd < 0)
		return cannot(m, "userfaultfd: %s", strerror(errno));
	/*
	 * The descriptor must stay open for as long as the state lasts. m->fd may hold a
	 * memfd, whose mapping needs no descriptor.
	 */
	if (m->fd >= 0)
		close(m->fd);
	m->fd = fd;
	if (ioctl(fd, UFFDIO_API, &api))
		return cannot(m, "userfaultfd lacks features %#llx: %s",
			      (unsigned long long)features, strerror(errno));
	reg.range.start = (uintptr_t)m->base;
	reg.range.len = m->size;
	if (ioctl(fd, UFFDIO_REGISTER, &reg))
		return cannot(m, "UFFDIO_REGISTER: %s", strerror(errno));
	return true;
}

static bool uffd_protect(struct made *m)
{
	struct uffdio_writeprotect wp = {
		.range = { .start = (uintptr_t)m->base, .len = m->size },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	if (ioctl(m->fd, UFFDIO_WRITEPROTECT, &wp))
		return cannot(m, "UFFDIO_WRITEPROTECT: %s", strerror(errno));
	return true;
}

static bool uffd_wp_make(struct made *m)
{
	if (!anon_map(m))
		return false;
	touch_write(m->address);
	return uffd_open(m, UFFD_FEATURE_PAGEFAULT_FLAG_WP, UFFDIO_REGISTER_MODE_WP) &&
	       uffd_protect(m);
}

/* Write-protecting a file page that is not mapped leaves a PTE marker. */
static bool uffd_marker_make(struct made *m)
{
	return memfd_create_pages(m, PAGES, 0) &&
	       region_map(m, PAGES * PAGE_SIZE, RW, MAP_SHARED, m->fd) &&
	       uffd_open(m, UFFD_FEATURE_WP_HUGETLBFS_SHMEM, UFFDIO_REGISTER_MODE_WP) &&
	       uffd_protect(m);
}

static bool uffd_missing_make(struct made *m)
{
	return anon_map(m) && uffd_open(m, 0, UFFDIO_REGISTER_MODE_MISSING);
}

static bool uffd_poison_make(struct made *m)
{
	struct uffdio_poison poison = { .range.len = PAGE_SIZE };

	if (!anon_map(m) ||
	    !uffd_open(m, UFFD_FEATURE_POISON, UFFDIO_REGISTER_MODE_MISSING))
		return false;
	poison.range.start = m->address & -PAGE_SIZE;
	if (ioctl(m->fd, UFFDIO_POISON, &poison))
		return cannot(m, "UFFDIO_POISON: %s", strerror(errno));
	return true;
}

static bool guard_make(struct made *m)
{
	if (!anon_map(m))
		return false;
	touch_write(m->address);
	if (madvise((void *)(m->address & -PAGE_SIZE), PAGE_SIZE, MADV_GUARD_INSTALL))
		return cannot(m, "no guard regions (MADV_GUARD_INSTALL, 6.13): %s",
			      strerror(errno));
	return true;
}

static bool pkey_make(struct made *m)
{
	int key;

	if (!anon_map(m))
		return false;
	touch_write(m->address);
	key = pkey_alloc(0, PKEY_DISABLE_ACCESS);
	if (key < 0)
		return cannot(m, "no protection keys: %s", strerror(errno));
	if (pkey_mprotect(m->base, m->size, RW, key))
		return cannot(m, "pkey_mprotect: %s", strerror(errno));
	m->other = key;
	return true;
}

/* Some kernels, 6.12 among them, send SIGBUS to the caller of MADV_HWPOISON as well. */
static void bus_ignore(int signal)
{
	(void)signal;
}

static bool hwpoison_make(struct made *m)
{
	struct sigaction act = { .sa_handler = bus_ignore };

	if (!anon_map(m))
		return false;
	touch_write(m->address);
	sigaction(SIGBUS, &act, NULL);
	if (madvise((void *)(m->address & -PAGE_SIZE), PAGE_SIZE, MADV_HWPOISON))
		return cannot(m, "madvise MADV_HWPOISON (CONFIG_MEMORY_FAILURE): %s",
			      strerror(errno));
	return true;
}

static volatile bool hint_seen;

/*
 * The process needs this second thread during the scan: change_pte_range() skips the
 * pages of a single-threaded process that are on the node of its CPU.
 */
static void *hint_wait(void *arg)
{
	while (!hint_seen)
		sleep_ms(5);
	return arg;
}

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt;
}

/*
 * Return true if a read of @page was a minor fault: @page was mapped, so it had become a
 * hint. If two counts without the read between them differ, the scan has just reached the
 * stack of this thread, whose fault must not be taken for one of @page.
 */
static bool hint_faults(volatile const char *page)
{
	long before = minor_faults();

	if (minor_faults() != before)
		return false;
	(void)*page;
	return minor_faults() != before;
}

/*
 * Write the region. A page that was just mapped is in a batch of its CPU, which refers to
 * it, and the scan of some kernels (change_pte_range() of 6.1) skips private pages with
 * more than one reference: map more pages than a batch holds, on the same CPU.
 */
static bool hint_region_write(struct made *m)
{
	const size_t size = BATCH * PAGE_SIZE;
	cpu_set_t before, one;
	char *more;

	more = mmap(NULL, size, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (more == MAP_FAILED || sched_getaffinity(0, sizeof(before), &before))
		return cannot(m, "no memory or no CPU: %s", strerror(errno));
	madvise(more, size, MADV_NOHUGEPAGE);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	memset(m->base, 'n', m->size);
	memset(more, 'n', size);
	sched_setaffinity(0, sizeof(before), &before);
	munmap(more, size);
	return true;
}

/*
 * The kernel scans on behalf of a thread that uses CPU time, so use it. Faults in the
 * pages before and behind that of the address show that it has become a hint, too: an
 * access to itself would clear it. System-wide counts (numa_pte_updates) cannot show
 * this: they also count other regions and processes.
 */
static bool hint_scan(struct made *m)
{
	const char *page = (const char *)(m->address & -PAGE_SIZE);
	const time_t end = time(NULL) + 10;
	bool before = false, behind = false;
	pthread_t waiter;

	hint_seen = false;
	if (pthread_create(&waiter, NULL, hint_wait, NULL))
		return cannot(m, "pthread_create: %s", strerror(errno));
	do {
		before |= hint_faults(page - PAGE_SIZE);
		behind |= hint_faults(page + PAGE_SIZE);
	} while (!(before && behind) && time(NULL) < end);
	hint_seen = true;
	pthread_join(waiter, NULL);
	return (before && behind) || cannot(m, "no NUMA hinting scan within 10 s");
}

/*
 * The setting is a static key in the scheduler: writing it patches code that other CPUs
 * execute all the time, hence machine_alone(). Store the previous setting in @old, unless
 * that is NULL; on failure return false with errno set.
 */
static bool numa_balancing_swap(const char *value, char *old, size_t size)
{
	bool ok;
	int err;

	machine_alone(true);
	ok = old ? setting_swap(NUMA_BALANCING, value, old, size) :
		   setting_write(NUMA_BALANCING, value);
	err = errno;
	machine_alone(false);
	errno = err;
	return ok;
}

static bool numa_hint_make(struct made *m)
{
	static const char sched[] = "/sys/kernel/debug/sched/numa_balancing/";
	static const char * const names[] = { "scan_delay_ms", "scan_period_min_ms" };
	char path[96], old[16], olds[2][16] = { "", "" };
	unsigned int i;
	bool ok;

	if (!anon_map(m))
		return false;
	if (!numa_balancing_swap("1", old, sizeof(old)))
		return cannot(m, NUMA_BALANCING ": %s", strerror(errno));
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s%s", sched, names[i]);
		setting_swap(path, "10", olds[i], sizeof(olds[i]));
	}
	ok = hint_region_write(m) && hint_scan(m);
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s%s", sched, names[i]);
		setting_write(path, olds[i]);
	}
	numa_balancing_swap(old, NULL, 0);
	return ok;
}

const struct state states_guarded[] = {
	{ "uffd-wp", "written, then write-protected through userfaultfd", uffd_wp_make },
	{ "uffd-wp-marker", "shared memory, protected before it was there", uffd_marker_make },
	{ "uffd-missing", "untouched memory whose faults userfaultfd gets", uffd_missing_make },
	{ "uffd-poison", "an access gives SIGBUS (UFFDIO_POISON)", uffd_poison_make },
	{ "guard", "a guard region (MADV_GUARD_INSTALL)", guard_make },
	{ "pkey", "written, then given a protection key", pkey_make },
	{ "hwpoison", "its frame was declared broken (MADV_HWPOISON)", hwpoison_make },
	{ "numa-hint", "made inaccessible by NUMA balancing to see who uses it", numa_hint_make },
	{ NULL, NULL, NULL }
};
