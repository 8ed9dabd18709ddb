// SPDX-License-Identifier: GPL-2.0
/*
 * Make all states of memory that this machine can make in one process: the sums of its
 * SCAN runs must equal smaps for each VMA, but for what kernels count differently, and MM
 * and status in total. The runs must fill the VMAs, and equal those that runs_join()
 * makes of single entries (VMWALK_SCAN_EACH).
 */
#include <stdlib.h>
#include <sys/utsname.h>
#include "kselftest_harness.h"
#include "lib/device.h"
#include "lib/held_process.h"
#include "lib/proc.h"
#include "lib/scan_whole.h"

#define SECONDS		180
#define ROOM		4096
#define STATES_MAX	128
#define LAG		64	/* pages of lag: TASK_RSS_EVENTS_THRESH of 6.1 */

static struct made parts[STATES_MAX];

/*
 * Make all states that this machine can make, and count them in made->other. Unlink files
 * at once, because held_end() does not know their paths.
 */
static bool all_make(struct made *made)
{
	const struct state *state;
	size_t i, there = 0;

	for (i = 0; i < STATES_MAX && (state = state_nth(i)); i++) {
		if (!state_make(state, &parts[i]))
			continue;
		there++;
		if (parts[i].path[0])
			unlink(parts[i].path);
	}
	made->other = there;
	return there > 0;
}

static const struct state all_state = { "all", "every state there is", all_make };

/* Sums over runs in bytes; smaps has the first six, too. */
struct sums {
	uint64_t rss;
	uint64_t pss;		/* units of SCAN; smaps has KiB, rounded down */
	uint64_t swap;
	uint64_t anon_huge;
	uint64_t shmem_huge;
	uint64_t hugetlb;
	uint64_t anon;		/* part of rss: anonymous pages */
	uint64_t poisoned;
	uint64_t huge_none;	/* part of rss: huge pages whose entry is no LEAF */
	uint64_t unread;	/* of migration and device entries, whose pages smaps counts */
};

FIXTURE(sums)
{
	struct held_process target;
	pid_t pid;
	int device;
	struct runs runs;
};

FIXTURE_SETUP(sums)
{
	struct vmwalk_scan how = { .end = ~0ULL, .flags = VMWALK_SCAN_PAGE };

	self->device = -1;
	if (access(DEVICE_PATH, F_OK))
		SKIP(return, DEVICE_MISSING);
	ASSERT_TRUE(held_start(&self->target, &all_state));
	ASSERT_TRUE(self->target.shared->ok);
	/* Even a small machine can make 55 states: fewer would make the test weak. */
	EXPECT_LE(55, self->target.shared->made.other);
	self->pid = self->target.pid;
	self->device = device_of(self->pid);
	ASSERT_LE(0, self->device);
	ASSERT_EQ(0, runs_read(self->device, &how, ROOM, &self->runs));
}

FIXTURE_TEARDOWN(sums)
{
	runs_free(&self->runs);
	held_end(&self->target);
	close(self->device);
}

/*
 * Like smaps, leave zero pages and device memory (vm_normal_page()) and hugetlb pages out
 * of Rss.
 */
static void sums_add(struct sums *sums, const struct vmwalk_run *run)
{
	const uint64_t bytes = run->end - run->start;

	sums->pss += run->pss;
	if (run->state == VMWALK_CLASS_SWAP)
		sums->swap += bytes;
	if (run->state == VMWALK_CLASS_HWPOISON)
		sums->poisoned += bytes;
	if (run->state == VMWALK_CLASS_MIGRATION || run->state == VMWALK_CLASS_DEVICE)
		sums->unread += bytes;
	if (run->kind == VMWALK_KIND_HUGETLB)
		sums->hugetlb += bytes;
	if (run->kind == VMWALK_KIND_THP && run->page.traits & VMWALK_PAGE_ANON)
		sums->anon_huge += bytes;
	else if (run->kind == VMWALK_KIND_THP)
		sums->shmem_huge += bytes;
	if (run->kind == VMWALK_KIND_THP && run->state != VMWALK_CLASS_LEAF)
		sums->huge_none += bytes;
	if (run->kind != VMWALK_KIND_THP && run->kind != VMWALK_KIND_BASE &&
	    run->kind != VMWALK_KIND_KSM && run->kind != VMWALK_KIND_CONTIGUOUS)
		return;
	sums->rss += bytes;
	if (run->page.traits & VMWALK_PAGE_ANON)
		sums->anon += bytes;
}

