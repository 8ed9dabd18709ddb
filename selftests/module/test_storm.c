// SPDX-License-Identifier: GPL-2.0
/*
 * Call WALK, SCAN, VMAS, TABLES and MM for two processes from ten threads. One process
 * changes its memory in seven ways at once, the other calls exec() in a loop. Every errno
 * must be in the contract, no run, VMA or PTE table may cover addresses where nothing was
 * ever mapped, and memory that is never freed must be found.
 *
 * Both processes have slots of memory, each followed by a gap of the same size that is
 * never mapped, far from where mmap() places mappings without a hint.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/scan_whole.h"
#include "states/states.h"

#define SECONDS		8
#define SCANNERS	10
#define RW		(PROT_READ | PROT_WRITE)
#define ANON		(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)
#define BASE		machine.far
#define SLOT		(2 * THP_SIZE)
#define SLOTS		9
#define SLOT_MOVED	7	/* mapped only while disturb_move() moves slot 6 there */
#define SLOT_HUGE	8	/* its first THP_SIZE bytes are never freed */
#define END		(BASE + 2 * SLOT * SLOTS)
#define STILL		(64 * PAGE_SIZE)	/* bytes mapped in slot 0; they never change */
#define ROOM		64
#define RETRIES		5

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

static char *slot(unsigned int number)
{
	return (char *)(BASE + 2 * SLOT * number);
}

static bool in_slot(uint64_t start, uint64_t end)
{
	return (start - BASE) % (2 * SLOT) + (end - start) <= SLOT;
}

static void disturb_map(char *at)
{
	munmap(at + MIB, 2 * MIB);
	mmap(at + MIB, MIB, RW, ANON, -1, 0);
	memset(at + MIB, 1, 16 * PAGE_SIZE);
	mmap(at + 2 * MIB, MIB, PROT_READ, ANON, -1, 0);
}

static void disturb_protect(char *at)
{
	unsigned int i;

	mprotect(at, SLOT, RW);
	for (i = 0; i < 64; i += 2)
		mprotect(at + i * PAGE_SIZE, PAGE_SIZE, i % 4 ? PROT_READ : PROT_NONE);
	mprotect(at, SLOT, RW);
	memset(at, 2, 64 * PAGE_SIZE);
}

static void disturb_huge(char *at)
{
	madvise(at, THP_SIZE, MADV_HUGEPAGE);
	madvise(at, THP_SIZE, MADV_DONTNEED);
	memset(at, 3, THP_SIZE);
	madvise(at, THP_SIZE, MADV_COLLAPSE);
	mprotect(at + PAGE_SIZE, PAGE_SIZE, PROT_READ);
	mprotect(at, THP_SIZE, RW);
	madvise(at + 8 * PAGE_SIZE, PAGE_SIZE, MADV_DONTNEED);
	madvise(at, THP_SIZE, MADV_COLLAPSE);
}

static void disturb_fork(char *at)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	memset(at, 4, 32 * PAGE_SIZE);
	waitpid(child, NULL, 0);
}

static void disturb_swap(char *at)
{
	memset(at, 5, 32 * PAGE_SIZE);
	madvise(at, 32 * PAGE_SIZE, MADV_PAGEOUT);
}

/* Move a slot back and forth: mremap() can move its page tables whole. */
static void disturb_move(char *at)
{
	memset(at, 6, 16 * PAGE_SIZE);
	mremap(at, SLOT, SLOT, MREMAP_MAYMOVE | MREMAP_FIXED, slot(SLOT_MOVED));
	mremap(slot(SLOT_MOVED), SLOT, SLOT, MREMAP_MAYMOVE | MREMAP_FIXED, at);
}

/* Change only how the memory is mapped: still_once() expects that it is never freed. */
static void disturb_still(char *at)
{
	madvise(at, THP_SIZE, MADV_COLLAPSE);
	mprotect(at + PAGE_SIZE, PAGE_SIZE, PROT_READ);
	mprotect(at, THP_SIZE, RW);
}

