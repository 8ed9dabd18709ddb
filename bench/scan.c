// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "bench.h"
#include "lib/device.h"

#define SIZE		(256UL << 20)
#define HUGE_SIZE	(1UL << 30)
#define HUGE_LEAF	(2UL << 20)
#define EMPTY_SIZE	(128UL << 40)
/* On x86 mmap() maps above 47 bits only if the hint lies there, too. */
#define EMPTY_AT	((void *)(1UL << 50))
#define RUNS		(1 << 17)
#define TIMES		1000

/*
 * A range to scan. @read is set only for cost_read(); @times is the number of calls that
 * cost_scan() and cost_enotty() make in a measurement.
 */
struct range {
	struct subject subject;
	bool (*read)(const struct proc_files *files, uint64_t start, size_t pages);
	uint64_t start, end;
	unsigned int flags;
	uint64_t require;
	size_t run_size;
	long expected;	/* number of records; 0 accepts any number but 0 */
	int times;
};

static unsigned char records[RUNS * sizeof(struct vmwalk_run)];

static char *make_touched(void)
{
	char *at = map_base(SIZE);

	if (at)
		memset(at, 1, SIZE);
	return at;
}

static char *make_alternate(void)
{
	size_t page = getpagesize(), offset;
	char *at = map_base(SIZE);

	for (offset = 0; at && offset < SIZE; offset += 2 * page)
		at[offset] = 1;
	return at;
}

