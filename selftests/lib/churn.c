// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "churn.h"
#include "fork_bound.h"
#include "proc.h"
#include "states/states.h"

#define RW	(PROT_READ | PROT_WRITE)
#define BIT(class)	(1U << VMWALK_CLASS_ ## class)
/* First page of a region in its table: the region crosses an edge of 64 entries. */
#define FIRST	40

/* Calls of mprotect() in a row, at most */
#define PROTECTIONS	64

/* Numbers that the C library's headers may lack: of Linux 6.1 and 6.13 */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

/* A thread of the process, and the region and pages of its operation. */
struct op {
	struct churn *churn;
	struct churn_thread *thread;
	struct churn_region *region;
	int pagemap;
	unsigned int cpus;
	unsigned int from;
	unsigned int to;
};

uint64_t churn_chunk(void)
{
	return THP_SIZE;
}

uint64_t churn_start_address(void)
{
	return machine.far;
}

uint64_t churn_end_address(void)
{
	return machine.far + 2 * CHURN_REGIONS * churn_chunk();
}

static void say_wrong(struct op *op, const char *what, unsigned int page)
{
	if (!op->churn->wrong[0])
		snprintf(op->churn->wrong, sizeof(op->churn->wrong),
			 "%s: region %zd, page %u, pagemap %#llx", what,
			 op->region - op->churn->region, page,
			 (unsigned long long)op->region->page[page].pagemap);
}

static unsigned int random_below(struct op *op, unsigned int end)
{
	return rand_r(&op->thread->seed) / 7 % end;
}

static char *address_of(const struct churn_region *region, unsigned int page)
{
	return region->base[region->page[page].place] + page * PAGE_SIZE;
}

static size_t bytes_of(const struct op *op)
{
	/* The pages after the modelled ones share the fate of the last one. */
	if (op->to == CHURN_PAGES)
		return op->region->size - op->from * PAGE_SIZE;
	return (op->to - op->from) * PAGE_SIZE;
}

/*
 * @more: classes that the pages may be seen in besides the present one. @keeps: whatever is
 * seen, its frame is the one of the model; an entry that maps no memory stays as it is.
 */
static void op_begin(struct op *op, uint32_t more, bool keeps)
{
	struct churn_region *region = op->region;
	struct churn_page *page;
	uint32_t possible;
	unsigned int i;

	for (i = op->from; i < op->to; i++) {
		page = &region->page[i];
		possible = 1U << page->class | more;
		if (keeps && !(page->pagemap & PM_PRESENT))
			possible = 1U << page->class | (more & BIT(UNREAD));
		page->change[atomic_load(&region->seq[i]) / 2 % 2] = (struct churn_change) {
			.possible = possible,
			.keeps = keeps,
		};
		atomic_fetch_add(&region->seq[i], 1);
	}
}

static uint8_t class_of(const struct churn_page *page)
{
	if (page->class == VMWALK_CLASS_UNREAD)
		return VMWALK_CLASS_UNREAD;
	if (page->pagemap & PM_PRESENT)
		return page->denied ? VMWALK_CLASS_PROTNONE : VMWALK_CLASS_LEAF;
	if (!(page->pagemap & PM_SWAP))
		return VMWALK_CLASS_NONE;
	return page->class == VMWALK_CLASS_MARKER ? VMWALK_CLASS_MARKER : VMWALK_CLASS_SWAP;
}

/* Nothing is known of a page that came, went or moved. */
static void page_renew(struct churn_page *page, uint64_t pagemap)
{
	const uint64_t same = PM_PRESENT | PM_SWAP | PM_PFN_MASK;

	if ((page->pagemap ^ pagemap) & same) {
		page->mapcount = 0;
		page->write = -1;
		page->dirty = -1;
		page->anon = -1;
	}
	page->pagemap = pagemap;
	page->class = class_of(page);
}