static const struct {
	unsigned int slot;
	void (*disturb)(char *at);
} disturbances[] = {
	{ 1, disturb_map }, { 2, disturb_protect }, { 3, disturb_huge }, { 4, disturb_fork },
	{ 5, disturb_swap }, { 6, disturb_move }, { SLOT_HUGE, disturb_still },
};

static void *disturber_run(void *arg)
{
	const unsigned int number = (uintptr_t)arg;

	for (;;)
		disturbances[number].disturb(slot(disturbances[number].slot));
	return NULL;
}

static void slots_make(void)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++)
		if (i != SLOT_MOVED)
			mmap(slot(i), i ? SLOT : STILL, RW, ANON, -1, 0);
	madvise(slot(0), STILL, MADV_NOHUGEPAGE);
	memset(slot(0), 7, STILL);
	memset(slot(SLOT_HUGE), 8, THP_SIZE);
}

static pid_t restless_start(int *ready)
{
	pthread_t thread;
	uintptr_t i;
	pid_t child;

	if (pipe(ready))
		return -1;
	child = fork_bound();
	if (child)
		return child;
	slots_make();
	if (write(ready[1], "", 1) != 1)
		_exit(1);
	for (i = 0; i < ARRAY_SIZE(disturbances); i++)
		pthread_create(&thread, NULL, disturber_run, (void *)i);
	for (;;)
		pause();
}

/* Each execution replaces the mm that the scanners look at. */
static int exec_again(void)
{
	unsigned int i;

	slots_make();
	for (i = 0; i < 3; i++)
		disturb_protect(slot(1));
	execl("/proc/self/exe", "storm", "--exec", NULL);
	return 1;
}

static pid_t executing_start(void)
{
	pid_t child = fork_bound();

	if (!child)
		_exit(exec_again());
	return child;
}

/**
 * struct scanner - a thread that makes calls
 * @thread: joined by the test after it has set @stop
 * @number: selects the calls that it makes, see looks[]
 * @seed: state of rand_r()
 * @target: pid of the process that it makes them for
 * @mortal: @target calls exec() in a loop, so that calls may fail with ESRCH, and
 *	device_of() with EACCES, too
 * @stop: set when the thread must end
 * @calls: number of calls that succeeded
 * @stale: number of descriptors given up because exec() had replaced the mm (ESRCH)
 * @bad_errno: the last errno outside of the contract, negative, or 0
 * @wrong: description of the first impossible answer, or ""
 */
struct scanner {
	pthread_t thread;
	unsigned int number;
	unsigned int seed;
	pid_t target;
	bool mortal;
	volatile bool *stop;
	unsigned long calls;
	unsigned long stale;
	int bad_errno;
	char wrong[160];
};

__printf(2, 3) static void wrong(struct scanner *me, const char *fmt, ...)
{
	va_list args;

	if (me->wrong[0])
		return;
	va_start(args, fmt);
	vsnprintf(me->wrong, sizeof(me->wrong), fmt, args);
	va_end(args);
}

static bool outside(uint64_t start, uint64_t end)
{
	return start < END && end > BASE && !in_slot(start, end);
}

static void cursor_check(struct scanner *me, uint64_t start, uint64_t end, uint64_t walk_end,
			 uint32_t nr, uint32_t room, uint32_t stop)
{
	if (walk_end < start || walk_end > end || nr > room || stop > VMWALK_STOP_CHANGED)
		wrong(me, "%#llx-%#llx has come to %#llx with %u records, stop %u",
		      (long long)start, (long long)end, (long long)walk_end, nr, stop);
	if (stop == VMWALK_STOP_END && walk_end != end)
		wrong(me, "at the end %#llx, not %#llx", (long long)walk_end, (long long)end);
	if (stop == VMWALK_STOP_FULL && nr == 0)
		wrong(me, "full without a record");
}