static char *make_huge(void)
{
	char *at = mmap(NULL, HUGE_SIZE + HUGE_LEAF, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t offset;

	if (at == MAP_FAILED)
		return NULL;
	at = (char *)(((uintptr_t)at + HUGE_LEAF - 1) & -HUGE_LEAF);
	if (madvise(at, HUGE_SIZE, MADV_HUGEPAGE))
		return NULL;
	for (offset = 0; offset < HUGE_SIZE; offset += HUGE_LEAF)
		at[offset] = 1;
	return at;
}

static char *make_empty(void)
{
	char *at = mmap(EMPTY_AT, EMPTY_SIZE, PROT_READ,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static long scan_once(const struct range *range)
{
	struct vmwalk_scan scan = {
		.size = sizeof(scan),
		.flags = range->flags,
		.start = range->start,
		.end = range->end,
		.vec = (uintptr_t)records,
		.vec_size = sizeof(records),
		.run_size = range->run_size,
		.require = range->require,
	};

	if (device_ioctl(range->subject.device, VMWALK_IOC_SCAN, &scan) ||
	    scan.stop != VMWALK_STOP_END)
		return -1;
	return scan.nr;
}

static double cost_scan(void *arg)
{
	const struct range *range = arg;
	uint64_t began = bench_now();
	long nr = 0;
	int i;

	for (i = 0; i < range->times; i++)
		nr = scan_once(range);
	if (nr < 1 || (range->expected && nr != range->expected))
		return -1;
	return bench_now() - began;
}

static double cost_pagemap_scan(void *arg)
{
	const struct range *range = arg;
	uint64_t began = bench_now();
	long nr = proc_scan(&range->subject.files, range->start, range->end);

	if (nr < 1 || (range->expected && nr != range->expected))
		return -1;
	return bench_now() - began;
}

static double cost_read(void *arg)
{
	const struct range *range = arg;
	uint64_t began = bench_now();

	if (!range->read(&range->subject.files, range->start, SIZE / getpagesize()))
		return -1;
	return bench_now() - began;
}

static double cost_enotty(void *arg)
{
	const struct range *range = arg;
	uint64_t began = bench_now();
	int i;

	for (i = 0; i < range->times; i++)
		device_ioctl(range->subject.device, _IO(VMWALK_IOC_MAGIC, 0), NULL);
	return bench_now() - began;
}

/*
 * Return the cost of scanning what make() maps divided by that of @cost, or NAN. The
 * remark gives the costs per call if range->times is above 1, and per page otherwise.
 */
static double compare(struct range *range, char *(*make)(void), size_t size,
		      double (*cost)(void *), char *beside)
{
	const struct side one = { cost_scan, range }, other = { cost, range };
	double units = range->times > 1 ? range->times : (double)size / getpagesize();
	double first, second;

	if (!subject_start(&range->subject, make))
		return bench_cannot("no process with %zu MiB", size >> 20);
	range->start = (uintptr_t)range->subject.at;
	range->end = range->start + size;
	if (bench_medians(&one, &other, &first, &second))
		snprintf(beside, BESIDE, "%.1f ns / %.1f ns %s", first / units, second / units,
			 range->times > 1 ? "each" : "a page");
	else
		bench_cannot("a scan failed, or another way of it (PAGEMAP_SCAN: Linux 6.7)");
	subject_end(&range->subject);
	return first / second;
}

#define WITHOUT_PAGE	offsetof(struct vmwalk_run, flags_all)
#define WITH_PAGE	sizeof(struct vmwalk_run)

static double runs(char *beside)
{
	struct range range = { .run_size = WITHOUT_PAGE, .require = VMWALK_SEL_PRESENT,
			       .times = 1 };

	return compare(&range, make_touched, SIZE, cost_pagemap_scan, beside);
}

static double page_runs(char *beside)
{
	struct range range = { .run_size = WITH_PAGE, .require = VMWALK_SEL_PRESENT,
			       .flags = VMWALK_SCAN_PAGE, .times = 1 };

	return compare(&range, make_touched, SIZE, cost_pagemap_scan, beside);
}

static double alternate(char *beside)
{
	struct range range = { .run_size = WITHOUT_PAGE, .require = VMWALK_SEL_PRESENT,
			       .expected = SIZE / getpagesize() / 2, .times = 1 };

	return compare(&range, make_alternate, SIZE, cost_pagemap_scan, beside);
}

static double each(char *beside)
{
	struct range range = { .run_size = WITHOUT_PAGE, .flags = VMWALK_SCAN_EACH,
			       .expected = SIZE / getpagesize(), .times = 1,
			       .read = proc_pagemap };

	return compare(&range, make_touched, SIZE, cost_read, beside);
}

static double each_page(char *beside)
{
	struct range range = { .run_size = WITH_PAGE, .expected = SIZE / getpagesize(),
			       .flags = VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE, .times = 1,
			       .read = proc_join };

	return compare(&range, make_touched, SIZE, cost_read, beside);
}

static double empty(char *beside)
{
	struct range range = { .run_size = WITHOUT_PAGE, .expected = 1, .times = TIMES };

	return compare(&range, make_empty, EMPTY_SIZE, cost_enotty, beside);
}

static double huge(char *beside)
{
	struct range range = { .run_size = WITHOUT_PAGE, .times = TIMES / 10 };

	return compare(&range, make_huge, HUGE_SIZE, cost_enotty, beside);
}

const struct row scan_rows[] = {
	{ "scan-vs-pagemap-scan", "instructions",
	  "SCAN in runs, 256 MiB in base pages", "PAGEMAP_SCAN", runs },
	{ "scan-page-runs", "instructions",
	  "SCAN in runs, with pages", "PAGEMAP_SCAN", page_runs },
	{ "scan-alternate", "instructions",
	  "SCAN in runs of one page, every second one there", "PAGEMAP_SCAN", alternate },
	{ "scan-records", "instructions",
	  "SCAN, a record a page", "reads of pagemap of 1 MiB", each },
	{ "scan-full", "instructions",
	  "SCAN, a record a page, with pages", "pagemap, kpageflags and kpagecount", each_page },
	{ "scan-empty", "instructions",
	  "SCAN of 128 TiB that are empty", "an ioctl that is refused with ENOTTY", empty },
	{ "scan-huge", "instructions",
	  "SCAN of 1 GiB in leaves of 2 MiB", "an ioctl that is refused with ENOTTY", huge },
	{ }
};
