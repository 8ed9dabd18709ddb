// SPDX-License-Identifier: GPL-2.0
/*
 * Test rows of the errno table of linux/vmwalk.h that SCAN, VMAS and TABLES have in
 * common: ranges, arrays, attachment, processes that have exited or exec'ed.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/first_size.h"
#include "lib/fork_bound.h"
#include "lib/proc.h"
#include "lib/scan_whole.h"
#include "states/states.h"

#define UNWRITTEN	0x5a
#define PAGES		8
#define ROOM		(2 * PAGE_SIZE)

/* First fields of struct vmwalk_scan, vmwalk_vmas and vmwalk_tables, which are alike. */
struct range_head {
	uint32_t size;
	uint32_t flags;
	uint64_t start;
	uint64_t end;
	uint64_t vec;
	uint32_t vec_size;
	uint32_t record_size;
};

/*
 * Every other page of @memory is written and read-only, so that SCAN and VMAS return a
 * record for each page.
 */
FIXTURE(range)
{
	int fd;
	struct vmwalk_attach attach;
	char *memory;
	char *array;		/* ROOM bytes; the page behind them is unmapped */
	union {
		struct range_head head;
		struct vmwalk_scan scan;
		struct vmwalk_vmas vmas;
		struct vmwalk_tables tables;
	} call;
};

/**
 * struct ranged - one of the calls that take a range
 * @request: number of the ioctl
 * @size: bytes of its structure
 * @record: bytes of its records
 * @least: smallest record_size that the module accepts
 */
struct ranged {
	unsigned long request;
	size_t size;
	size_t record;
	size_t least;
};

FIXTURE_VARIANT(range)
{
	struct ranged of;
};

FIXTURE_VARIANT_ADD(range, scan) {
	.of = { VMWALK_IOC_SCAN, sizeof(struct vmwalk_scan), sizeof(struct vmwalk_run),
		FIRST_RUN },
};

FIXTURE_VARIANT_ADD(range, vmas) {
	.of = { VMWALK_IOC_VMAS, sizeof(struct vmwalk_vmas), sizeof(struct vmwalk_vma),
		FIRST_VMA },
};

FIXTURE_VARIANT_ADD(range, tables) {
	.of = { VMWALK_IOC_TABLES, sizeof(struct vmwalk_tables), sizeof(struct vmwalk_table),
		FIRST_TABLE },
};

FIXTURE_SETUP(range)
{
	int i;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_attach(self->fd, getpid(), &self->attach));
	self->memory = mmap(NULL, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->memory);
	madvise(self->memory, PAGES * PAGE_SIZE, MADV_NOHUGEPAGE);
	for (i = 0; i < PAGES; i += 2) {
		self->memory[i * PAGE_SIZE] = 1;
		ASSERT_EQ(0, mprotect(self->memory + i * PAGE_SIZE, PAGE_SIZE, PROT_READ));
	}
	self->array = mmap(NULL, ROOM + PAGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->array);
	ASSERT_EQ(0, munmap(self->array + ROOM, PAGE_SIZE));
}

FIXTURE_TEARDOWN(range)
{
	close(self->fd);
}

static struct range_head *good(struct range_head *head, const struct ranged *of,
			       char *memory, char *array)
{
	memset(head, 0, of->size);
	memset(array, UNWRITTEN, ROOM);
	head->size = of->size;
	head->start = (uintptr_t)memory;
	head->end = (uintptr_t)memory + PAGES * PAGE_SIZE;
	head->vec = (uintptr_t)array;
	head->vec_size = ROOM;
	head->record_size = of->record;
	return head;
}

#define GOOD()	good(&self->call.head, &variant->of, self->memory, self->array)
#define CALL()	device_ioctl(self->fd, variant->of.request, &self->call)

/* The positions of nr, stop and walk_end differ between the structures. */
static uint32_t answer_nr(const void *call, unsigned long request)
{
	if (request == VMWALK_IOC_SCAN)
		return ((const struct vmwalk_scan *)call)->nr;
	if (request == VMWALK_IOC_VMAS)
		return ((const struct vmwalk_vmas *)call)->nr;
	return ((const struct vmwalk_tables *)call)->nr;
}

static uint32_t answer_stop(const void *call, unsigned long request)
{
	if (request == VMWALK_IOC_SCAN)
		return ((const struct vmwalk_scan *)call)->stop;
	if (request == VMWALK_IOC_VMAS)
		return ((const struct vmwalk_vmas *)call)->stop;
	return ((const struct vmwalk_tables *)call)->stop;
}

