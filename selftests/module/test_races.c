// SPDX-License-Identifier: GPL-2.0
/*
 * Walk a process while it changes its address space: every errno must be in the contract,
 * and every stable answer consistent. Kill callers during their calls: they must die at
 * once and leave no lock behind.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/fork_bound.h"
#include "lib/raw.h"
#include "states/states.h"

#define SECONDS	3
#define WALKERS	3
#define AREA	(2 * THP_SIZE > 8 * MIB ? 2 * THP_SIZE : 8 * MIB)
#define RW	(PROT_READ | PROT_WRITE)

FIXTURE(race)
{
	char *area;		/* mapped at this address in every target */
};

FIXTURE_VARIANT(race)
{
	void (*disturb)(char *area);
	bool gone;		/* @disturb lets the target exit or exec */
};

static void disturb_map(char *area)
{
	munmap(area + MIB, 2 * MIB);
	mmap(area + MIB, 2 * MIB, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memset(area + MIB, 1, MIB);
}

static void disturb_protect(char *area)
{
	mprotect(area, AREA, PROT_NONE);
	mprotect(area, AREA, PROT_READ);
	mprotect(area, AREA, RW);
	area[rand() % AREA] = 1;
}

static void disturb_fork(char *area)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	memset(area, 2, 64 * PAGE_SIZE);
	waitpid(child, NULL, 0);
}

/* 25 is MADV_COLLAPSE of Linux 6.1, which the C library's headers may lack. */
static void disturb_huge(char *area)
{
	char *huge = (char *)(((uintptr_t)area + THP_SIZE - 1) & -THP_SIZE);

	madvise(huge, THP_SIZE, MADV_DONTNEED);
	memset(huge, 3, THP_SIZE);
	madvise(huge, THP_SIZE, 25);
	mprotect(huge + PAGE_SIZE, PAGE_SIZE, PROT_READ);
	mprotect(huge, THP_SIZE, RW);
	madvise(huge + 8 * PAGE_SIZE, PAGE_SIZE, MADV_DONTNEED);
}

static void disturb_swap(char *area)
{
	memset(area, 4, 32 * PAGE_SIZE);
	madvise(area, 32 * PAGE_SIZE, MADV_PAGEOUT);
}

static void disturb_exec(char *area)
{
	char at[32];

	snprintf(at, sizeof(at), "%#lx", (unsigned long)area);
	execl("/proc/self/exe", "race", "--exec", at, NULL);
}

static void disturb_exit(char *area)
{
	pid_t child = fork();

	if (!child) {
		area[0] = 5;
		_exit(0);
	}
	waitpid(child, NULL, 0);
	_exit(0);
}

FIXTURE_VARIANT_ADD(race, with_mapping) { .disturb = disturb_map };
FIXTURE_VARIANT_ADD(race, with_protecting) { .disturb = disturb_protect };
FIXTURE_VARIANT_ADD(race, with_forking) { .disturb = disturb_fork };
FIXTURE_VARIANT_ADD(race, with_collapsing_and_splitting) { .disturb = disturb_huge };
FIXTURE_VARIANT_ADD(race, with_swapping) { .disturb = disturb_swap };
FIXTURE_VARIANT_ADD(race, with_executing) { .disturb = disturb_exec, .gone = true };
FIXTURE_VARIANT_ADD(race, with_exiting) { .disturb = disturb_exit, .gone = true };

FIXTURE_SETUP(race)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	self->area = mmap(NULL, AREA, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->area);
	madvise(self->area, AREA, MADV_HUGEPAGE);
}

FIXTURE_TEARDOWN(race)
{
}

static pid_t target_run(char *area, void (*disturb)(char *))
{
	pid_t child = fork_bound();

	if (!child) {
		memset(area, 6, AREA);
		for (;;)
			disturb(area);
	}
	return child;
}

struct walker {
	pthread_t thread;
	char *area;
	volatile pid_t *target;
	volatile bool *stop;
	bool gone;
	unsigned long walks;
	unsigned long stable;
	unsigned long stale;
	int bad_errno;
	char wrong[120];
};

static void wrong(struct walker *me, const struct vmwalk_address *w, const char *what)
{
	if (!me->wrong[0])
		snprintf(me->wrong, sizeof(me->wrong), "%s at %#llx, got %#llx", what,
			 w->call.address, w->call.got);
}

