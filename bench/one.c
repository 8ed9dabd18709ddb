// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include "bench.h"
#include "lib/device.h"

#define TIMES		1000
#define VMAS_FEW	20
#define VMAS_MANY	10000

static char *make_vmas(size_t nr)
{
	size_t page = getpagesize(), i;
	char *at = map_base((nr + 1) * page);

	/* Alternate protections, so that neighbours cannot merge into one VMA. */
	for (i = 0; at && i < nr; i += 2) {
		at[i * page] = 1;
		if (mprotect(at + i * page, page, PROT_READ))
			return NULL;
	}
	return at ? at + nr / 4 * 2 * page : NULL;
}

static char *make_few(void)
{
	return make_vmas(VMAS_FEW);
}

static char *make_many(void)
{
	return make_vmas(VMAS_MANY);
}

static double cost_walk(void *arg)
{
	const struct subject *subject = arg;
	struct vmwalk_address walk;
	uint64_t began = bench_now();
	int i;

	device_walk_begin(&walk, (uintptr_t)subject->at, 0);
	walk.call.symbols_size = 0;
	for (i = 0; i < TIMES; i++)
		if (device_ioctl(subject->device, VMWALK_IOC_WALK, &walk) ||
		    walk.call.kind != VMWALK_KIND_BASE)
			return -1;
	return bench_now() - began;
}

/* An unknown ioctl number measures the cost of the system call alone. */
static double cost_enotty(void *arg)
{
	const struct subject *subject = arg;
	uint64_t began = bench_now();
	int i;

	for (i = 0; i < TIMES; i++)
		if (device_ioctl(subject->device, _IO(VMWALK_IOC_MAGIC, 0), NULL) != -ENOTTY)
			return -1;
	return bench_now() - began;
}

static double cost_proc(void *arg)
{
	const struct subject *subject = arg;
	uint64_t began = bench_now();
	int i;

	for (i = 0; i < TIMES; i++)
		if (!proc_one(&subject->files, (uintptr_t)subject->at))
			return -1;
	return bench_now() - began;
}

static double against(double (*cost)(void *), char *beside)
{
	struct subject subject;
	const struct side walk = { cost_walk, &subject }, other = { cost, &subject };
	double first, second;

	if (!subject_start(&subject, make_few))
		return bench_cannot("no process to look at");
	if (bench_medians(&walk, &other, &first, &second))
		snprintf(beside, BESIDE, "%.0f ns / %.0f ns", first / TIMES, second / TIMES);
	else
		bench_cannot("a call failed: PROCMAP_QUERY needs Linux 6.11");
	subject_end(&subject);
	return first / second;
}

static double vs_enotty(char *beside)
{
	return against(cost_enotty, beside);
}

static double vs_proc(char *beside)
{
	return against(cost_proc, beside);
}

static double with_many(char *beside)
{
	struct subject few, many;
	const struct side one = { cost_walk, &many }, other = { cost_walk, &few };
	double first, second;

	if (!subject_start(&few, make_few))
		return bench_cannot("no process to look at");
	if (!subject_start(&many, make_many)) {
		subject_end(&few);
		return bench_cannot("no process with %d VMAs", VMAS_MANY);
	}
	if (bench_medians(&one, &other, &first, &second))
		snprintf(beside, BESIDE, "%.0f ns / %.0f ns", first / TIMES, second / TIMES);
	subject_end(&few);
	subject_end(&many);
	return first / second;
}

const struct row one_rows[] = {
	{ "one-vs-enotty", "instructions",
	  "WALK of an address", "an ioctl that is refused with ENOTTY", vs_enotty },
	{ "one-vs-proc", "instructions",
	  "WALK of an address", "PROCMAP_QUERY, pagemap, kpageflags and kpagecount", vs_proc },
	{ "one-10k-vmas", "instructions",
	  "WALK in a process of 10000 VMAs", "in one of 20", with_many },
	{ }
};
