// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/held_process.h"
#include "lib/proc.h"
#include "lib/raw.h"
#include "lib/scan_whole.h"
#include "lib/users.h"

#define SECONDS		90
#define TRIES		20
#define THREADS		3
/*
 * Before 6.2 each thread caches about this many updates of the RSS counters
 * (TASK_RSS_EVENTS_THRESH).
 */
#define LAG		64
#define KB		(PAGE_SIZE / 1024)	/* KiB in a page; status shows kB */
#define NEAR		(64 * MIB)
/*
 * Upper limit of the gap between mmap_base and the stack. Most of it is the random offset
 * of mmap_base: by default 28 bits of pages on x86, which is 1 TiB.
 */
#define STACK_ROOM	(2UL << 40)

static bool kernel_lags(void)
{
	struct utsname name;
	int major, minor;

	uname(&name);
	return sscanf(name.release, "%d.%d", &major, &minor) == 2 && major == 6 && minor < 2;
}

static uint64_t difference(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static struct made parts[8];

static void *thread_wait(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/*
 * Make memory of most kinds that MM counts, as far as this machine can, and start
 * threads.
 */
static bool much_make(struct made *made)
{
	static const char * const states[] = {
		"written", "file-shared-read", "memfd", "hugetlb", "locked", "heap",
		"thp", "swapped",
	};
	pthread_t thread;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		if (state_make(state_find(states[i]), &parts[i]) && parts[i].path[0])
			unlink(parts[i].path);
	}
	for (i = 1; i < THREADS; i++)
		if (pthread_create(&thread, NULL, thread_wait, NULL))
			return cannot(made, "pthread_create");
	sleep_ms(20);
	made->address = parts[0].address;
	return true;
}

static const struct state much_state = { "much", "a little of everything", much_make };

FIXTURE(mm)
{
	struct held_process target;
	pid_t pid;
	int device;
	struct vmwalk_attach attach;
	struct vmwalk_mm mm;
};

FIXTURE_SETUP(mm)
{
	self->device = -1;
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&self->target, &much_state));
	ASSERT_TRUE(self->target.shared->ok);
	self->pid = self->target.pid;
	self->device = device_open();
	ASSERT_LE(0, self->device);
	ASSERT_EQ(0, device_attach(self->device, self->pid, &self->attach));
	ASSERT_EQ(0, device_mm(self->device, &self->mm));
}

FIXTURE_TEARDOWN(mm)
{
	held_end(&self->target);
	close(self->device);
}

TEST_F_TIMEOUT(mm, has_the_sizes_that_status_shows, SECONDS)
{
	const struct vmwalk_mm *m = &self->mm;
	const struct {
		const char *word;
		uint64_t pages;
	} rows[] = {
		{ "VmSize:", m->total_vm }, { "VmPeak:", m->hiwater_vm },
		{ "VmLck:", m->locked_vm }, { "VmPin:", m->pinned_vm },
		{ "VmData:", m->data_vm }, { "VmStk:", m->stack_vm },
		{ "VmPTE:", m->table_bytes / PAGE_SIZE },
		{ "HugetlbPages:", m->hugetlb / PAGE_SIZE },
	};
	uint64_t kb, exe, lib;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_TRUE(proc_status(self->pid, rows[i].word, &kb));
		EXPECT_EQ(kb, rows[i].pages * KB) {
			TH_LOG("%s", rows[i].word);
		}
	}
	ASSERT_TRUE(proc_status(self->pid, "VmExe:", &exe));
	ASSERT_TRUE(proc_status(self->pid, "VmLib:", &lib));
	EXPECT_EQ(exe + lib, m->exec_vm * KB);
	EXPECT_LT(0, m->locked_vm);
}

/*
 * The counters are cached per thread before 6.2 and per CPU since. MM and status may sum
 * them with different accuracy.
 */
TEST_F_TIMEOUT(mm, has_the_resident_pages_that_status_shows, SECONDS)
{
	const struct vmwalk_mm *m = &self->mm;
	const struct {
		const char *word;
		uint64_t pages;
	} rows[] = {
		{ "RssAnon:", m->rss_anon }, { "RssFile:", m->rss_file },
		{ "RssShmem:", m->rss_shmem }, { "VmSwap:", m->swap },
		{ "VmRSS:", m->rss_anon + m->rss_file + m->rss_shmem },
	};
	const uint64_t lag = LAG * THREADS * 3;
	uint64_t kb;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_TRUE(proc_status(self->pid, rows[i].word, &kb));
		EXPECT_GE(lag, difference(kb / KB, rows[i].pages)) {
			TH_LOG("%s %llu kB, %llu pages", rows[i].word, (long long)kb,
			       (long long)rows[i].pages);
		}
	}
	ASSERT_TRUE(proc_status(self->pid, "VmHWM:", &kb));
	EXPECT_GE(lag, difference(kb / KB, m->hiwater_rss));
	EXPECT_LE(rows[4].pages, m->hiwater_rss);
}