/* @w claims to be stable. Only the first inconsistency of this walker is kept. */
static void record_check(struct walker *me, const struct vmwalk_address *w)
{
	const struct vmwalk_entry *e, *above = NULL;
	int i;

	if (!(w->call.got & VMWALK_GOT_VMA)) {
		if (w->call.got & VMWALK_GOT_NEXT && w->call.next_start <= w->call.address)
			wrong(me, w, "the next VMA begins below the address");
		if (w->call.got & (VMWALK_GOT_PFN | VMWALK_GOT_ENTRIES))
			wrong(me, w, "entries in a hole");
		return;
	}
	if (w->vma.start > w->call.address || w->vma.end <= w->call.address)
		wrong(me, w, "the address is not in its VMA");
	for (i = 0; i <= w->call.leaf_level && i < VMWALK_LEVELS; i++) {
		e = &w->entry[i];
		if (e->type == VMWALK_CLASS_FOLDED)
			continue;
		if (e->type == VMWALK_CLASS_CHANGED || e->type == VMWALK_CLASS_UNREAD)
			wrong(me, w, "stable, yet an entry changed or was not read");
		if (above && above->target != raw_table(e))
			wrong(me, w, "a table is not where the entry above points");
		above = e;
	}
	e = &w->entry[w->call.leaf_level];
	if (e->type == VMWALK_CLASS_LEAF && !(w->call.got & VMWALK_GOT_PFN))
		wrong(me, w, "a leaf without a frame");
	if (e->type == VMWALK_CLASS_NONE && w->call.got & VMWALK_GOT_PFN)
		wrong(me, w, "a frame behind an empty entry");
	if (w->call.effective & VMWALK_PERM_W &&
	    !(w->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_WR)))
		wrong(me, w, "writable, although the VMA is not");
}

static void walk_judge(struct walker *me, int ret, const struct vmwalk_address *w)
{
	if (ret == -ESRCH && me->gone)
		me->stale++;
	else if (ret)
		me->bad_errno = ret;
	else
		me->walks++;
	if (ret || !(w->call.got & VMWALK_GOT_STABLE))
		return;
	me->stable++;
	record_check(me, w);
}

static void *walker_run(void *arg)
{
	unsigned int seed = (uintptr_t)arg;
	struct walker *me = arg;
	struct vmwalk_address w;
	int fd, i, ret;

	while (!*me->stop) {
		fd = device_of(*me->target);
		if (fd < 0) {
			/* ENOENT: the target has been reaped, and /proc/PID is gone. */
			if (!me->gone || (fd != -ESRCH && fd != -ENOENT && fd != -EACCES))
				me->bad_errno = fd;
			continue;
		}
		for (i = 0; i < 5000 && !*me->stop; i++) {
			ret = device_walk(fd, (uintptr_t)me->area + rand_r(&seed) % AREA, &w);
			walk_judge(me, ret, &w);
			if (ret)
				break;
		}
		close(fd);
	}
	return NULL;
}

/* disturb_exit() ends the target: start a new one then, until SECONDS are over. */
static void targets_run(char *area, void (*disturb)(char *), volatile pid_t *target)
{
	time_t end = time(NULL) + SECONDS;
	int status;

	while (time(NULL) < end) {
		if (waitpid(*target, &status, WNOHANG) == *target)
			*target = target_run(area, disturb);
		usleep(1000);
	}
}

TEST_F_TIMEOUT(race, gives_only_answers_of_the_contract, 60)
{
	struct walker walkers[WALKERS] = { 0 };
	volatile pid_t target;
	volatile bool stop = false;
	int i;

	target = target_run(self->area, variant->disturb);
	for (i = 0; i < WALKERS; i++) {
		walkers[i] = (struct walker) { .area = self->area, .target = &target,
					       .stop = &stop, .gone = variant->gone };
		ASSERT_EQ(0, pthread_create(&walkers[i].thread, NULL, walker_run, &walkers[i]));
	}
	targets_run(self->area, variant->disturb, &target);
	stop = true;
	for (i = 0; i < WALKERS; i++) {
		pthread_join(walkers[i].thread, NULL);
		EXPECT_EQ(0, walkers[i].bad_errno);
		EXPECT_STREQ("", walkers[i].wrong);
		EXPECT_LT(0, walkers[i].walks);
		EXPECT_LT(0, walkers[i].stable);
		TH_LOG("%lu walks, %lu stable, %lu processes gone", walkers[i].walks,
		       walkers[i].stable, walkers[i].stale);
	}
	kill(target, SIGKILL);
	waitpid(target, NULL, 0);
}

FIXTURE(killed)
{
};

FIXTURE_SETUP(killed)
{
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
}

FIXTURE_TEARDOWN(killed)
{
}

/* Take the mmap lock for writing again and again, so that WALK often waits for it. */
static void *mapper_run(void *arg)
{
	for (;;)
		disturb_map(arg);
	return NULL;
}