static uint64_t answer_walk_end(const void *call, unsigned long request)
{
	if (request == VMWALK_IOC_SCAN)
		return ((const struct vmwalk_scan *)call)->walk_end;
	if (request == VMWALK_IOC_VMAS)
		return ((const struct vmwalk_vmas *)call)->walk_end;
	return ((const struct vmwalk_tables *)call)->walk_end;
}

#define NR()		answer_nr(&self->call, variant->of.request)
#define STOP()		answer_stop(&self->call, variant->of.request)
#define WALK_END()	answer_walk_end(&self->call, variant->of.request)

TEST_F(range, is_invalid_with_a_start_above_its_end)
{
	struct range_head *head = GOOD();

	head->end = head->start - 1;
	EXPECT_EQ(-EINVAL, CALL());
	head->start = ~0ULL;
	EXPECT_EQ(-EINVAL, CALL());
	head->start = self->attach.task_size + PAGE_SIZE;
	head->end = 0;
	EXPECT_EQ(-EINVAL, CALL());
}

TEST_F(range, without_a_page_gives_nothing)
{
	struct range_head *head = GOOD();

	head->end = head->start;
	EXPECT_EQ(0, CALL());
	EXPECT_EQ(0, NR());
	EXPECT_EQ(VMWALK_STOP_END, STOP());
	EXPECT_EQ(UNWRITTEN, self->array[0]);
}

TEST_F(range, is_out_of_range_above_the_end_of_the_user_range)
{
	const uint64_t starts[] = {
		self->attach.task_size + PAGE_SIZE, 1ULL << 57, 0x8000000000000000ULL,
		0xffff888000000000ULL, 0xffffffff81000000ULL, ~0ULL - PAGE_SIZE,
	};
	struct range_head *head;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		head = GOOD();
		head->start = starts[i];
		head->end = ~0ULL;
		EXPECT_EQ(-ERANGE, CALL()) {
			TH_LOG("start %#llx", (unsigned long long)starts[i]);
		}
	}
	head = GOOD();
	head->start = self->attach.task_size;
	head->end = ~0ULL;
	EXPECT_EQ(0, CALL());
	EXPECT_EQ(0, NR());
	EXPECT_EQ(VMWALK_STOP_END, STOP());
}

TEST_F(range, ends_where_the_user_range_ends)
{
	const uint64_t ends[] = { ~0ULL, ~0ULL - PAGE_SIZE, 0xffff888000000000ULL };
	struct range_head *head;
	struct proc_maps stack;
	uint32_t nr;
	size_t i;

	ASSERT_TRUE(proc_maps_named(getpid(), "[stack]", &stack));
	head = GOOD();
	head->start = stack.start;
	head->end = self->attach.task_size;
	ASSERT_EQ(0, CALL());
	nr = NR();
	ASSERT_LT(0, nr);
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		head = GOOD();
		head->start = stack.start;
		head->end = ends[i];
		EXPECT_EQ(0, CALL());
		EXPECT_EQ(nr, NR());
		EXPECT_EQ(VMWALK_STOP_END, STOP());
		EXPECT_LE(WALK_END(), self->attach.task_size);
	}
}

TEST_F(range, is_invalid_with_records_below_the_first_published_size)
{
	size_t size;

	for (size = 0; size < variant->of.least; size++) {
		GOOD()->record_size = size;
		ASSERT_EQ(-EINVAL, CALL()) {
			TH_LOG("record of %zu bytes", size);
		}
	}
	GOOD()->record_size = variant->of.least;
	EXPECT_EQ(0, CALL());
}

TEST_F(range, is_invalid_with_records_above_a_page)
{
	const uint32_t sizes[] = { PAGE_SIZE + 1, PAGE_SIZE + 8, 1U << 31, ~0U };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		GOOD()->record_size = sizes[i];
		EXPECT_EQ(-EINVAL, CALL());
	}
	GOOD()->record_size = PAGE_SIZE;
	EXPECT_EQ(0, CALL());
}

TEST_F(range, is_invalid_without_room_for_a_record)
{
	struct range_head *head = GOOD();

	head->vec_size = variant->of.record - 1;
	EXPECT_EQ(-EINVAL, CALL());
	head->vec_size = 0;
	EXPECT_EQ(-EINVAL, CALL());
	head->vec_size = variant->of.record;
	EXPECT_EQ(0, CALL());
	EXPECT_EQ(1, NR());
}

