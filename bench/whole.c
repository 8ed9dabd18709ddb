// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bench.h"
#include "lib/device.h"

#define SIZE		(1UL << 30)
#define PROCESSES	50
#define PART		(SIZE / PROCESSES / 4096 * 4096)
#define SNAPSHOT	"/tmp/bench.snapshot"

static char *touch(size_t size)
{
	char *at = map_base(size);

	if (at)
		memset(at, 1, size);
	return at;
}

static char *make_whole(void)
{
	return touch(SIZE);
}

static char *make_part(void)
{
	return touch(PART);
}

static double record_size(char *beside)
{
	char pid[16];
	const char *const record[] = { "/bin/vmwalk", "record", "-q", pid, SNAPSHOT, NULL };
	const char *const load[] = { "/bin/vmwalk", "--from", SNAPSHOT, "-q", NULL };
	struct subject subject;
	double saved, loaded, figure = NAN;
	struct stat stat;

	if (!subject_start(&subject, make_whole))
		return bench_cannot("no process to look at");
	snprintf(pid, sizeof(pid), "%d", subject.pid);
	saved = command_cost((void *)record);
	loaded = command_cost((void *)load);
	if (saved < 0 || loaded < 0 || lstat(SNAPSHOT, &stat)) {
		bench_cannot("/bin/vmwalk cannot record, or not load");
	} else {
		figure = (double)stat.st_size / (SIZE / getpagesize());
		snprintf(beside, BESIDE, "%lld bytes, %.0f ms to record, %.0f ms to view",
			 (long long)stat.st_size, saved / 1e6, loaded / 1e6);
	}
	unlink(SNAPSHOT);
	subject_end(&subject);
	return figure;
}

/*
 * Return the CPU time in ns of the SCAN calls that a command makes, to tell them from the
 * rest of its cost. @scan has flags and selection. Return -1 if a call fails.
 */
static double cost_scan(const struct subject *subject, struct vmwalk_scan scan)
{
	static struct vmwalk_run runs[1024];
	uint64_t began = bench_cpu();

	scan.size = sizeof(scan);
	scan.end = (1ULL << 47) - getpagesize();
	scan.vec = (uintptr_t)runs;
	scan.vec_size = sizeof(runs);
	scan.run_size = sizeof(*runs);
	do {
		if (device_ioctl(subject->device, VMWALK_IOC_SCAN, &scan))
			return -1;
		scan.start = scan.walk_end;
	} while (scan.stop != VMWALK_STOP_END);
	return bench_cpu() - began;
}

static double cost_tables(const struct subject *subject)
{
	static struct vmwalk_table vec[1024];
	struct vmwalk_tables tables = {
		.size = sizeof(tables), .end = (1ULL << 47) - getpagesize(),
		.vec = (uintptr_t)vec, .vec_size = sizeof(vec), .table_size = sizeof(*vec),
		.level = VMWALK_LEVEL_PGD,
	};
	uint64_t began = bench_cpu();

	do {
		if (device_ioctl(subject->device, VMWALK_IOC_TABLES, &tables))
			return -1;
		tables.start = tables.walk_end;
		tables.level = tables.walk_level;
	} while (tables.stop != VMWALK_STOP_END);
	return bench_cpu() - began;
}

static double map_vs_smaps(char *beside)
{
	char pid[16], smaps[32];
	const char *const map[] = { "/bin/vmwalk", pid, NULL };
	const char *const cat[] = { "/bin/cat", smaps, NULL };
	const struct side one = { command_cost, (void *)map };
	const struct side other = { command_cost, (void *)cat };
	struct subject subject;
	const struct vmwalk_scan sums = {
		.flags = VMWALK_SCAN_PAGE, .require = VMWALK_SEL_NONE, .invert = VMWALK_SEL_NONE,
		.entry_flags = VMWALK_E_DIRTY,
	};
	double first, second, scan, tables;

	if (!subject_start(&subject, make_whole))
		return bench_cannot("no process to look at");
	snprintf(pid, sizeof(pid), "%d", subject.pid);
	snprintf(smaps, sizeof(smaps), "/proc/%d/smaps", subject.pid);
	scan = cost_scan(&subject, sums);
	tables = cost_tables(&subject);
	if (bench_medians(&one, &other, &first, &second))
		snprintf(beside, BESIDE,
			 "%.3f ms, of it SCAN %.3f ms and TABLES %.3f ms / %.3f ms", first / 1e6,
			 scan / 1e6, tables / 1e6, second / 1e6);
	else
		bench_cannot("/bin/vmwalk or /bin/cat failed");
	subject_end(&subject);
	return first / second;
}

static struct subject parts[PROCESSES];

static void parts_end(void)
{
	size_t i;

	for (i = 0; i < PROCESSES; i++)
		subject_end(&parts[i]);
	memset(parts, 0, sizeof(parts));
}

static bool parts_start(void)
{
	size_t i;

	for (i = 0; i < PROCESSES; i++)
		if (!subject_start(&parts[i], make_part)) {
			parts[i].pid = 0;
			parts_end();
			return false;
		}
	return true;
}

static double cost_pagemaps(void *arg)
{
	uint64_t began = bench_cpu();
	size_t i;

	(void)arg;
	for (i = 0; i < PROCESSES; i++)
		if (!proc_pagemap(&parts[i].files, (uintptr_t)parts[i].at, PART / getpagesize()))
			return -1;
	return bench_cpu() - began;
}

static double cost_finds(uint64_t pfn)
{
	const struct vmwalk_scan scan = {
		.flags = VMWALK_SCAN_EACH, .pfn_start = pfn, .pfn_end = pfn + 1,
	};
	double sum = 0;
	size_t i;

	for (i = 0; i < PROCESSES; i++)
		sum += cost_scan(&parts[i], scan);
	return sum;
}

static uint64_t frame_of(const struct subject *subject)
{
	struct vmwalk_address walk;

	if (device_walk_flags(subject->device, (uintptr_t)subject->at, 0, &walk) ||
	    !(walk.call.got & VMWALK_GOT_PFN))
		return 0;
	return walk.call.pfn;
}

static double find(char *beside)
{
	char frame[32];
	const char *const words[] = { "/bin/vmwalk", "find", frame, NULL };
	const struct side one = { command_cost, (void *)words }, other = { cost_pagemaps, NULL };
	double first, second;
	uint64_t pfn;

	if (!parts_start())
		return bench_cannot("no %d processes to look at", PROCESSES);
	pfn = frame_of(&parts[PROCESSES / 2]);
	snprintf(frame, sizeof(frame), "pfn:%#llx", (unsigned long long)pfn);
	if (bench_medians(&one, &other, &first, &second))
		snprintf(beside, BESIDE, "%.3f ms, of it SCAN %.3f ms / %.3f ms", first / 1e6,
			 cost_finds(pfn) / 1e6, second / 1e6);
	else
		bench_cannot("/bin/vmwalk found nothing, or pagemap could not be read");
	parts_end();
	return first / second;
}

const struct row whole_rows[] = {
	{ "map-vs-smaps", "instructions", "vmwalk PID, 1 GiB in base pages, CPU time",
	  "cat /proc/PID/smaps", map_vs_smaps },
	{ "record-size", "instructions", "a snapshot of 1 GiB in base pages", "its pages",
	  record_size },
	{ "find-vs-page-types", "instructions",
	  "vmwalk find, 50 processes with 1 GiB in all, CPU time", "reads of their pagemaps",
	  find },
	{ }
};