TEST(a_killed_walker_dies_at_once)
{
	struct timespec began, ended;
	char *area = mmap(NULL, AREA, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vmwalk_address w;
	pthread_t mapper;
	pid_t walker;
	int status, fd, i;

	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_NE(MAP_FAILED, area);
	for (i = 0; i < 20; i++) {
		walker = fork();
		if (!walker) {
			pthread_create(&mapper, NULL, mapper_run, area);
			fd = device_of(getpid());
			for (;;)
				device_walk(fd, (uintptr_t)area + MIB, &w);
		}
		sleep_ms(20);
		clock_gettime(CLOCK_MONOTONIC, &began);
		kill(walker, SIGKILL);
		ASSERT_EQ(walker, waitpid(walker, &status, 0));
		clock_gettime(CLOCK_MONOTONIC, &ended);
		EXPECT_EQ(SIGKILL, WTERMSIG(status));
		EXPECT_GT(5, ended.tv_sec - began.tv_sec);
	}
}

/*
 * Fork a child that holds i_mmap_rwsem of the hugetlb file for writing most of the time:
 * mprotect() takes it. SCAN of a process that shares the PMD table holds the mmap lock
 * when it tries to take i_mmap_rwsem, and must drop the mmap lock if that fails.
 */
static pid_t sharer_start(char *area, size_t size)
{
	pid_t child = fork_bound();

	if (!child) {
		for (;;) {
			mprotect(area, size, PROT_READ);
			mprotect(area, size, RW);
		}
	}
	return child;
}

/*
 * Fork a child that takes its own mmap lock for writing in a loop, and counts the rounds
 * in @count. The counter stops if a killed scanner leaves the mmap lock held.
 */
static pid_t counter_start(volatile unsigned long *count)
{
	pid_t child = fork_bound();
	void *p;

	if (!child) {
		for (;;) {
			p = mmap(NULL, PAGE_SIZE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			munmap(p, PAGE_SIZE);
			++*count;
		}
	}
	return child;
}

static pid_t scanner_start(pid_t target, char *area, size_t size, volatile unsigned long *answers)
{
	struct vmwalk_scan scan = { .start = (uintptr_t)area, .end = (uintptr_t)area + size };
	struct vmwalk_run runs[8];
	pid_t child = fork_bound();
	int fd;

	if (child)
		return child;
	fd = device_of(target);
	for (;;) {
		device_scan(fd, &scan, runs, 8);
		++*answers;
	}
}

/*
 * Emulated machines are slow: kill at least 20 scanners, and 150 if a minute is enough.
 */
TEST_F_TIMEOUT(killed, scanner_leaves_no_lock_behind, 180)
{
	const time_t end = time(NULL) + 60;
	volatile unsigned long *count, *answers;
	pid_t sharer[3], counter, scanner;
	struct made made = { .fd = -1 };
	unsigned long before;
	unsigned int i;
	int waited;

	count = mmap(NULL, PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)count);
	answers = count + 1;
	if (!state_make(state_find("hugetlb-shared"), &made))
		SKIP(return, "%s", made.why);
	counter = counter_start(count);
	/* With several sharers, one of them holds i_mmap_rwsem nearly all the time. */
	for (i = 0; i < ARRAY_SIZE(sharer); i++)
		sharer[i] = sharer_start(made.base, made.size);
	for (i = 0; i < 150 && (i < 20 || time(NULL) < end); i++) {
		*answers = 0;
		scanner = scanner_start(counter, made.base, made.size, answers);
		/*
		 * Wait for the first answer, which can take long: a scanner that is
		 * killed before its first call holds no lock.
		 */
		for (waited = 0; waited < 500 && !*answers; waited++)
			sleep_ms(1);
		usleep(i % 17 * 500);
		kill(scanner, SIGKILL);
		ASSERT_EQ(scanner, waitpid(scanner, NULL, 0));
		before = *count;
		for (waited = 0; waited < 500 && *count < before + 3; waited++)
			sleep_ms(10);
		ASSERT_LT(before, *count) {
			TH_LOG("after %u scanners were killed", i + 1);
		}
	}
	for (i = 0; i < ARRAY_SIZE(sharer); i++) {
		kill(sharer[i], SIGKILL);
		waitpid(sharer[i], NULL, 0);
	}
	kill(counter, SIGKILL);
	waitpid(counter, NULL, 0);
	state_undo(&made);
}

static int exec_again(const char *at)
{
	char *area = (char *)strtoul(at, NULL, 0);

	mmap(area, AREA, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	area[0] = 7;
	disturb_exec(area);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "--exec"))
		return exec_again(argv[2]);
	return test_harness_run(argc, argv);
}
