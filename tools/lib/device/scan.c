// SPDX-License-Identifier: GPL-2.0
/*
 * Call SCAN until the whole range is done.
 *
 * The last run of a call is held back: the module cuts a run where the array is full or a
 * signal comes, and the next call then starts with the rest. Both parts are joined, after
 * asking VMAS whether they are in one VMA: runs of two adjacent VMAs can look the same.
 */
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>

#include "scan.h"

#define RUNS_AT_ONCE	1024

struct scanner {
	struct vmwalk_device *dev;
	struct vmwalk_scan scan;
	struct vmwalk_run *runs;
	int (*each)(const struct vmwalk_run *run, void *arg);
	void *arg;
	struct vmwalk_run held;
	bool holds;
	struct vmwalk_patience patience;
};

unsigned int vmwalk_page_size(const struct vmwalk_device *dev)
{
	return vmwalk_device_caps(dev)->page_size;
}

bool vmwalk_patience_ends(struct vmwalk_patience *patience, __u64 address)
{
	if (!patience->tries || patience->address != address) {
		patience->address = address;
		patience->tries = 0;
	}
	if (++patience->tries < VMWALK_PATIENCE) {
		/* The thread that changes the entry may be waiting for this CPU. */
		sched_yield();
		return false;
	}
	patience->tries = 0;
	return true;
}

enum vmwalk_error vmwalk_progress(__u64 start, __u64 walk_end, __u32 nr, __u32 stop)
{
	if (stop == VMWALK_STOP_SIGNAL || stop == VMWALK_STOP_CHANGED || nr || walk_end > start)
		return VMWALK_OK;
	errno = EPROTO;
	return VMWALK_ERR_SYSTEM;
}

static int flush_held(struct scanner *scanner)
{
	if (!scanner->holds)
		return 0;
	scanner->holds = false;
	return scanner->each(&scanner->held, scanner->arg);
}

/*
 * Return true if the VMA at @address also contains the byte before it. After an error
 * return false: the two runs then stay apart.
 */
static bool in_one_vma(struct vmwalk_device *dev, __u64 address)
{
	struct vmwalk_vma vma;
	struct vmwalk_vmas vmas = {
		.size = sizeof(vmas),
		.start = address,
		.end = address + vmwalk_page_size(dev),
		.vec = (__u64)(uintptr_t)&vma,
		.vec_size = sizeof(vma),
		.vma_size = sizeof(vma),
	};

	return vmwalk_ioctl(dev, VMWALK_IOC_VMAS, &vmas) == VMWALK_OK && vmas.nr == 1 &&
	       vma.start < address;
}

/*
 * Join @run to the held run if the module cut one run in two. With VMWALK_SCAN_EACH, each
 * entry that is not empty is a run of its own: there only empty runs are joined.
 */
static bool is_rest(struct scanner *scanner, const struct vmwalk_run *run)
{
	struct vmwalk_run both = scanner->held;

	if (!scanner->holds)
		return false;
	if (scanner->scan.flags & VMWALK_SCAN_EACH && run->state != VMWALK_CLASS_NONE)
		return false;
	if (!vmwalk_run_join(&both, run) || !in_one_vma(scanner->dev, run->start))
		return false;
	scanner->held = both;
	return true;
}

static int take_run(struct scanner *scanner, const struct vmwalk_run *run, bool first)
{
	int ended;

	if (first && is_rest(scanner, run))
		return 0;
	ended = flush_held(scanner);
	if (ended)
		return ended;
	scanner->held = *run;
	scanner->holds = true;
	return 0;
}

/*
 * Report a page that kept changing, even if the request does not select it: its state is
 * not known.
 */
static int give_up_page(struct scanner *scanner)
{
	unsigned int page_size = vmwalk_page_size(scanner->dev);
	struct vmwalk_run run = {
		.start = scanner->scan.walk_end,
		.end = scanner->scan.walk_end + page_size,
		.state = VMWALK_CLASS_CHANGED,
		.page_shift = __builtin_ctz(page_size),
	};

	scanner->scan.walk_end = run.end;
	return take_run(scanner, &run, true);
}

static int take_runs(struct scanner *scanner)
{
	const struct vmwalk_scan *scan = &scanner->scan;
	int ended = 0;
	__u32 i;

	for (i = 0; i < scan->nr && !ended; i++)
		ended = take_run(scanner, &scanner->runs[i], i == 0);
	if (!ended && scan->stop == VMWALK_STOP_CHANGED &&
	    vmwalk_patience_ends(&scanner->patience, scan->walk_end))
		ended = give_up_page(scanner);
	return ended;
}

static enum vmwalk_error scan_all(struct scanner *scanner)
{
	struct vmwalk_scan *scan = &scanner->scan;
	enum vmwalk_error error;

	do {
		error = vmwalk_ioctl(scanner->dev, VMWALK_IOC_SCAN, scan);
		if (error == VMWALK_OK && scan->stop != VMWALK_STOP_END)
			error = vmwalk_progress(scan->start, scan->walk_end, scan->nr, scan->stop);
		if (error != VMWALK_OK)
			return error;
		if (take_runs(scanner))
			return VMWALK_OK;
		vmwalk_reached(scanner->dev, scan->walk_end);
		scan->start = scan->walk_end;
	} while (scan->stop != VMWALK_STOP_END && scan->start < scan->end);
	flush_held(scanner);
	return VMWALK_OK;
}

__u64 vmwalk_range_end(const struct vmwalk_device *dev, __u64 start, __u64 end)
{
	__u64 last = vmwalk_device_attached(dev)->task_size;

	/* Leave a start past the user range to the module, which refuses it. */
	return end > last && start <= last ? last : end;
}

enum vmwalk_error vmwalk_device_scan(struct vmwalk_device *dev,
				     const struct vmwalk_scan_request *request,
				     int (*each)(const struct vmwalk_run *run, void *arg),
				     void *arg)
{
	struct scanner scanner = { .dev = dev, .each = each, .arg = arg };
	enum vmwalk_error error;

	scanner.runs = malloc(RUNS_AT_ONCE * sizeof(*scanner.runs));
	if (!scanner.runs)
		return VMWALK_ERR_SYSTEM;
	scanner.scan = (struct vmwalk_scan) {
		.size = sizeof(scanner.scan),
		.flags = request->flags,
		.start = request->start,
		.end = vmwalk_range_end(dev, request->start, request->end),
		.vec = (__u64)(uintptr_t)scanner.runs,
		.vec_size = RUNS_AT_ONCE * sizeof(*scanner.runs),
		.run_size = sizeof(*scanner.runs),
		.require = request->require,
		.any = request->any,
		.invert = request->invert,
		.pfn_start = request->pfn_start,
		.pfn_end = request->pfn_end,
		.entry_flags = request->entry_flags,
	};
	error = scan_all(&scanner);
	free(scanner.runs);
	return error;
}
