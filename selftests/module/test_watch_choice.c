// SPDX-License-Identifier: GPL-2.0
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/machine.h"
#include "lib/proc.h"
#include "lib/watch_client.h"

#define SECONDS	90
#define WAIT	20000	/* ms to wait for an event */
#define QUIET	300	/* ms; if no event comes for so long, none will */

FIXTURE(choice)
{
	struct watch watch;
	struct event event;
	size_t page;
	char *memory;
};

FIXTURE_SETUP(choice)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->watch.fd = -1;
	self->page = getpagesize();
	self->memory = mmap(NULL, 4 * THP_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ASSERT_NE(MAP_FAILED, self->memory);
	ASSERT_EQ(0, madvise(self->memory, 4 * THP_SIZE, MADV_NOHUGEPAGE));
}

FIXTURE_TEARDOWN(choice)
{
	watch_close(&self->watch);
}

static void touch(char *at)
{
	*(volatile char *)at = 1;
}

TEST_F_TIMEOUT(choice, of_a_range_leaves_out_what_is_beside_it, SECONDS)
{
	const uintptr_t from = (uintptr_t)self->memory + self->page;
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
		.start = from,
		.end = from + 2 * self->page,
	};
	struct event *e = &self->event;
	int i;

	ASSERT_EQ(0, watch_process(&self->watch, getpid(), &wanted));
	for (i = 0; i < 4; i++)
		touch(self->memory + i * self->page);
	ASSERT_EQ(0, watch_next(&self->watch, e, WAIT));
	EXPECT_EQ(from, e->address & ~(self->page - 1));
	EXPECT_EQ(1, e->seq);
	ASSERT_EQ(0, watch_next(&self->watch, e, WAIT));
	EXPECT_EQ(from + self->page, e->address & ~(self->page - 1));
	EXPECT_EQ(2, e->seq);
	EXPECT_EQ(-ETIMEDOUT, watch_next(&self->watch, e, QUIET));
}

TEST_F_TIMEOUT(choice, of_writes_leaves_out_reads, SECONDS)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.access = VMWALK_BIT(VMWALK_TRIED_WRITE),
	};
	struct event *e = &self->event;

	ASSERT_EQ(0, watch_process(&self->watch, getpid(), &wanted));
	*(volatile char *)self->memory;
	touch(self->memory + self->page);
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, 2 * self->page, e));
	EXPECT_EQ((uintptr_t)self->memory + self->page, e->address & ~(self->page - 1));
	EXPECT_EQ(VMWALK_TRIED_WRITE, e->access);
}

TEST_F_TIMEOUT(choice, of_failures_leaves_out_what_succeeds, SECONDS)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT),
		.outcomes = VMWALK_BIT(VMWALK_ENDED_FIXUP),
	};
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	struct event *e = &self->event;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, watch_process(&self->watch, getpid(), &wanted));
	if (!(self->watch.sources & VMWALK_SOURCE_EXCEPTION))
		SKIP(return, "no tracepoint page_fault_user");
	touch(self->memory);
	EXPECT_EQ(-1, read(fd, (void *)0x1000, 1));
	ASSERT_EQ(0, watch_next(&self->watch, e, WAIT));
	EXPECT_EQ(0x1000, e->address);
	EXPECT_EQ(VMWALK_ENDED_FIXUP, e->outcome);
}

