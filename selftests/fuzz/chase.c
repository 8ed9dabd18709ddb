// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: race attach, walk and scan with the death of a target, and walk and scan with
 * changes of pages.
 *
 * A thread attaches to the target that is killed and restarted, while a rival does the
 * same, and then walks and scans memory that the target keeps until it exits. A call must
 * find this memory or fail with ESRCH.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include "fuzz.h"

#define SLOT_CHASER	(SLOT_FIRST + SLOTS)
#define SLOT_FLICKER	(SLOT_CHASER + 1)
#define SLOT_WATCHED	(SLOT_CHASER + 2)
#define FLICKER_WALKS	300

/* Two threads attach the same device at the same moment; at most one may succeed. */
static pthread_barrier_t both;
static atomic_uint there;
static bool alone;

static int race_attach(void)
{
	struct vmwalk_attach attach = {
		.size = sizeof(attach),
		.pagemap_fd = OBJECT_FIRST + TARGET_MORTAL,
		.pid = target_pid(TARGET_MORTAL),
	};

	pthread_barrier_wait(&both);
	/*
	 * Waking from the barrier takes longer than ATTACH, so spin until the other
	 * thread has arrived, too. On a single CPU, yield to it.
	 */
	atomic_fetch_add(&there, 1);
	while (atomic_load(&there) % 2)
		if (alone)
			sched_yield();
	return ioctl(SLOT_CHASER, VMWALK_IOC_ATTACH, &attach) ? errno : 0;
}

static _Atomic int rival_error;

static void *rival_run(void *arg)
{
	for (;;) {
		rival_error = race_attach();
		pthread_barrier_wait(&both);
	}
	return arg;
}

static void rival_start(void)
{
	pthread_t thread;

	alone = get_nprocs() == 1;
	pthread_barrier_init(&both, NULL, 2);
	if (pthread_create(&thread, NULL, rival_run, NULL))
		abort();
}

static bool chase_attach(struct fuzzer *me)
{
	int fd = open("/dev/vmwalk", O_RDWR | O_CLOEXEC), error;

	if (fd < 0)
		return false;
	dup3(fd, SLOT_CHASER, O_CLOEXEC);
	close(fd);
	error = race_attach();
	pthread_barrier_wait(&both);
	atomic_fetch_add(&me->calls, 2);
	if (!error && !rival_error)
		finding(me, "one device was attached twice");
	return !error || !rival_error;
}

static int region_walk(struct fuzzer *me, int slot, int target, enum region_kind kind)
{
	const struct region *region = &regions[kind];
	struct vmwalk_address walk = {
		.call = {
			.size = sizeof(walk.call),
			.address = region->start + random_next(&me->state) % region->len,
			.vma_size = sizeof(walk.vma),
			.entry_size = sizeof(walk.entry[0]),
			.nr_entries = VMWALK_LEVELS,
			.page_size = sizeof(walk.page),
		},
	};
	int error = ioctl(slot, VMWALK_IOC_WALK, &walk) ? errno : 0;

	atomic_fetch_add(&me->calls, 1);
	if (!error)
		check_walk(me, &walk, target);
	else if (error != ESRCH)
		finding(me, "the walk of target %d gave %d", target, error);
	return error;
}

/* A gap between runs is a finding: SCAN without a selection covers all of a VMA. */
static int region_scan(struct fuzzer *me, int slot, int target, enum region_kind kind)
{
	const struct region *region = &regions[kind];
	struct vmwalk_run runs[8];
	struct vmwalk_scan scan = {
		.size = sizeof(scan),
		.flags = random_next(&me->state) % 4,
		.start = region->start,
		.end = region->start + region->len,
		.vec = (uintptr_t)runs,
		.vec_size = sizeof(runs),
		.run_size = sizeof(runs[0]),
	};
	int error = ioctl(slot, VMWALK_IOC_SCAN, &scan) ? errno : 0;
	uint64_t at = scan.start;
	uint32_t i;

	atomic_fetch_add(&me->calls, 1);
	if (error) {
		if (error != ESRCH)
			finding(me, "the scan of target %d gave %d", target, error);
		return error;
	}
	check_scan(me, &scan, (const char *)runs, target);
	for (i = 0; i < scan.nr && i < ARRAY_SIZE(runs); at = runs[i++].end)
		if (runs[i].start != at)
			finding(me, "a scan has no run at %#llx", (long long)at);
	return 0;
}

static void slot_attach(int slot, unsigned int target)
{
	struct vmwalk_attach attach = {
		.size = sizeof(attach),
		.pagemap_fd = OBJECT_FIRST + target,
		.pid = target_pid(target),
	};
	int fd = open("/dev/vmwalk", O_RDWR | O_CLOEXEC);

	dup3(fd, slot, O_CLOEXEC);
	close(fd);
	if (ioctl(slot, VMWALK_IOC_ATTACH, &attach))
		abort();
}

void chase(struct fuzzer *me)
{
	static bool started;
	int i;

	if (!started) {
		rival_start();
		slot_attach(SLOT_FLICKER, TARGET_FLICKERING);
		slot_attach(SLOT_WATCHED, TARGET_WATCHING);
	}
	started = true;
	/*
	 * Race ten times: two threads collide more rarely than a thread with the death of
	 * the target.
	 */
	for (i = 0; i < 10; i++)
		if (!chase_attach(me))
			return;
	while (!region_walk(me, SLOT_CHASER, TARGET_MORTAL, REGION_ANCHOR) &&
	       !region_scan(me, SLOT_CHASER, TARGET_MORTAL, REGION_ANCHOR))
		;
	/* Pages of these targets change all the time: a record could mix two states. */
	for (i = 0; i < FLICKER_WALKS; i++) {
		region_walk(me, SLOT_FLICKER, TARGET_FLICKERING, REGION_FLICKER);
		region_walk(me, SLOT_WATCHED, TARGET_WATCHING, REGION_WATCHED);
		region_scan(me, SLOT_FLICKER, TARGET_FLICKERING, REGION_FLICKER);
		region_scan(me, SLOT_WATCHED, TARGET_WATCHING, REGION_WATCHED);
	}
}