static void runs_check(struct scanner *me, const struct vmwalk_scan *scan,
		       const struct vmwalk_run *runs)
{
	uint64_t at = scan->start;
	uint32_t i;

	for (i = 0; i < scan->nr; i++) {
		if (runs[i].start < at || runs[i].end <= runs[i].start ||
		    runs[i].end > scan->end)
			wrong(me, "run %#llx-%#llx after %#llx", runs[i].start, runs[i].end,
			      (long long)at);
		if (outside(runs[i].start, runs[i].end))
			wrong(me, "run %#llx-%#llx lies where nothing ever was", runs[i].start,
			      runs[i].end);
		at = runs[i].end;
	}
	if (scan->walk_end < at)
		wrong(me, "has come to %#llx, behind the last run's %#llx", scan->walk_end,
		      (long long)at);
}

static int scan_once(struct scanner *me, int fd)
{
	struct vmwalk_scan scan = { .start = BASE, .end = END };
	struct vmwalk_run runs[ROOM];
	uint32_t room = 1 + rand_r(&me->seed) % ROOM;
	int ret;

	scan.flags = rand_r(&me->seed) % 4;
	scan.entry_flags = rand_r(&me->seed) % 2 ? E_FLAGS_ALL : 0;
	scan.start += rand_r(&me->seed) % (END - BASE) & -PAGE_SIZE;
	ret = device_scan(fd, &scan, runs, room);
	if (ret)
		return ret;
	cursor_check(me, scan.start, scan.end, scan.walk_end, scan.nr, room, scan.stop);
	runs_check(me, &scan, runs);
	return 0;
}

static int vmas_once(struct scanner *me, int fd)
{
	struct vmas vmas;
	int ret;
	size_t i;

	ret = vmas_read(fd, BASE, END, 1 + rand_r(&me->seed) % ROOM,
			rand_r(&me->seed) % 2 ? 4096 : 0, &vmas);
	for (i = 0; !ret && i < vmas.nr; i++) {
		if (outside(vmas.vma[i].start, vmas.vma[i].end))
			wrong(me, "VMA %#llx-%#llx lies where nothing ever was",
			      vmas.vma[i].start, vmas.vma[i].end);
		/*
		 * VMAs may merge and split between calls, but their order must not
		 * change.
		 */
		if (i && vmas.vma[i].end <= vmas.vma[i - 1].start)
			wrong(me, "VMA %#llx after %#llx", vmas.vma[i].start,
			      vmas.vma[i - 1].start);
	}
	vmas_free(&vmas);
	return ret;
}

static int tables_once(struct scanner *me, int fd)
{
	struct tables tables;
	int ret;
	size_t i;

	ret = tables_read(fd, BASE, END, 1 + rand_r(&me->seed) % ROOM, &tables);
	for (i = 0; !ret && i < tables.nr; i++) {
		const struct vmwalk_table *t = &tables.table[i];

		if (t->level == VMWALK_LEVEL_PTE && outside(t->start, t->start + THP_SIZE))
			wrong(me, "a table of %#llx, where nothing ever was", t->start);
		if (t->tables + t->leaves + t->others > t->entries ||
		    (t->level == VMWALK_LEVEL_PTE && t->tables))
			wrong(me, "level %u with %u tables, %u leaves and %u others", t->level,
			      t->tables, t->leaves, t->others);
	}
	tables_free(&tables);
	return ret;
}

static int walk_once(struct scanner *me, int fd)
{
	uint64_t address = BASE + rand_r(&me->seed) % (END - BASE);
	struct vmwalk_address walk;
	struct vmwalk_mm mm;
	int ret;

	ret = device_walk(fd, address, &walk);
	if (!ret && walk.call.got & VMWALK_GOT_VMA && outside(address, address + 1))
		wrong(me, "a VMA at %#llx, where nothing ever was", (long long)address);
	if (ret)
		return ret;
	ret = device_mm(fd, &mm);
	/*
	 * exec() drops the last user of the old mm, perhaps while MM holds its reference:
	 * MM then reports 0 users.
	 */
	if (!ret && ((!mm.users && !me->mortal) || !mm.count || !mm.map_count ||
		     mm.task_size <= END))
		wrong(me, "users %llu, count %llu, %llu VMAs", mm.users, mm.count, mm.map_count);
	return ret;
}