TEST_F_TIMEOUT(mm, counts_the_pages_that_a_scan_finds, SECONDS)
{
	struct vmwalk_scan how = { .end = ~0ULL, .flags = VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE };
	const uint64_t lag = kernel_lags() ? LAG * THREADS : 0;
	uint64_t anon = 0, other = 0, swap = 0, pages;
	const struct vmwalk_run *r;
	struct runs runs;
	size_t i;

	ASSERT_EQ(0, runs_read(self->device, &how, 4096, &runs));
	for (i = 0; i < runs.nr; i++) {
		r = &runs.run[i];
		pages = (r->end - r->start) / PAGE_SIZE;
		if (r->state == VMWALK_CLASS_SWAP)
			swap += pages;
		else if (r->kind != VMWALK_KIND_BASE && r->kind != VMWALK_KIND_THP)
			continue;
		else if (r->page.traits & VMWALK_PAGE_ANON)
			anon += pages;
		else
			other += pages;
	}
	runs_free(&runs);
	EXPECT_GE(lag, difference(anon, self->mm.rss_anon));
	EXPECT_GE(2 * lag, difference(other, self->mm.rss_file + self->mm.rss_shmem));
	EXPECT_GE(lag, difference(swap, self->mm.swap));
	EXPECT_LT(0, anon);
	EXPECT_LT(0, other);
}

TEST_F_TIMEOUT(mm, has_the_bounds_that_stat_shows, SECONDS)
{
	const struct vmwalk_mm *m = &self->mm;
	/* Fields are numbered from 1, as in proc(5). */
	const struct {
		unsigned int field;
		uint64_t value;
	} rows[] = {
		{ 23, m->total_vm * PAGE_SIZE }, { 26, m->start_code }, { 27, m->end_code },
		{ 28, m->start_stack }, { 45, m->start_data }, { 46, m->end_data },
		{ 47, m->start_brk }, { 48, m->arg_start }, { 49, m->arg_end },
		{ 50, m->env_start }, { 51, m->env_end },
	};
	uint64_t value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_TRUE(proc_stat(self->pid, rows[i].field, &value));
		EXPECT_EQ(value, rows[i].value) {
			TH_LOG("field %u", rows[i].field);
		}
		EXPECT_NE(0, value);
	}
}

static bool line_count(const struct proc_maps *line, void *arg)
{
	*(uint64_t *)arg += !!strcmp(line->name, "[vsyscall]");
	return false;
}

TEST_F_TIMEOUT(mm, has_the_regions_that_maps_lists, SECONDS)
{
	const struct vmwalk_mm *m = &self->mm;
	struct proc_maps line;
	uint64_t lines = 0;

	proc_maps_each(self->pid, line_count, &lines, &line);
	EXPECT_EQ(lines, m->map_count);
	/*
	 * start_brk may lie within its VMA: .bss that is merged with the heap is shown as
	 * [heap].
	 */
	ASSERT_TRUE(proc_maps(self->pid, m->start_brk, &line));
	EXPECT_STREQ("[heap]", line.name);
	EXPECT_LE(line.start, m->start_brk);
	/*
	 * The heap may consist of two VMAs: what brk() adds after fork() need not be
	 * merged.
	 */
	ASSERT_TRUE(proc_maps(self->pid, m->brk - 1, &line));
	EXPECT_STREQ("[heap]", line.name);
	EXPECT_EQ(line.end, (m->brk + PAGE_SIZE - 1) & -PAGE_SIZE);
	ASSERT_TRUE(proc_maps_named(self->pid, "[stack]", &line));
	EXPECT_LE(line.start, m->start_stack);
	EXPECT_GT(line.end, m->start_stack);
	EXPECT_LT(m->env_end, line.end);
	EXPECT_EQ(self->attach.task_size, m->task_size);
}

/*
 * mmap() allocates downwards from mmap_base, so the highest mapping must be close below
 * it.
 */
TEST_F_TIMEOUT(mm, has_its_mappings_below_mmap_base, SECONDS)
{
	const struct vmwalk_mm *m = &self->mm;
	uint64_t highest = 0;
	struct vmas vmas;
	size_t i;

	ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, 256, 0, &vmas));
	for (i = 0; i < vmas.nr && vmas.vma[i].end <= m->mmap_base; i++)
		highest = vmas.vma[i].end;
	vmas_free(&vmas);
	EXPECT_EQ(0, m->mmap_base & (PAGE_SIZE - 1));
	EXPECT_LT(m->mmap_base, m->start_stack);
	EXPECT_GT(STACK_ROOM, m->start_stack - m->mmap_base);
	EXPECT_GT(NEAR, m->mmap_base - highest);
}