/* Records are record_size bytes apart, even if the module's records are smaller. */
TEST_F(range, puts_records_as_far_apart_as_they_are_said_to_be)
{
	const size_t far = variant->of.record + 24;
	char packed[ROOM];
	uint32_t nr, i;

	GOOD()->end = (uintptr_t)self->memory + 3 * PAGE_SIZE;
	ASSERT_EQ(0, CALL());
	nr = NR();
	memcpy(packed, self->array, ROOM);
	GOOD()->end = (uintptr_t)self->memory + 3 * PAGE_SIZE;
	self->call.head.record_size = far;
	ASSERT_EQ(0, CALL());
	ASSERT_EQ(nr, NR());
	for (i = 0; i < nr; i++)
		EXPECT_EQ(0, memcmp(packed + i * variant->of.record, self->array + i * far,
				    variant->of.record));
}

TEST_F(range, writes_nothing_behind_its_array)
{
	uint32_t room;
	size_t i;

	for (room = 1; room <= 3; room++) {
		GOOD()->vec_size = room * variant->of.record;
		self->call.head.end = ~0ULL;
		ASSERT_EQ(0, CALL());
		EXPECT_EQ(room, NR());
		EXPECT_EQ(VMWALK_STOP_FULL, STOP());
		for (i = room * variant->of.record; i < ROOM; i++)
			ASSERT_EQ(UNWRITTEN, self->array[i]);
	}
	/* One byte less than two records: the second one must not be cut to fit. */
	GOOD()->vec_size = 2 * variant->of.record - 1;
	self->call.head.end = ~0ULL;
	ASSERT_EQ(0, CALL());
	EXPECT_EQ(1, NR());
}

TEST_F(range, faults_where_the_array_is_not)
{
	const uint64_t bad[] = {
		0, 1, PAGE_SIZE, 0xffff888000000000ULL, 0xffffffff81000000ULL,
		0x8000000000000000ULL, ~0ULL - 64,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		GOOD()->vec = bad[i];
		EXPECT_EQ(-EFAULT, CALL()) {
			TH_LOG("array at %#llx", (unsigned long long)bad[i]);
		}
	}
	GOOD();
	ASSERT_EQ(0, mprotect(self->array, ROOM, PROT_READ));
	EXPECT_EQ(-EFAULT, CALL());
}

TEST_F(range, faults_where_its_array_ends_too_early)
{
	size_t left;

	for (left = 0; left < variant->of.record; left += 4) {
		GOOD()->vec = (uintptr_t)self->array + ROOM - left;
		ASSERT_EQ(-EFAULT, CALL()) {
			TH_LOG("%zu bytes of a record are there", left);
		}
	}
	/*
	 * vec_size may exceed the mapped array if the records that are written fit into
	 * it.
	 */
	GOOD()->vec = (uintptr_t)self->array + ROOM - variant->of.record;
	self->call.head.end = (uintptr_t)self->memory + PAGE_SIZE;
	if (variant->of.request == VMWALK_IOC_TABLES)
		self->call.tables.level = VMWALK_LEVEL_PTE;
	EXPECT_EQ(0, CALL());
	EXPECT_EQ(1, NR());
}

TEST_F(range, needs_an_attached_device)
{
	int fresh = device_open();

	ASSERT_LE(0, fresh);
	GOOD();
	EXPECT_EQ(-ENOTCONN, device_ioctl(fresh, variant->of.request, &self->call));
	/*
	 * @start is above @end now: the errno table has this error, EINVAL, before
	 * ENOTCONN.
	 */
	self->call.head.start = ~0ULL;
	EXPECT_EQ(-EINVAL, device_ioctl(fresh, variant->of.request, &self->call));
	self->call.head.end = ~0ULL;
	EXPECT_EQ(-ENOTCONN, device_ioctl(fresh, variant->of.request, &self->call));
}

/* @start is rounded down and @end up to a page: both calls cover the same pages. */
TEST_F(range, is_of_whole_pages)
{
	char whole[ROOM];
	uint32_t nr;

	GOOD()->start += PAGE_SIZE;
	self->call.head.end -= PAGE_SIZE;
	ASSERT_EQ(0, CALL());
	nr = NR();
	memcpy(whole, self->array, ROOM);
	GOOD()->start += 2 * PAGE_SIZE - 1;
	self->call.head.end -= 2 * PAGE_SIZE - 1;
	ASSERT_EQ(0, CALL());
	EXPECT_EQ(nr, NR());
	EXPECT_EQ(VMWALK_STOP_END, STOP());
	EXPECT_EQ(0, memcmp(whole, self->array, ROOM));
}

/*
 * Fill only fields of the first version: others must be zero for a module that does not
 * know them.
 */