static void op_read(struct op *op)
{
	uint64_t entries[CHURN_PAGES];
	size_t size = (op->to - op->from) * sizeof(entries[0]);
	off_t offset = (uintptr_t)address_of(op->region, op->from) / PAGE_SIZE * sizeof(entries[0]);
	unsigned int i;

	if (pread(op->pagemap, entries, size, offset) != (ssize_t)size) {
		say_wrong(op, "no pagemap", op->from);
		return;
	}
	for (i = op->from; i < op->to; i++)
		page_renew(&op->region->page[i], entries[i - op->from]);
}

static void op_finish(struct op *op)
{
	unsigned int i;

	for (i = op->from; i < op->to; i++)
		atomic_fetch_add(&op->region->seq[i], 1);
	atomic_fetch_add(&op->churn->ops, 1);
}

static void op_end(struct op *op)
{
	op_read(op);
	op_finish(op);
}

static unsigned long faults_now(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/*
 * Held for writing by a fork, which write-protects the stacks of all threads: the faults
 * that follow are not those of an access that is being counted.
 */
static pthread_rwlock_t forks = PTHREAD_RWLOCK_INITIALIZER;

/* Return the number of faults that the access took. */
static unsigned long touch_counted(uintptr_t address, bool write)
{
	unsigned long faults;

	pthread_rwlock_rdlock(&forks);
	/* The first call takes the faults of the stack. */
	faults_now();
	faults = faults_now();
	if (write)
		touch_write(address);
	else
		touch_read(address);
	faults = faults_now() - faults;
	pthread_rwlock_unlock(&forks);
	return faults;
}

static void fault_keep(struct op *op, unsigned int page, unsigned long faults,
		       const struct churn_page *before)
{
	struct churn_thread *thread = op->thread;
	unsigned long nr = atomic_load(&thread->nr_faults);
	struct churn_fault *fault = &thread->fault[nr % CHURN_FAULTS];

	fault->address = (uintptr_t)address_of(op->region, page);
	fault->faults = faults;
	fault->before = *before;
	fault->after = op->region->page[page];
	atomic_store(&thread->nr_faults, nr + 1);
}

static void page_written(struct churn_page *page, enum churn_kind kind)
{
	page->write = 1;
	/* Kernels such as 6.1 lose the bit in the entries when a huge page is split. */
	page->dirty = kind == CHURN_THP ? -1 : 1;
	page->mapcount = 1;
	page->anon = kind != CHURN_SHMEM;
}

/* A fault in untouched memory fills all of a huge page. */
static void huge_written(struct churn_region *region, unsigned int i)
{
	const uint64_t frame = region->page[i].pagemap & PM_PFN_MASK;
	struct churn_page *page;
	unsigned int j;

	for (j = 0; j < CHURN_PAGES; j++) {
		page = &region->page[j];
		if (page->pagemap & PM_PRESENT && (page->pagemap & PM_PFN_MASK) - j == frame - i)
			page->anon = 1;
	}
}

/*
 * A fault maps or allocates pages around the page, too, but for base pages of private
 * memory.
 */
static void op_touch(struct op *op)
{
	const bool alone = op->region->kind == CHURN_ANON;
	const unsigned int i = op->from;
	const struct churn_page before = op->region->page[i];
	const bool write = !before.readonly && random_below(op, 3);
	const uintptr_t address = (uintptr_t)address_of(op->region, i);
	unsigned long faults;

	if (before.class == VMWALK_CLASS_MARKER || before.denied)
		return;
	op->from = alone ? i : 0;
	op->to = alone ? i + 1 : CHURN_PAGES;
	op_begin(op, BIT(LEAF), false);
	faults = touch_counted(address, write);
	op_read(op);
	if (op->region->page[i].class != VMWALK_CLASS_LEAF)
		say_wrong(op, "accessed, but not mapped", i);
	if (write)
		page_written(&op->region->page[i], op->region->kind);
	if (write && op->region->kind == CHURN_THP)
		huge_written(op->region, i);
	if (faults)
		fault_keep(op, i, faults, &before);
	op_finish(op);
}

static bool is_copied(const struct churn_page *page)
{
	return page->class == VMWALK_CLASS_LEAF && !page->readonly;
}

/*
 * Map the zero page everywhere, and then write: while the kernel copies a page, it clears
 * the entry and waits until other CPUs have flushed their TLBs.
 */
static void op_copy(struct op *op)
{
	struct churn_page *page = op->region->page;
	unsigned int i;

	if (op->churn->keeps_faults)
		return;
	op->from = 0;
	op->to = CHURN_PAGES;
	op_begin(op, BIT(NONE) | BIT(LEAF), false);
	madvise(address_of(op->region, 0), op->region->size, MADV_DONTNEED);
	for (i = 0; i < CHURN_PAGES; i++)
		if (!page[i].denied && page[i].class != VMWALK_CLASS_MARKER)
			touch_read((uintptr_t)address_of(op->region, i));
	op_end(op);
	op_begin(op, 0, false);
	for (i = 0; i < CHURN_PAGES; i++)
		if (is_copied(&page[i]))
			touch_write((uintptr_t)address_of(op->region, i));
	op_read(op);
	for (i = 0; i < CHURN_PAGES; i++)
		if (is_copied(&page[i]))
			page_written(&page[i], op->region->kind);
	op_finish(op);
}

static void op_dontneed(struct op *op)
{
	op_begin(op, BIT(NONE), false);
	madvise(address_of(op->region, op->from), bytes_of(op), MADV_DONTNEED);
	op_end(op);
}

static void op_free(struct op *op)
{
	unsigned int i;

	/* Swap slots are freed. */
	op_begin(op, BIT(NONE), false);
	madvise(address_of(op->region, op->from), bytes_of(op), MADV_FREE);
	for (i = op->from; i < op->to; i++) {
		op->region->page[i].write = -1;
		op->region->page[i].dirty = -1;
	}
	op_end(op);
}

static void pages_allow(struct op *op, int prot)
{
	struct churn_page *page;
	unsigned int i;

	for (i = op->from; i < op->to; i++) {
		page = &op->region->page[i];
		page->denied = prot == PROT_NONE;
		page->readonly = !(prot & PROT_WRITE);
		page->write = prot & PROT_WRITE ? -1 : 0;
	}
}

/*
 * The kernel clears each entry for a moment, which no answer may show. Often do it again
 * and again to all of the region, which splits no VMA and so spends most of the time there:
 * an answer then meets such a moment.
 */
static void op_protect(struct op *op)
{
	static const int prots[] = { PROT_NONE, PROT_READ, RW, RW };
	unsigned int times = random_below(op, 2) * random_below(op, PROTECTIONS);
	int prot = prots[random_below(op, 4)];
	size_t size;
	char *at;

	if (times) {
		op->from = 0;
		op->to = CHURN_PAGES;
	}
	at = address_of(op->region, op->from);
	size = bytes_of(op);
	op_begin(op, BIT(LEAF) | BIT(PROTNONE), true);
	while (times--)
		mprotect(at, size, times % 2 ? PROT_READ : RW);
	if (!mprotect(at, size, prot))
		pages_allow(op, prot);
	else
		say_wrong(op, "mprotect() failed", op->from);
	op_end(op);
}

static void op_pageout(struct op *op)
{
	unsigned int i;

	op_begin(op, BIT(SWAP) | BIT(NONE), false);
	madvise(address_of(op->region, op->from), bytes_of(op), MADV_PAGEOUT);
	for (i = op->from; i < op->to; i++) {
		op->region->page[i].write = -1;
		op->region->page[i].dirty = -1;
	}
	op_end(op);
}

static void op_guard(struct op *op)
{
	const bool install = random_below(op, 2);
	unsigned int i;

	op_begin(op, BIT(NONE) | (install ? BIT(MARKER) : 0), false);
	if (!madvise(address_of(op->region, op->from), bytes_of(op),
		     install ? MADV_GUARD_INSTALL : MADV_GUARD_REMOVE)) {
		for (i = op->from; install && i < op->to; i++)
			op->region->page[i].class = VMWALK_CLASS_MARKER;
	}
	op_end(op);
}

static void op_collapse(struct op *op)
{
	op->from = 0;
	op->to = CHURN_PAGES;
	/* Memory to which all access is denied is collapsed, too. */
	op_begin(op, BIT(LEAF) | BIT(PROTNONE), false);
	madvise(op->region->base[0], op->region->size, MADV_COLLAPSE);
	op_end(op);
}

static void map_place(struct op *op)
{
	struct churn_region *region = op->region;
	int flags = region->kind == CHURN_SHMEM ? MAP_SHARED : MAP_PRIVATE;
	char *at = region->base[region->page[0].place];

	flags |= region->fd < 0 ? MAP_ANONYMOUS : 0;
	if (mmap(at, region->size, RW, flags | MAP_FIXED, region->fd, 0) != at) {
		say_wrong(op, "mmap() failed", 0);
		return;
	}
	madvise(at, region->size, region->kind == CHURN_THP ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	madvise(at, region->size, MADV_DONTFORK);
}

/* New memory takes the place of the old under one hold of the mmap lock. */
static void op_map(struct op *op)
{
	unsigned int i;

	op->from = 0;
	op->to = CHURN_PAGES;
	op_begin(op, BIT(NONE), false);
	map_place(op);
	for (i = 0; i < CHURN_PAGES; i++)
		op->region->page[i].class = VMWALK_CLASS_NONE;
	pages_allow(op, RW);
	op_end(op);
}

static void op_unmap(struct op *op)
{
	unsigned int i;

	op->from = 0;
	op->to = CHURN_PAGES;
	op_begin(op, BIT(UNREAD), false);
	munmap(address_of(op->region, 0), op->region->size);
	for (i = 0; i < CHURN_PAGES; i++)
		op->region->page[i].class = VMWALK_CLASS_UNREAD;
	op_end(op);
}

/* A move takes one VMA, so the region becomes one first. */
static void op_move(struct op *op)
{
	struct churn_region *region = op->region;
	const unsigned int place = region->page[0].place;
	char *to = region->base[!place];
	unsigned int i;

	op->from = 0;
	op->to = CHURN_PAGES;
	op_begin(op, BIT(UNREAD) | BIT(LEAF), true);
	mprotect(region->base[place], region->size, RW);
	pages_allow(op, RW);
	if (mremap(region->base[place], region->size, region->size,
		   MREMAP_MAYMOVE | MREMAP_FIXED, to) == to)
		for (i = 0; i < CHURN_PAGES; i++)
			region->page[i].place = !place;
	op_end(op);
}

static void pages_share(struct op *op, unsigned int from, unsigned int to)
{
	struct churn_page *page;
	unsigned int i;

	for (i = 0; i < CHURN_PAGES; i++) {
		page = &op->region->page[i];
		if (page->mapcount == from)
			page->mapcount = to;
		/* fork() write-protects what the child shares, and only a fault undoes that. */
		if (to > 1)
			page->write = page->mapcount ? 0 : -1;
	}
}

/* Fork a child that waits and has this memory, but none of other regions. */
static pid_t fork_with(char *at, size_t size)
{
	pid_t child;

	/* Two forks at a time would share the memory of both. */
	pthread_rwlock_wrlock(&forks);
	madvise(at, size, MADV_DOFORK);
	child = fork_bound();
	while (!child)
		pause();
	madvise(at, size, MADV_DONTFORK);
	pthread_rwlock_unlock(&forks);
	return child;
}

/* Fork a child that shares the pages, or end the last one. */
static void op_fork(struct op *op)
{
	struct churn_region *region = op->region;
	char *at = address_of(region, 0);

	op->from = 0;
	op->to = CHURN_PAGES;
	op_begin(op, 0, true);
	if (region->child) {
		kill(region->child, SIGKILL);
		waitpid(region->child, NULL, 0);
		region->child = 0;
		pages_share(op, 2, 1);
	} else {
		region->child = fork_with(at, region->size);
		if (region->child > 0)
			pages_share(op, 1, 2);
		else
			region->child = 0;
	}
	op_end(op);
}

/**
 * struct choice - an operation
 * @run: changes the pages from @from up to @to, or others
 * @kinds: mask of 1 << enum churn_kind
 * @weight: how often it is chosen, in parts of all weights
 */
struct choice {
	void (*run)(struct op *op);
	unsigned int kinds;
	unsigned int weight;
};

#define ANON	(1 << CHURN_ANON)
#define SHMEM	(1 << CHURN_SHMEM)
#define FILED	(1 << CHURN_FILE)
#define THP	(1 << CHURN_THP)

static const struct choice choices[] = {
	{ op_touch,	ANON | SHMEM | FILED | THP,	40 },
	{ op_dontneed,	ANON | SHMEM | FILED | THP,	8 },
	{ op_protect,	ANON | SHMEM | FILED | THP,	10 },
	{ op_copy,	ANON,				4 },
	{ op_free,	ANON,				3 },
	{ op_pageout,	ANON | SHMEM,			4 },
	{ op_guard,	ANON,				4 },
	{ op_collapse,	THP,				2 },
	{ op_map,	ANON | SHMEM | FILED,		2 },
	{ op_unmap,	ANON | SHMEM | FILED,		1 },
	{ op_move,	ANON,				2 },
	{ op_fork,	ANON,				2 },
};

/*
 * Operations on a part of the huge zero page replace all of it by zero pages: false if
 * one may be mapped.
 */
static bool is_divisible(const struct churn_region *region)
{
	unsigned int i;

	for (i = 0; region->kind == CHURN_THP && i < CHURN_PAGES; i++)
		if (region->page[i].pagemap & PM_PRESENT && region->page[i].anon != 1)
			return false;
	return true;
}

/* Go to another CPU, whose events wait beside those of this one. */
static void thread_migrate(struct op *op)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(random_below(op, op->cpus), &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static void op_run(struct op *op)
{
	unsigned int at, i, length = 1 + random_below(op, random_below(op, 4) ? 4 : 24);

	op->region = &op->churn->region[op->thread - op->churn->thread +
					random_below(op, CHURN_REGIONS / CHURN_THREADS) *
					CHURN_THREADS];
	op->from = random_below(op, CHURN_PAGES);
	op->to = op->from + length < CHURN_PAGES ? op->from + length : CHURN_PAGES;
	if (op->region->page[0].class == VMWALK_CLASS_UNREAD) {
		op_map(op);
		return;
	}
	at = random_below(op, 82);
	if (at >= choices[0].weight && !is_divisible(op->region)) {
		op->from = 0;
		op->to = CHURN_PAGES;
	}
	for (i = 0; at >= choices[i].weight; i++)
		at -= choices[i].weight;
	if (choices[i].kinds & 1U << op->region->kind)
		choices[i].run(op);
}

static void *thread_run(void *arg)
{
	struct op op = *(struct op *)arg;
	struct churn_thread *thread = op.thread;

	free(arg);
	op.pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	op.cpus = sysconf(_SC_NPROCESSORS_ONLN);
	atomic_store(&thread->tid, syscall(SYS_gettid));
	while (!atomic_load(&op.churn->go))
		usleep(1000);
	for (;;) {
		while (op.churn->keeps_faults && atomic_load(&thread->nr_faults) >=
		       atomic_load(&thread->taken) + CHURN_FAULTS / 2)
			usleep(100);
		if (op.churn->keeps_faults)
			thread_migrate(&op);
		op_run(&op);
	}
	return NULL;
}

static void process_run(struct churn *churn)
{
	pthread_t thread;
	unsigned int i;
	struct op *op;

	for (i = 0; i < CHURN_THREADS; i++) {
		op = calloc(1, sizeof(*op));
		op->churn = churn;
		op->thread = &churn->thread[i];
		if (pthread_create(&thread, NULL, thread_run, op))
			_exit(1);
	}
	for (;;)
		pause();
}

static void region_init(struct churn_region *region, unsigned int number)
{
	static const enum churn_kind kinds[CHURN_REGIONS] = {
		[4] = CHURN_SHMEM, [5] = CHURN_FILE, [6] = CHURN_THP,
	};
	char *at = (char *)(uintptr_t)(churn_start_address() + 2 * number * churn_chunk());
	unsigned int i;

	region->kind = kinds[number];
	region->size = region->kind == CHURN_THP ? THP_SIZE : CHURN_PAGES * PAGE_SIZE;
	at += region->kind == CHURN_THP ? 0 : FIRST * PAGE_SIZE;
	region->base[0] = at;
	region->base[1] = at + churn_chunk();
	region->fd = -1;
	if (region->kind == CHURN_SHMEM || region->kind == CHURN_FILE) {
		region->fd = memfd_create("churn", MFD_CLOEXEC);
		if (ftruncate(region->fd, region->size))
			region->fd = -1;
	}
	for (i = 0; i < CHURN_PAGES; i++)
		region->page[i].class = VMWALK_CLASS_UNREAD;
}

/* Return false if the process has exited, or was not started. */
static bool threads_wait(struct churn *churn)
{
	unsigned int i;

	for (i = 0; i < CHURN_THREADS; i++)
		while (!atomic_load(&churn->thread[i].tid)) {
			if (churn->pid < 0 || waitpid(churn->pid, NULL, WNOHANG))
				return false;
			usleep(1000);
		}
	return true;
}

static void churn_free(struct churn *churn)
{
	unsigned int i;

	for (i = 0; i < CHURN_REGIONS; i++)
		if (churn->region[i].fd >= 0)
			close(churn->region[i].fd);
	munmap(churn, sizeof(*churn));
}

struct churn *churn_start(unsigned int seed)
{
	struct churn *churn = mmap(NULL, sizeof(*churn), RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int i;
	pid_t pid;

	if (churn == MAP_FAILED)
		return NULL;
	for (i = 0; i < CHURN_REGIONS; i++)
		region_init(&churn->region[i], i);
	for (i = 0; i < CHURN_THREADS; i++)
		churn->thread[i].seed = seed + i;
	pid = fork_bound();
	if (!pid)
		process_run(churn);
	churn->pid = pid;
	if (threads_wait(churn))
		return churn;
	churn_free(churn);
	return NULL;
}

void churn_end(struct churn *churn)
{
	kill(churn->pid, SIGKILL);
	waitpid(churn->pid, NULL, 0);
	churn_free(churn);
}

void churn_see(struct churn_region *region, unsigned int page, struct churn_seen *seen)
{
	do {
		seen->seq = atomic_load(&region->seq[page]);
		seen->page = *(volatile struct churn_page *)&region->page[page];
		atomic_thread_fence(memory_order_seq_cst);
	} while (atomic_load(&region->seq[page]) != seen->seq);
}

enum churn_known churn_compare(const struct churn_seen *before, const struct churn_seen *after,
			       const struct churn_change **change)
{
	/* The next operation, which may have begun, writes the other one. */
	*change = &after->page.change[before->seq / 2 % 2];
	if (before->seq == after->seq && !(before->seq & 1))
		return CHURN_EXACT;
	return after->seq - (before->seq & ~1U) <= 2 ? CHURN_ONE : CHURN_MANY;
}
