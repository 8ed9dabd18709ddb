// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/watch_client.h"

#define WAIT	20000	/* ms to wait for an event */
#define PAGES	5

/* A PROT_NONE page on either side keeps @memory from merging with other VMAs. */
FIXTURE(call)
{
	struct watch watch;
	struct event event;
	size_t page;
	char *memory;
};

FIXTURE_SETUP(call)
{
	const struct wanted wanted = {
		.flags = VMWALK_WATCH_THREADS,
		.events = (2U << VMWALK_EVENT_MADVISE) - (1U << VMWALK_EVENT_MMAP),
	};

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->page = getpagesize();
	self->memory = mmap(NULL, PAGES * self->page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	ASSERT_NE(MAP_FAILED, self->memory);
	self->memory += self->page;
	ASSERT_EQ(0, mprotect(self->memory, 3 * self->page, PROT_READ | PROT_WRITE));
	ASSERT_EQ(0, watch_process(&self->watch, getpid(), &wanted));
	if (!(self->watch.sources & VMWALK_SOURCE_CALL))
		SKIP(return, "this kernel does not show its system calls");
}

FIXTURE_TEARDOWN(call)
{
	watch_close(&self->watch);
}

/*
 * Discard events up to the next one of @kind whose first argument is @at. Return 0, or a
 * negative errno.
 */
static int next_at(struct watch *watch, uint32_t kind, const void *at, struct event *event)
{
	int err;

	do {
		err = watch_next_of(watch, kind, event, WAIT);
	} while (!err && event->args[0] != (uintptr_t)at);
	return err;
}

static int vmas_in(const struct vmwalk_around_call *around, const char *at, size_t size)
{
	int nr = 0, i;

	for (i = 0; i < around->nr; i++)
		nr += around->extent[i].start >= (uintptr_t)at &&
		      around->extent[i].end <= (uintptr_t)at + size;
	return nr;
}

/*
 * Return false on riscv if the event lacks the VMAs from before the call: kprobes can be
 * breakpoints there, where the module does not take the mmap lock. On other architectures
 * the VMAs are expected: the module takes the lock unless somebody holds it for writing,
 * which is rare in a process with one thread.
 */
static bool saw_before(const struct vmwalk_around_call *before)
{
#ifdef __riscv
	const bool is_breakpoint = true;
#else
	const bool is_breakpoint = false;
#endif

	return !is_breakpoint || !before->unread;
}

TEST_F(call, of_mmap_is_told_with_its_arguments_and_where_it_was_made)
{
	const size_t size = 2 * self->page;
	struct event *e = &self->event;
	char *at;

	at = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, at);
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_MMAP, NULL, e));
	EXPECT_EQ(getpid(), e->tgid);
	EXPECT_EQ(size, e->args[1]);
	EXPECT_EQ(PROT_READ | PROT_EXEC, e->args[2]);
	EXPECT_EQ(MAP_SHARED | MAP_ANONYMOUS, e->args[3]);
	EXPECT_EQ(-1, (int)e->args[4]);
	EXPECT_EQ((uintptr_t)at, e->returned);
	EXPECT_LT(0, e->ns);
	EXPECT_EQ(0, e->around_before.end);
	EXPECT_EQ(0, e->around_after.unread);
	if (saw_before(&e->around_before))
		EXPECT_EQ(e->around_before.map_count + 1, e->around_after.map_count);
	EXPECT_EQ(1, vmas_in(&e->around_after, at, size));
}

TEST_F(call, that_splits_a_vma_shows_it_whole_and_in_parts)
{
	char *middle = self->memory + self->page;
	struct event *e = &self->event;

	ASSERT_EQ(0, mprotect(middle, self->page, PROT_READ));
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_MPROTECT, middle, e));
	EXPECT_EQ(0, e->returned);
	EXPECT_EQ(self->page, e->args[1]);
	EXPECT_EQ(PROT_READ, e->args[2]);
	EXPECT_EQ(~0ULL, e->args[3]);
	EXPECT_EQ(0, e->around_after.unread);
	EXPECT_EQ(3, vmas_in(&e->around_after, self->memory, 3 * self->page));
	if (saw_before(&e->around_before)) {
		EXPECT_EQ(0, e->around_before.unread);
		EXPECT_EQ(1, vmas_in(&e->around_before, self->memory, 3 * self->page));
		EXPECT_EQ(e->around_before.map_count + 2, e->around_after.map_count);
	}
	EXPECT_FALSE(e->around_after.extent[1].flags & VMWALK_VMA_BIT(VMWALK_VMA_WR));
}