static struct sums sums_of(const struct runs *runs, uint64_t start, uint64_t end)
{
	struct sums sums = { 0 };
	size_t i;

	for (i = 0; i < runs->nr; i++)
		if (runs->run[i].start >= start && runs->run[i].end <= end)
			sums_add(&sums, &runs->run[i]);
	return sums;
}

TEST_F_TIMEOUT(sums, of_each_vma_are_those_of_smaps, SECONDS)
{
	struct proc_smaps_sums *sums;
	size_t count, i;
	struct sums s;

	sums = proc_smaps_sums(self->pid, &count);
	ASSERT_NE(NULL, sums);
	ASSERT_LT(55, count);
	for (i = 0; i < count; i++) {
		const struct proc_smaps_sums *b = &sums[i];

		s = sums_of(&self->runs, b->start, b->end);
		/*
		 * Up to 6.1 smaps skips VM_PFNMAP VMAs and the private copies in them
		 * (walk_page_test()).
		 */
		if (b->pfnmap && !b->rss)
			s.rss = 0;
		/*
		 * Kernels differ: smaps may count a poisoned page as resident, and 6.1
		 * does not count huge pages that are PROT_NONE or have a NUMA hint.
		 */
		EXPECT_GE(s.rss + s.poisoned, b->rss);
		EXPECT_LE(s.rss, b->rss + s.huge_none);
		EXPECT_GE(s.anon_huge, b->anon_huge);
		EXPECT_LE(s.anon_huge, b->anon_huge + s.huge_none);
		EXPECT_GE(s.shmem_huge, b->shmem_huge);
		EXPECT_LE(s.shmem_huge, b->shmem_huge + s.huge_none);
		EXPECT_EQ(b->hugetlb, s.hugetlb);
		/* For shmem, smaps also counts swapped pages that have no entry. */
		EXPECT_TRUE(b->shmem ? b->swap >= s.swap : b->swap == s.swap) {
			TH_LOG("%#llx-%#llx: Rss %llu and %llu, Swap %llu and %llu",
			       (long long)b->start, (long long)b->end, (long long)b->rss,
			       (long long)s.rss, (long long)b->swap, (long long)s.swap);
		}
	}
	free(sums);
}

/* Return a VMA that differs from smaps in Pss, which had the same value before and after. */
static const struct proc_smaps_sums *pss_unlike(const struct runs *runs,
						const struct proc_smaps_sums *before,
						const struct proc_smaps_sums *after, size_t count)
{
	struct sums s;
	size_t i;

	for (i = 0; i < count; i++) {
		s = sums_of(runs, after[i].start, after[i].end);
		s.pss >>= VMWALK_PSS_SHIFT;
		if (before[i].pss == after[i].pss && s.pss / 1024 * 1024 != after[i].pss &&
		    s.poisoned + s.huge_none + s.unread == 0 && !(after[i].pfnmap && !after[i].rss))
			return &after[i];
	}
	return NULL;
}

/*
 * This program itself maps some of the pages, and faults them in now and then: read again
 * if Pss differs.
 */
TEST_F_TIMEOUT(sums, have_the_pss_of_smaps, SECONDS)
{
	struct vmwalk_scan how = { .end = ~0ULL, .flags = VMWALK_SCAN_PAGE };
	const struct proc_smaps_sums *unlike = NULL;
	struct proc_smaps_sums *before, *after;
	size_t count, nr, i;

	for (i = 0; i < 10; i++) {
		before = proc_smaps_sums(self->pid, &nr);
		runs_free(&self->runs);
		ASSERT_EQ(0, runs_read(self->device, &how, ROOM, &self->runs));
		after = proc_smaps_sums(self->pid, &count);
		ASSERT_TRUE(before && after && nr == count);
		unlike = pss_unlike(&self->runs, before, after, count);
		if (unlike)
			TH_LOG("%#llx-%#llx: Pss is %llu, of runs %#llx", (long long)unlike->start,
			       (long long)unlike->end, (long long)unlike->pss,
			       (long long)sums_of(&self->runs, unlike->start, unlike->end).pss);
		free(before);
		free(after);
		if (!unlike)
			break;
	}
	EXPECT_EQ(NULL, unlike);
	EXPECT_LT(0, sums_of(&self->runs, 0, ~0ULL).pss);
}