static bool still_seen(const struct runs *runs, uint64_t start, uint64_t end)
{
	uint64_t at = start;
	size_t i;

	for (i = 0; i < runs->nr; i++) {
		if (runs->run[i].start != at || runs->run[i].state != VMWALK_CLASS_LEAF)
			return false;
		at = runs->run[i].end;
	}
	return at == end;
}

/*
 * Scan memory that is never freed: all of it must be found, in one of RETRIES scans. A
 * target that calls exec() has no such memory.
 */
static int still_once(struct scanner *me, int fd)
{
	const bool huge = rand_r(&me->seed) % 2;
	const uint64_t start = (uintptr_t)slot(huge ? SLOT_HUGE : 0);
	const uint64_t end = start + (huge ? THP_SIZE : STILL);
	struct vmwalk_scan how = { .start = start, .end = huge ? end : start + SLOT };
	struct runs runs;
	bool seen = false;
	int i, ret = 0;

	if (me->mortal)
		return scan_once(me, fd);
	how.flags = rand_r(&me->seed) % 2 ? VMWALK_SCAN_EACH : 0;
	for (i = 0; i < RETRIES && !seen && !ret; i++) {
		ret = runs_read(fd, &how, 1 + rand_r(&me->seed) % ROOM, &runs);
		seen = !ret && still_seen(&runs, start, end);
		runs_free(&runs);
	}
	if (!ret && !seen)
		wrong(me, "what is there at %#llx is not seen", (long long)start);
	return ret;
}

static int (* const looks[])(struct scanner *, int) = {
	scan_once, vmas_once, tables_once, walk_once, still_once,
};

static void *scanner_run(void *arg)
{
	struct scanner *me = arg;
	int fd, i, ret;

	while (!*me->stop) {
		fd = device_of(me->target);
		if (fd < 0) {
			if (!me->mortal || (fd != -ESRCH && fd != -EACCES))
				me->bad_errno = fd;
			continue;
		}
		for (i = 0, ret = 0; i < 2000 && !*me->stop && !ret; i++) {
			ret = looks[me->number % ARRAY_SIZE(looks)](me, fd);
			me->calls += !ret;
		}
		if (ret == -ESRCH && me->mortal)
			me->stale++;
		else if (ret)
			me->bad_errno = ret;
		close(fd);
	}
	return NULL;
}

FIXTURE(storm)
{
};

FIXTURE_SETUP(storm)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
}

FIXTURE_TEARDOWN(storm)
{
}

TEST_F_TIMEOUT(storm, brings_only_answers_of_the_contract, 120)
{
	struct scanner scanners[SCANNERS] = { 0 };
	volatile bool stop = false;
	pid_t restless, executing;
	int ready[2], i;
	char byte;

	restless = restless_start(ready);
	ASSERT_LT(0, restless);
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	executing = executing_start();
	for (i = 0; i < SCANNERS; i++) {
		scanners[i] = (struct scanner) {
			.number = i, .seed = i + 1, .stop = &stop, .mortal = i >= SCANNERS / 2,
			.target = i < SCANNERS / 2 ? restless : executing,
		};
		ASSERT_EQ(0, pthread_create(&scanners[i].thread, NULL, scanner_run,
					    &scanners[i]));
	}
	sleep(SECONDS);
	stop = true;
	for (i = 0; i < SCANNERS; i++) {
		pthread_join(scanners[i].thread, NULL);
		EXPECT_EQ(0, scanners[i].bad_errno);
		EXPECT_STREQ("", scanners[i].wrong);
		EXPECT_LT(0, scanners[i].calls);
		TH_LOG("scanner %d: %lu answers, gone %lu times", i, scanners[i].calls,
		       scanners[i].stale);
	}
	kill(restless, SIGKILL);
	kill(executing, SIGKILL);
	EXPECT_EQ(restless, waitpid(restless, NULL, 0));
	EXPECT_EQ(executing, waitpid(executing, NULL, 0));
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--exec"))
		return exec_again();
	return test_harness_run(argc, argv);
}