TEST_F(call, that_merges_vmas_shows_the_parts_and_one)
{
	char *middle = self->memory + self->page;
	struct event *e = &self->event;

	ASSERT_EQ(0, mprotect(middle, self->page, PROT_READ));
	ASSERT_EQ(0, mprotect(middle, self->page, PROT_READ | PROT_WRITE));
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_MPROTECT, middle, e));
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_MPROTECT, middle, e));
	if (saw_before(&e->around_before))
		EXPECT_EQ(3, vmas_in(&e->around_before, self->memory, 3 * self->page));
	EXPECT_EQ(1, vmas_in(&e->around_after, self->memory, 3 * self->page));
	EXPECT_EQ((uintptr_t)self->memory, e->around_after.extent[0].start);
	EXPECT_EQ((uintptr_t)self->memory + 3 * self->page, e->around_after.extent[0].end);
}

TEST_F(call, of_munmap_shows_what_has_gone)
{
	struct event *e = &self->event;

	ASSERT_EQ(0, munmap(self->memory, self->page));
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_MUNMAP, self->memory, e));
	EXPECT_EQ(0, e->returned);
	EXPECT_EQ((uintptr_t)self->memory - self->page, e->around_before.start);
	EXPECT_EQ((uintptr_t)self->memory + 2 * self->page, e->around_before.end);
	EXPECT_EQ(2, e->around_after.nr);
	if (saw_before(&e->around_before)) {
		EXPECT_EQ(2, e->around_before.nr);
		EXPECT_EQ((uintptr_t)self->memory, e->around_before.extent[1].start);
	}
	EXPECT_EQ((uintptr_t)self->memory + self->page, e->around_after.extent[1].start);
}

TEST_F(call, that_fails_is_told_with_its_errno)
{
	char *odd = self->memory + 1;
	struct event *e = &self->event;

	ASSERT_EQ(-1, munmap(odd, self->page));
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_MUNMAP, odd, e));
	EXPECT_EQ(-EINVAL, e->returned);
	if (saw_before(&e->around_before))
		EXPECT_EQ(e->around_before.map_count, e->around_after.map_count);
}

TEST_F(call, of_mremap_shows_where_it_has_come_to)
{
	struct event *e = &self->event;
	char *at;

	at = mremap(self->memory, self->page, 2 * self->page, MREMAP_MAYMOVE);
	ASSERT_NE(MAP_FAILED, at);
	ASSERT_NE(self->memory, at);
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_MREMAP, self->memory, e));
	EXPECT_EQ((uintptr_t)at, e->returned);
	EXPECT_EQ(2 * self->page, e->args[2]);
	EXPECT_EQ((uintptr_t)at - self->page, e->around_after.start);
	if (saw_before(&e->around_before))
		EXPECT_LE(1, vmas_in(&e->around_before, self->memory, 3 * self->page));
}

TEST_F(call, of_madvise_and_brk_is_told)
{
	struct event *e = &self->event;
	char *top = sbrk(0);

	ASSERT_EQ(0, madvise(self->memory, self->page, MADV_DONTNEED));
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_MADVISE, self->memory, e));
	EXPECT_EQ(MADV_DONTNEED, e->args[2]);
	EXPECT_EQ(0, e->returned);
	ASSERT_EQ(top, sbrk(self->page));
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_BRK, top + self->page, e));
	EXPECT_EQ((uintptr_t)top + self->page, e->returned);
	EXPECT_NE(0, e->around_after.nr);
	ASSERT_EQ(top + self->page, sbrk(-(intptr_t)self->page));
	ASSERT_EQ(0, next_at(&self->watch, VMWALK_EVENT_BRK, top, e));
	EXPECT_EQ((uintptr_t)top, e->returned);
	if (saw_before(&e->around_before))
		EXPECT_NE(0, e->around_before.nr);
}

/*
 * System calls need a descriptor of mem. The child unmaps a page of its own for each byte
 * that it reads from @go.
 */
FIXTURE(authority)
{
	struct watch watch;
	struct event event;
	int device;
	int go[2];
	pid_t child;
};

#define CALLS	((2U << VMWALK_EVENT_MADVISE) - (1U << VMWALK_EVENT_MMAP))
#define QUIET	500	/* ms; if no event comes for so long, none will */

static void unmap_when_told(int go, char *memory)
{
	size_t page = getpagesize();
	char byte;

	while (read(go, &byte, 1) == 1) {
		*memory = 1;
		munmap(memory, page);
		memory += page;
	}
	_exit(0);
}

FIXTURE_SETUP(authority)
{
	char *memory;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_EQ(0, pipe2(self->go, O_CLOEXEC));
	/* Before the fork: the child must make no other call that is recorded. */
	memory = mmap(NULL, 64 * getpagesize(), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, memory);
	self->child = fork();
	if (!self->child) {
		close(self->go[1]);
		unmap_when_told(self->go[0], memory);
	}
	self->device = device_of(self->child);
	ASSERT_LE(0, self->device);
	ASSERT_EQ(0, watch_open(&self->watch));
}

FIXTURE_TEARDOWN(authority)
{
	watch_close(&self->watch);
	close(self->device);
	close(self->go[1]);
	waitpid(self->child, NULL, 0);
}