TEST_F(range, answers_whatever_its_answer_fields_held)
{
	struct vmwalk_tables *tables = &self->call.tables;
	struct vmwalk_scan *scan = &self->call.scan;
	struct vmwalk_vmas *vmas = &self->call.vmas;
	uint64_t left;

	GOOD();
	if (variant->of.request == VMWALK_IOC_SCAN)
		memset(&scan->walk_end, 0xff,
		       FIRST_SCAN - offsetof(struct vmwalk_scan, walk_end));
	else if (variant->of.request == VMWALK_IOC_VMAS)
		memset(&vmas->names_len, 0xff,
		       FIRST_VMAS - offsetof(struct vmwalk_vmas, names_len));
	else
		memset(&tables->walk_level, 0xff,
		       FIRST_TABLES - offsetof(struct vmwalk_tables, walk_level));
	ASSERT_EQ(0, CALL());
	EXPECT_EQ(VMWALK_STOP_END, STOP());
	EXPECT_LE((uintptr_t)self->memory + PAGES * PAGE_SIZE, WALK_END());
	if (variant->of.request == VMWALK_IOC_SCAN)
		left = scan->redacted;
	else if (variant->of.request == VMWALK_IOC_VMAS)
		left = vmas->names_len;
	else
		left = tables->redacted;
	EXPECT_EQ(0, left);
}

/*
 * Calls must not change the process, whether they succeed or fail. The first round is not
 * compared: it touches memory of this test for the first time, which adds page tables.
 */
TEST_F(range, leaves_the_process_as_it_was)
{
	struct vmwalk_mm before, after;
	struct range_head *head;
	int round, i;

	for (round = 0; round < 2; round++) {
		ASSERT_EQ(0, device_mm(self->fd, &before));
		for (i = 0; i < 8; i++) {
			GOOD();
			EXPECT_EQ(0, CALL());
			head = GOOD();
			head->start = self->attach.task_size + PAGE_SIZE;
			head->end = ~0ULL;
			EXPECT_EQ(-ERANGE, CALL());
			GOOD()->vec = PAGE_SIZE;
			EXPECT_EQ(-EFAULT, CALL());
			GOOD()->record_size = 0;
			EXPECT_EQ(-EINVAL, CALL());
		}
		ASSERT_EQ(0, device_mm(self->fd, &after));
	}
	EXPECT_EQ(before.users, after.users);
	EXPECT_EQ(before.map_count, after.map_count);
	EXPECT_EQ(before.table_bytes, after.table_bytes);
}

static void child_obey(int from)
{
	char byte;

	while (read(from, &byte, 1) == 1)
		execl("/proc/self/exe", "sleeper", "--sleep", NULL);
	_exit(0);
}

/*
 * Fork a child that executes this program again when a byte is written to *@to, and exits
 * when *@to is closed. Return its pid, or -1.
 */
static pid_t child_start(int *to)
{
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	child = fork_bound();
	if (!child) {
		close(fds[1]);
		child_obey(fds[0]);
	}
	close(fds[0]);
	*to = fds[1];
	return child;
}

static bool child_exec(pid_t child, int to)
{
	char path[40], text[64] = "";
	int i;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", child);
	if (write(to, "e", 1) != 1)
		return false;
	for (i = 0; i < 1000 && strcmp(text, "sleeper"); i++) {
		file_text(path, text, sizeof(text));
		sleep_ms(5);
	}
	return !strcmp(text, "sleeper");
}

TEST_F(range, finds_no_process_after_its_exit_or_exec)
{
	struct vmwalk_mm mm;
	int fd, to, round;
	pid_t child;

	for (round = 0; round < 2; round++) {
		child = child_start(&to);
		ASSERT_LT(0, child);
		fd = device_of(child);
		ASSERT_LE(0, fd);
		GOOD();
		EXPECT_EQ(0, device_ioctl(fd, variant->of.request, &self->call));
		EXPECT_EQ(0, device_mm(fd, &mm));
		if (round)
			ASSERT_TRUE(child_exec(child, to));
		kill(child, round ? SIGSTOP : SIGKILL);
		waitpid(child, NULL, WUNTRACED);
		GOOD();
		EXPECT_EQ(-ESRCH, device_ioctl(fd, variant->of.request, &self->call));
		EXPECT_EQ(-ESRCH, device_mm(fd, &mm));
		self->call.head.start = ~0ULL;
		self->call.head.end = ~0ULL;
		EXPECT_EQ(-ESRCH, device_ioctl(fd, variant->of.request, &self->call));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		close(to);
		close(fd);
	}
}

int main(int argc, char **argv)
{
	/* With --sleep this is the program that child_obey() executes. */
	if (argc > 1 && !strcmp(argv[1], "--sleep"))
		for (;;)
			pause();
	return test_harness_run(argc, argv);
}