TEST_F_TIMEOUT(choice, of_all_tells_a_huge_page_as_one_fault, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	char *huge = (char *)(((uintptr_t)self->memory + THP_SIZE - 1) & ~(THP_SIZE - 1));
	struct event *e = &self->event;
	struct vmwalk_address walk;
	int device;

	if (access("/sys/kernel/mm/transparent_hugepage", F_OK))
		SKIP(return, "no transparent huge pages");
	ASSERT_EQ(0, madvise(huge, THP_SIZE, MADV_HUGEPAGE));
	device = device_of(getpid());
	ASSERT_LE(0, device);
	ASSERT_EQ(0, watch_subscribe_new(&self->watch, device, &wanted));
	touch(huge + self->page);
	ASSERT_EQ(0, device_walk(device, (uintptr_t)huge, &walk));
	close(device);
	if (walk.call.kind != VMWALK_KIND_THP)
		SKIP(return, "no huge page to be had");
	ASSERT_EQ(0, watch_fault_in(&self->watch, huge, THP_SIZE, e));
	EXPECT_EQ(VMWALK_KIND_THP, e->after.state.kind);
	EXPECT_EQ(VMWALK_LEVEL_PMD, e->after.entry.level);
	EXPECT_NE(VMWALK_CLASS_LEAF, e->before.entry.type);
	touch(huge + 2 * self->page);
	while (!watch_next(&self->watch, e, QUIET))
		EXPECT_LE(THP_SIZE, e->address - (uintptr_t)huge);
}

TEST_F_TIMEOUT(choice, of_all_tells_that_a_stack_grew, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	struct event *e = &self->event;
	struct proc_maps stack;
	char *below;

	ASSERT_TRUE(proc_maps_named(getpid(), "[stack]", &stack));
	below = (char *)(uintptr_t)stack.start - self->page;
	ASSERT_EQ(0, watch_process(&self->watch, getpid(), &wanted));
	touch(below);
	ASSERT_EQ(0, watch_fault_in(&self->watch, below, self->page, e));
	EXPECT_EQ(VMWALK_ENDED_MINOR, e->outcome);
	EXPECT_TRUE(e->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_GD));
	EXPECT_EQ((uintptr_t)below, e->vma.start);
	EXPECT_EQ(!!(self->watch.sources & VMWALK_SOURCE_EXCEPTION),
		  !!(e->flags & VMWALK_FAULT_STACK_GREW));
}

TEST_F_TIMEOUT(choice, of_a_process_tells_of_faults_that_others_take_in_it, SECONDS)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	const pid_t child = watch_sleeper();
	struct event *e = &self->event;
	struct iovec local, remote;
	char byte = 'x';

	ASSERT_EQ(0, watch_process(&self->watch, child, &wanted));
	local = (struct iovec) { &byte, 1 };
	remote = (struct iovec) { self->memory, 1 };
	ASSERT_EQ(1, process_vm_writev(child, &local, 1, &remote, 1, 0));
	ASSERT_EQ(0, watch_fault_in(&self->watch, self->memory, self->page, e));
	EXPECT_EQ(getpid(), e->tgid);
	EXPECT_TRUE(e->flags & VMWALK_FAULT_REMOTE);
	EXPECT_TRUE(e->flags & VMWALK_FAULT_CALLED);
	EXPECT_FALSE(e->flags & VMWALK_FAULT_EXCEPTION);
	EXPECT_EQ(VMWALK_TRIED_WRITE, e->access);
	EXPECT_EQ(VMWALK_CLASS_LEAF, e->after.entry.type);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/*
 * Watch this process, which is pid 1 of a new pid namespace. Return 0, or the number of
 * the step that failed.
 */
static int look_from_inside(char *memory, size_t page)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };
	struct watch watch;
	struct event event;
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	struct vmwalk_attach attach;
	int device = device_open();

	if (getpid() != 1 || device_attach_fd(device, pagemap, 1, &attach))
		return 2;
	if (watch_subscribe_new(&watch, device, &wanted))
		return 3;
	touch(memory);
	if (watch_fault_in(&watch, memory, page, &event))
		return 4;
	return event.tgid == 1 && event.tid == 1 ? 0 : 5;
}

TEST_F_TIMEOUT(choice, of_ids_is_that_of_the_pid_namespace, SECONDS)
{
	pid_t child;
	int status;

	if (geteuid())
		SKIP(return, "needs root");
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	child = fork();
	if (!child)
		_exit(look_from_inside(self->memory, self->page));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(0, WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