TEST_F_TIMEOUT(mm, has_the_root_that_the_walks_begin_at, SECONDS)
{
	struct vmwalk_address walk;

	ASSERT_EQ(0, device_walk(self->device, self->target.shared->made.address, &walk));
	EXPECT_EQ(raw_table(&walk.entry[VMWALK_LEVEL_PGD]), self->mm.pgd);
	EXPECT_NE(0, self->mm.pgd);
	EXPECT_EQ(0, self->mm.redacted);
}

TEST_F_TIMEOUT(mm, has_the_faults_of_stat, SECONDS)
{
	uint64_t minor, major;

	EXPECT_EQ(VMWALK_GOT_TASK_FAULTS | VMWALK_GOT_PROCESS_FAULTS, self->mm.got);
	ASSERT_TRUE(proc_faults(self->pid, self->pid, &minor, &major));
	EXPECT_EQ(minor, self->mm.task_minor);
	EXPECT_EQ(major, self->mm.task_major);
	ASSERT_TRUE(proc_faults(self->pid, 0, &minor, &major));
	EXPECT_EQ(minor, self->mm.process_minor);
	EXPECT_EQ(major, self->mm.process_major);
}

/*
 * An attached device adds one to @count. Retry, because idle CPUs also take and drop
 * references to an mm (lazy TLB).
 */
TEST_F_TIMEOUT(mm, counts_each_thread_and_each_attached_device, SECONDS)
{
	struct vmwalk_mm before, after;
	bool one_more = false;
	int other, i;

	EXPECT_EQ(THREADS, self->mm.users);
	EXPECT_LE(2, self->mm.count);
	for (i = 0; i < TRIES && !one_more; i++) {
		ASSERT_EQ(0, device_mm(self->device, &before));
		other = device_of(self->pid);
		ASSERT_LE(0, other);
		ASSERT_EQ(0, device_mm(self->device, &after));
		one_more = after.count == before.count + 1;
		EXPECT_EQ(before.users, after.users);
		close(other);
		sleep_ms(10);
	}
	EXPECT_TRUE(one_more);
}

TEST(the_bounds_are_those_that_a_program_sees_itself)
{
	int device = device_of(getpid());
	struct vmwalk_mm mm;
	uintptr_t entry;

	if (device == -ENOENT)
		SKIP(return, DEVICE_MISSING);
	ASSERT_LE(0, device);
	ASSERT_EQ(0, device_mm(device, &mm));
	EXPECT_EQ((uintptr_t)sbrk(0), mm.brk);
	EXPECT_EQ((uintptr_t)program_invocation_name, mm.arg_start);
	EXPECT_EQ((uintptr_t)environ[0], mm.env_start);
	EXPECT_EQ(mm.env_end, getauxval(AT_EXECFN));
	entry = getauxval(AT_ENTRY);
	EXPECT_LE(mm.start_code, entry);
	EXPECT_GT(mm.end_code, entry);
	EXPECT_LE(1, mm.users);
}

static void user_run(struct report *r, const void *arg)
{
	struct vmwalk_mm *mm = (void *)&r->walk;

	(void)arg;
	become_for_good(USER);
	r->device = device_of(getpid());
	r->walked = device_mm(r->device, mm);
}

TEST(the_root_is_withheld_from_the_unprivileged_and_nothing_else)
{
	struct report *r = report_alloc();
	struct vmwalk_mm *told = (void *)&r->walk, full;
	struct stat before;
	pid_t child;
	int device;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(device_share(&before));
	child = child_stop(user_run, r, NULL);
	device = device_of(child);
	EXPECT_LE(0, r->device);
	EXPECT_EQ(0, r->walked);
	EXPECT_EQ(0, device_mm(device, &full));
	EXPECT_EQ(VMWALK_REDACTED_TABLES, told->redacted);
	EXPECT_EQ(0, told->pgd);
	EXPECT_NE(0, full.pgd);
	EXPECT_EQ(full.start_stack, told->start_stack);
	EXPECT_EQ(full.total_vm, told->total_vm);
	EXPECT_EQ(full.mmap_base, told->mmap_base);
	EXPECT_EQ(full.table_bytes, told->table_bytes);
	child_end(child);
	device_unshare(&before);
}

TEST_HARNESS_MAIN