/* Let the child go on. Count its events of system calls until it is silent. */
static int count_calls(struct watch *watch, int go, struct event *event, pid_t of)
{
	int nr = 0;

	if (write(go, "", 1) != 1)
		return -1;
	while (!watch_next(watch, event, QUIET))
		nr += event->kind < 32 && CALLS & VMWALK_BIT(event->kind) &&
		      event->tgid == (uint32_t)of;
	return nr;
}

TEST_F(authority, to_look_is_not_enough_to_see_calls)
{
	const struct wanted wanted = { .flags = VMWALK_WATCH_THREADS };

	ASSERT_EQ(0, watch_subscribe(&self->watch, self->device, &wanted));
	EXPECT_FALSE(self->watch.sources & VMWALK_SOURCE_CALL);
	ASSERT_EQ(1, write(self->go[1], "", 1));
	EXPECT_EQ(0, watch_next_of(&self->watch, VMWALK_EVENT_FAULT, &self->event, WAIT));
	EXPECT_EQ(0, count_calls(&self->watch, self->go[1], &self->event, self->child));
}

TEST_F(authority, to_look_is_not_enough_to_ask_for_calls)
{
	const struct wanted wanted = { .events = VMWALK_BIT(VMWALK_EVENT_BRK) };

	EXPECT_EQ(-EACCES, watch_subscribe(&self->watch, self->device, &wanted));
}

TEST_F(authority, is_that_of_mem)
{
	struct wanted wanted = { .flags = VMWALK_WATCH_THREADS, .events = CALLS };

	wanted.mem = mem_open(self->child);
	ASSERT_LT(0, wanted.mem);
	ASSERT_EQ(0, watch_subscribe(&self->watch, self->device, &wanted));
	if (!(self->watch.sources & VMWALK_SOURCE_CALL))
		SKIP(return, "this kernel does not show its system calls");
	EXPECT_EQ(1, count_calls(&self->watch, self->go[1], &self->event, self->child));
}

TEST_F(authority, is_not_that_of_another_file)
{
	static const struct {
		const char *name;
		int flags;
	} files[] = {
		{ "pagemap", O_RDONLY }, { "maps", O_RDONLY }, { "environ", O_RDONLY },
		{ "auxv", O_RDONLY }, { "mem", O_WRONLY }, { "mem", O_PATH },
	};
	struct wanted wanted = { .events = CALLS };
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		wanted.mem = process_open(self->child, files[i].name, files[i].flags);
		ASSERT_LT(0, wanted.mem);
		EXPECT_EQ(-EBADF, watch_subscribe(&self->watch, self->device, &wanted));
		close(wanted.mem);
	}
	wanted.mem = 12345;
	EXPECT_EQ(-EBADF, watch_subscribe(&self->watch, self->device, &wanted));
}

TEST_F(authority, is_not_that_over_another_process)
{
	struct wanted wanted = { .events = CALLS, .mem = mem_open(getpid()) };

	ASSERT_LT(0, wanted.mem);
	EXPECT_EQ(-ESRCH, watch_subscribe(&self->watch, self->device, &wanted));
	close(wanted.mem);
	/* A kernel thread's: without a memory */
	wanted.mem = mem_open(2);
	if (wanted.mem > 0)
		EXPECT_EQ(-ESRCH, watch_subscribe(&self->watch, self->device, &wanted));
}

TEST_F(authority, is_needed_for_each_process_that_is_added)
{
	struct wanted wanted = { .flags = VMWALK_WATCH_THREADS, .events = CALLS };
	int pagemap = pagemap_open(self->child), mem = mem_open(self->child);
	int own = device_of(getpid());

	ASSERT_LT(0, mem);
	wanted.mem = mem_open(getpid());
	ASSERT_EQ(0, watch_subscribe(&self->watch, own, &wanted));
	close(own);
	if (!(self->watch.sources & VMWALK_SOURCE_CALL))
		SKIP(return, "this kernel does not show its system calls");
	EXPECT_EQ(-EBADF, watch_add_fd(&self->watch, pagemap, pagemap, self->child));
	EXPECT_EQ(-ESRCH, watch_add_fd(&self->watch, pagemap, wanted.mem, self->child));
	ASSERT_EQ(0, watch_add_fd(&self->watch, pagemap, 0, self->child));
	EXPECT_EQ(0, count_calls(&self->watch, self->go[1], &self->event, self->child));
	watch_close(&self->watch);
	own = device_of(getpid());
	ASSERT_EQ(0, watch_open(&self->watch));
	ASSERT_EQ(0, watch_subscribe(&self->watch, own, &wanted));
	close(own);
	ASSERT_EQ(0, watch_add_fd(&self->watch, pagemap, mem, self->child));
	EXPECT_EQ(1, count_calls(&self->watch, self->go[1], &self->event, self->child));
}

int main(int argc, char **argv)
{
	return watch_main(argc, argv, test_harness_run);
}