TEST_F_TIMEOUT(sums, in_all_are_those_of_status, SECONDS)
{
	const struct sums s = sums_of(&self->runs, 0, ~0ULL);
	uint64_t lag = 0, kb, rss, swap, hugetlb;
	struct utsname name;
	struct vmwalk_mm mm;

	uname(&name);
	if (!strncmp(name.release, "6.1.", 4))
		lag = LAG;
	ASSERT_EQ(0, device_mm(self->device, &mm));
	rss = mm.rss_anon + mm.rss_file + mm.rss_shmem;
	EXPECT_GE(lag, labs((long)(s.anon / PAGE_SIZE - mm.rss_anon)));
	EXPECT_GE(3 * lag, labs((long)(s.rss / PAGE_SIZE - rss)));
	EXPECT_GE(lag, labs((long)(s.swap / PAGE_SIZE - mm.swap)));
	EXPECT_EQ(s.hugetlb, mm.hugetlb);
	ASSERT_TRUE(proc_status(self->pid, "HugetlbPages:", &hugetlb));
	EXPECT_EQ(hugetlb * 1024, s.hugetlb);
	ASSERT_TRUE(proc_status(self->pid, "VmRSS:", &rss));
	ASSERT_TRUE(proc_status(self->pid, "VmSwap:", &swap));
	TH_LOG("Rss %llu kB and %llu, swap %llu kB and %llu", (long long)rss,
	       (long long)s.rss / 1024, (long long)swap, (long long)s.swap / 1024);
	kb = LAG * (PAGE_SIZE / 1024) * 3;
	EXPECT_GE(kb, labs((long)(rss - s.rss / 1024)));
	EXPECT_GE(kb, labs((long)(swap - s.swap / 1024)));
	EXPECT_LT(0, s.swap);
	EXPECT_LT(0, s.anon_huge);
	EXPECT_LT(0, s.hugetlb);
}

TEST_F_TIMEOUT(sums, of_runs_are_those_of_the_vmas, SECONDS)
{
	uint64_t bytes = 0, mapped = 0;
	struct vmas vmas;
	size_t i;

	ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, ROOM, 0, &vmas));
	for (i = 0; i < vmas.nr; i++)
		mapped += vmas.vma[i].end - vmas.vma[i].start;
	for (i = 0; i < self->runs.nr; i++) {
		bytes += self->runs.run[i].end - self->runs.run[i].start;
		if (i)
			EXPECT_LE(self->runs.run[i - 1].end, self->runs.run[i].start);
	}
	EXPECT_EQ(mapped, bytes);
	vmas_free(&vmas);
}

TEST_F_TIMEOUT(sums, of_entries_are_the_runs, SECONDS)
{
	struct vmwalk_scan how = { .end = ~0ULL, .entry_flags = E_FLAGS_ALL };
	struct runs runs, each;
	bool same = false;
	struct vmas vmas;
	int i;

	ASSERT_EQ(0, vmas_read(self->device, 0, ~0ULL, ROOM, 0, &vmas));
	for (i = 0; i < 20 && !same; i++) {
		how.flags = 0;
		ASSERT_EQ(0, runs_read(self->device, &how, ROOM, &runs));
		how.flags = VMWALK_SCAN_EACH;
		ASSERT_EQ(0, runs_read(self->device, &how, 3 * ROOM, &each));
		runs_join(&each, &vmas);
		same = runs.nr == each.nr &&
		       !memcmp(runs.run, each.run, runs.nr * sizeof(*runs.run));
		runs_free(&runs);
		runs_free(&each);
	}
	EXPECT_TRUE(same);
	vmas_free(&vmas);
}

TEST_HARNESS_MAIN
