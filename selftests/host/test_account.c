// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "check/smaps.h"
#include "check/status.h"
#include "kselftest_harness.h"

#define KIB		1024ULL
#define SHIFT		12
#define START		0x7f0000200000ULL
#define KPF_SWAPBACKED	(1ULL << 14)

static const char smaps_text[] =
	"7f0000200000-7f0000600000 rw-p 00000000 00:00 0                          [anon: a]\n"
	"Size:               4096 kB\n"
	"KernelPageSize:        4 kB\n"
	"MMUPageSize:           4 kB\n"
	"Rss:                2056 kB\n"
	"Pss:                2056 kB\n"
	"Anonymous:          2052 kB\n"
	"AnonHugePages:      2048 kB\n"
	"ShmemPmdMapped:        0 kB\n"
	"FilePmdMapped:         0 kB\n"
	"Shared_Hugetlb:        0 kB\n"
	"Private_Hugetlb:       0 kB\n"
	"Swap:                  8 kB\n"
	"Locked:                0 kB\n"
	"THPeligible:           1\n"
	"ProtectionKey:         3\n"
	"VmFlags: rd wr mr mw me ac xx hg\n"
	"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n"
	"Size:                  4 kB\n"
	"VmFlags: ex\n";

FIXTURE(smaps) {
	struct vmwalk_vma vma;
	struct vmwalk_account account;
	struct vmwalk_smaps smaps;
	struct vmwalk_smaps last;
	struct vmwalk_check check;
};

static const struct vmwalk_caps caps = {
	.page_size = 4096,
	.level = {
		[VMWALK_LEVEL_PGD] = { .shift = 39, .entries = 512 },
		[VMWALK_LEVEL_P4D] = { .shift = 39, .entries = 1, .folded = 1 },
		[VMWALK_LEVEL_PUD] = { .shift = 30, .entries = 512 },
		[VMWALK_LEVEL_PMD] = { .shift = 21, .entries = 512 },
		[VMWALK_LEVEL_PTE] = { .shift = 12, .entries = 512 },
	},
};

static void add(struct vmwalk_account *account, const struct vmwalk_vma *vma, __u64 size,
		int state, int kind, int shift, unsigned int traits, __u64 kpageflags,
		unsigned int mapcount)
{
	struct vmwalk_run run = {
		.start = START, .end = START + size, .state = state, .kind = kind,
		.page_shift = shift, .got = VMWALK_RUN_FIRST, .shared = mapcount > 1,
		.page = { .traits = traits, .kpageflags = kpageflags, .mapcount = mapcount },
	};

	if (vmwalk_class_is_mapped(state))
		run.got |= VMWALK_RUN_PAGE;
	vmwalk_account_add(account, &caps, vma, &run);
}

static void read_smaps(struct vmwalk_smaps *first, struct vmwalk_smaps *last, int *got)
{
	struct vmwalk_smaps_reader reader = { 0 };

	reader.file = fmemopen((void *)smaps_text, strlen(smaps_text), "r");
	got[0] = vmwalk_smaps_next(&reader, first);
	got[1] = vmwalk_smaps_next(&reader, last);
	got[2] = vmwalk_smaps_next(&reader, &(struct vmwalk_smaps) { 0 });
	fclose(reader.file);
	free(reader.line);
}

#define FLAG(name) VMWALK_VMA_BIT(VMWALK_VMA_##name)

FIXTURE_SETUP(smaps)
{
	int got[3];

	self->vma = (struct vmwalk_vma) {
		.start = START, .end = START + 4096 * KIB, .page_shift = SHIFT, .pkey = 3,
		.traits = VMWALK_VMA_IS_ANON,
		.flags = FLAG(RD) | FLAG(WR) | FLAG(MR) | FLAG(MW) | FLAG(ME) | FLAG(AC) | FLAG(HG),
	};
	memset(&self->account, 0, sizeof(self->account));
	add(&self->account, &self->vma, 2048 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_THP, 21,
	    VMWALK_PAGE_ANON, KPF_SWAPBACKED, 1);
	add(&self->account, &self->vma, 4 * KIB, VMWALK_CLASS_PROTNONE, VMWALK_KIND_BASE, SHIFT,
	    VMWALK_PAGE_ANON, KPF_SWAPBACKED, 1);
	add(&self->account, &self->vma, 4 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_BASE, SHIFT,
	    VMWALK_PAGE_MAPPING, 0, 5);
	add(&self->account, &self->vma, 8 * KIB, VMWALK_CLASS_SWAP, VMWALK_KIND_NONE, SHIFT,
	    0, 0, 0);
	add(&self->account, &self->vma, 4 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_ZERO, SHIFT,
	    0, 0, 0);
	add(&self->account, &self->vma, 4 * KIB, VMWALK_CLASS_NONE, VMWALK_KIND_NONE, SHIFT,
	    0, 0, 0);
	read_smaps(&self->smaps, &self->last, got);
	EXPECT_EQ(got[0], 1);
	EXPECT_EQ(got[1], 1);
	EXPECT_EQ(got[2], 0);
}

FIXTURE_TEARDOWN(smaps)
{
}

#define COMPARE() ({								\
	vmwalk_smaps_check(&self->account, &self->vma, &self->smaps, &self->check); \
	self->check.result;							\
})

static void expect_word(struct __test_metadata *_metadata, FIXTURE_DATA(smaps) * self,
			const char *word)
{
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(strncmp(self->check.reason, word, strlen(word)), 0)
		TH_LOG("%s instead of %s", self->check.reason, word);
}

#define DIFFERS(change, word) do {						\
	FIXTURE_DATA(smaps) good = *self;					\
	change;									\
	expect_word(_metadata, self, word);					\
	*self = good;								\
} while (0)

TEST_F(smaps, the_parts_of_smaps_are_told_apart)
{
	EXPECT_EQ(self->smaps.start, START);
	EXPECT_EQ(self->smaps.end, START + 4096 * KIB);
	EXPECT_EQ(self->smaps.value[VMWALK_SMAPS_RSS], 2056 * KIB);
	EXPECT_EQ(self->smaps.value[VMWALK_SMAPS_PKEY], 3);
	EXPECT_EQ(self->last.start, 0xffffffffff600000ULL);
	EXPECT_EQ(self->last.value[VMWALK_SMAPS_SIZE], 4 * KIB);
	EXPECT_EQ(self->last.has, 1 << VMWALK_SMAPS_SIZE);
}

TEST_F(smaps, every_field_of_smaps_is_compared)
{
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	DIFFERS(self->vma.end += 4096, "Size");
	DIFFERS(self->vma.page_shift = 21, "KernelPageSize");
	DIFFERS(self->vma.pkey = 4, "ProtectionKey");
	DIFFERS(self->account.resident += 4096, "Rss");
	DIFFERS(self->account.anon -= 4096, "Anonymous");
	DIFFERS(self->account.anon_huge = 0, "AnonHugePages");
	DIFFERS(self->account.shmem_huge = 1 << 21, "ShmemPmdMapped");
	DIFFERS(self->account.file_huge = 1 << 21, "FilePmdMapped");
	DIFFERS(self->account.hugetlb = 1 << 21, "Private_Hugetlb");
	DIFFERS(self->account.swap = 4096, "Swap");
	DIFFERS(self->smaps.value[VMWALK_SMAPS_LOCKED] = 4096, "Locked");
	DIFFERS(self->vma.flags ^= FLAG(HG), "VmFlags: smaps has a \"hg\"");
	DIFFERS(self->vma.flags ^= FLAG(LO), "VmFlags: smaps has no \"lo\"");
	/* A flag of a newer kernel must not be a mismatch: smaps_text has "xx". */
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK);
}

TEST_F(smaps, swap_of_shared_memory_may_be_more_than_entries_know)
{
	self->smaps.value[VMWALK_SMAPS_SWAP] = 16 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_MISMATCH);
	self->vma.traits = VMWALK_VMA_HAS_FILE;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK);
	self->smaps.value[VMWALK_SMAPS_SWAP] = 4 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_MISMATCH);
	self->vma.dev_major = 8;
	self->smaps.value[VMWALK_SMAPS_SWAP] = 16 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_MISMATCH);
}

TEST_F(smaps, poisoned_pages_count_all_or_not_at_all)
{
	add(&self->account, &self->vma, 8 * KIB, VMWALK_CLASS_HWPOISON, VMWALK_KIND_NONE, SHIFT,
	    0, 0, 0);
	EXPECT_EQ(self->account.poisoned, 8 * KIB);
	EXPECT_EQ(self->account.resident, 2064 * KIB);
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK);
	self->smaps.value[VMWALK_SMAPS_RSS] += 8 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	self->smaps.value[VMWALK_SMAPS_RSS] -= 4 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_MISMATCH);
}

TEST_F(smaps, shared_hugetlb_pages_are_those_with_two_mappings)
{
	self->vma.flags |= FLAG(HT);
	memset(&self->account, 0, sizeof(self->account));
	add(&self->account, &self->vma, 2048 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_HUGETLB, 21,
	    VMWALK_PAGE_ANON, 0, 2);
	add(&self->account, &self->vma, 2048 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_HUGETLB, 21,
	    VMWALK_PAGE_ANON, 0, 1);
	EXPECT_EQ(self->account.hugetlb, 4096 * KIB);
	EXPECT_EQ(self->account.hugetlb_shared, 2048 * KIB);
	EXPECT_EQ(self->account.anon, 0);
	EXPECT_FALSE(self->account.table_sharing);
	self->vma.flags |= FLAG(MS);
	self->vma.end = self->vma.start + (1 << 30);
	add(&self->account, &self->vma, 2048 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_HUGETLB, 21,
	    0, 0, 1);
	EXPECT_TRUE(self->account.table_sharing);
}

TEST_F(smaps, a_page_that_no_pmd_entry_maps_may_be_shared_to_smaps)
{
	unsigned int shift[] = { 30, 21, 16, 25 };

	for (size_t i = 0; i < sizeof(shift) / sizeof(shift[0]); i++) {
		__u64 size = 1ULL << shift[i];

		self->vma.flags |= FLAG(HT);
		self->vma.end = self->vma.start + size;
		self->vma.page_shift = shift[i];
		memset(&self->account, 0, sizeof(self->account));
		add(&self->account, &self->vma, size, VMWALK_CLASS_LEAF, VMWALK_KIND_HUGETLB,
		    shift[i], VMWALK_PAGE_ANON, 0, 1);
		memset(self->smaps.value, 0, sizeof(self->smaps.value));
		self->vma.pkey = 0;
		self->smaps.flags[0] = '\0';
		self->smaps.value[VMWALK_SMAPS_SIZE] = size;
		self->smaps.value[VMWALK_SMAPS_PAGE_SIZE] = size;
		self->smaps.value[VMWALK_SMAPS_PRIVATE_HUGETLB] = size;
		EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
		self->smaps.value[VMWALK_SMAPS_PRIVATE_HUGETLB] = 0;
		expect_word(_metadata, self, "Private_Hugetlb");
		self->smaps.value[VMWALK_SMAPS_SHARED_HUGETLB] = size;
		/*
		 * For smaps a page is shared if hugetlb_pmd_shared() is true, which can
		 * be wrong unless PMD entries map the page. They map 2 MiB pages, and 32
		 * MiB pages by 16 contiguous entries of arm64.
		 */
		EXPECT_EQ(COMPARE(), shift[i] == 30 || shift[i] == 16 ? VMWALK_CHECK_OK :
									VMWALK_CHECK_MISMATCH)
			TH_LOG("%s", self->check.reason);
	}
}

TEST_F(smaps, without_page_information_a_huge_page_may_be_the_zero_page)
{
	struct vmwalk_run run = {
		.start = START, .end = START + 2048 * KIB, .state = VMWALK_CLASS_LEAF,
		.kind = VMWALK_KIND_THP, .page_shift = 21,
	};

	memset(&self->account, 0, sizeof(self->account));
	vmwalk_account_add(&self->account, &caps, &self->vma, &run);
	self->account.swap = 8 * KIB;
	EXPECT_EQ(self->account.maybe_zero, 2048 * KIB);
	self->smaps.value[VMWALK_SMAPS_RSS] = 2048 * KIB;
	self->smaps.value[VMWALK_SMAPS_ANONYMOUS] = 2048 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	self->smaps.value[VMWALK_SMAPS_RSS] = 0;
	self->smaps.value[VMWALK_SMAPS_ANONYMOUS] = 0;
	self->smaps.value[VMWALK_SMAPS_ANON_HUGE] = 0;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	self->smaps.value[VMWALK_SMAPS_RSS] = 2052 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_MISMATCH);
}

TEST_F(smaps, what_could_not_be_read_is_a_race)
{
	add(&self->account, &self->vma, 4096, VMWALK_CLASS_CHANGED, VMWALK_KIND_NONE, SHIFT,
	    0, 0, 0);
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_RACED);
}

TEST_F(smaps, a_table_is_kept_for_each_huge_leaf_of_anonymous_memory)
{
	EXPECT_EQ(self->account.deposited, 4096);
	add(&self->account, &self->vma, 2048 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_HUGE_ZERO, 21,
	    0, 0, 0);
	EXPECT_EQ(self->account.deposited, 2 * 4096);
	/* set_pmd_migration_entry() does not withdraw the deposited table. */
	add(&self->account, &self->vma, 2048 * KIB, VMWALK_CLASS_MIGRATION, VMWALK_KIND_NONE, 21,
	    0, 0, 0);
	EXPECT_EQ(self->account.deposited, 3 * 4096);
	add(&self->account, &self->vma, 1 << 30, VMWALK_CLASS_LEAF, VMWALK_KIND_THP, 30,
	    VMWALK_PAGE_ANON, KPF_SWAPBACKED, 1);
	EXPECT_EQ(self->account.deposited, 3 * 4096);
	self->vma.traits = VMWALK_VMA_HAS_FILE;
	add(&self->account, &self->vma, 2048 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_THP, 21,
	    VMWALK_PAGE_MAPPING, KPF_SWAPBACKED, 1);
	EXPECT_EQ(self->account.deposited, 3 * 4096);
	EXPECT_EQ(self->account.shmem_huge, 2048 * KIB);
}

/*
 * Since 6.2 walk_page_vma() does not skip a VMA with VM_PFNMAP, so smaps counts private
 * copies in it.
 */
TEST_F(smaps, a_private_copy_of_device_memory_is_resident)
{
	self->vma.flags |= FLAG(PF);
	memset(&self->account, 0, sizeof(self->account));
	add(&self->account, &self->vma, 4 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_BASE, SHIFT,
	    VMWALK_PAGE_ANON, KPF_SWAPBACKED, 1);
	add(&self->account, &self->vma, 4 * KIB, VMWALK_CLASS_LEAF, VMWALK_KIND_PFNMAP, SHIFT,
	    0, 0, 0);
	EXPECT_EQ(self->account.resident, 4 * KIB);
	EXPECT_EQ(self->account.foreign, 4 * KIB);
	memset(self->smaps.value, 0, sizeof(self->smaps.value));
	self->smaps.value[VMWALK_SMAPS_SIZE] = 4096 * KIB;
	self->smaps.value[VMWALK_SMAPS_PAGE_SIZE] = 4 * KIB;
	self->smaps.value[VMWALK_SMAPS_PKEY] = 3;
	self->smaps.flags[0] = '\0';
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	self->smaps.value[VMWALK_SMAPS_RSS] = 4 * KIB;
	self->smaps.value[VMWALK_SMAPS_ANONYMOUS] = 4 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	self->smaps.value[VMWALK_SMAPS_RSS] = 8 * KIB;
	expect_word(_metadata, self, "Rss");
}

/* smaps of 6.1 uses follow_trans_huge_pmd(), which returns no page for PROT_NONE. */
TEST_F(smaps, a_huge_page_that_nobody_may_access_counts_or_not)
{
	memset(&self->account, 0, sizeof(self->account));
	add(&self->account, &self->vma, 2048 * KIB, VMWALK_CLASS_PROTNONE, VMWALK_KIND_THP, 21,
	    VMWALK_PAGE_ANON, KPF_SWAPBACKED, 1);
	self->account.swap = 8 * KIB;
	EXPECT_EQ(self->account.resident, 2048 * KIB);
	EXPECT_EQ(self->account.anon_huge, 2048 * KIB);
	self->smaps.value[VMWALK_SMAPS_RSS] = 2048 * KIB;
	self->smaps.value[VMWALK_SMAPS_ANONYMOUS] = 2048 * KIB;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	self->smaps.value[VMWALK_SMAPS_RSS] = 0;
	self->smaps.value[VMWALK_SMAPS_ANONYMOUS] = 0;
	self->smaps.value[VMWALK_SMAPS_ANON_HUGE] = 0;
	EXPECT_EQ(COMPARE(), VMWALK_CHECK_OK) TH_LOG("%s", self->check.reason);
	self->smaps.value[VMWALK_SMAPS_RSS] = 1024 * KIB;
	expect_word(_metadata, self, "Rss");
}

static int hugetlb_result(FIXTURE_DATA(smaps) * self, __u64 shared, __u64 private)
{
	self->smaps.value[VMWALK_SMAPS_SHARED_HUGETLB] = shared;
	self->smaps.value[VMWALK_SMAPS_PRIVATE_HUGETLB] = private;
	vmwalk_smaps_check(&self->account, &self->vma, &self->smaps, &self->check);
	return self->check.result;
}

TEST_F(smaps, a_hugetlb_page_that_is_not_present_is_counted_all_the_same)
{
	const __u64 size = 2048 * KIB;

	self->vma.flags |= FLAG(HT);
	self->vma.page_shift = 21;
	self->smaps.flags[0] = '\0';
	memset(self->smaps.value, 0, sizeof(self->smaps.value));
	self->smaps.value[VMWALK_SMAPS_SIZE] = 4096 * KIB;
	self->smaps.value[VMWALK_SMAPS_PAGE_SIZE] = size;
	self->smaps.value[VMWALK_SMAPS_PKEY] = 3;
	memset(&self->account, 0, sizeof(self->account));
	add(&self->account, &self->vma, size, VMWALK_CLASS_HWPOISON, VMWALK_KIND_NONE, 21, 0, 0, 0);
	EXPECT_EQ(self->account.hugetlb, size);
	EXPECT_EQ(self->account.resident, 0);
	/*
	 * smaps counts the page, as private or as shared, if is_pfn_swap_entry() is true
	 * for hwpoison entries; in older kernels it is false.
	 */
	EXPECT_EQ(hugetlb_result(self, 0, 0), VMWALK_CHECK_OK);
	EXPECT_EQ(hugetlb_result(self, 0, size), VMWALK_CHECK_OK);
	EXPECT_EQ(hugetlb_result(self, size, 0), VMWALK_CHECK_OK);
	memset(&self->account, 0, sizeof(self->account));
	add(&self->account, &self->vma, size, VMWALK_CLASS_MIGRATION, VMWALK_KIND_NONE, 21, 0, 0,
	    0);
	EXPECT_EQ(hugetlb_result(self, 0, 0), VMWALK_CHECK_MISMATCH);
	EXPECT_EQ(hugetlb_result(self, 0, size), VMWALK_CHECK_OK);
	EXPECT_EQ(hugetlb_result(self, size, 0), VMWALK_CHECK_OK);
}

static const char status_text[] =
	"Name:\tVmRSS: 1 kB\n"
	"VmPeak:\t    5000 kB\nVmSize:\t    4000 kB\nVmLck:\t       4 kB\nVmPin:\t       8 kB\n"
	"VmHWM:\t     128 kB\nVmRSS:\t      96 kB\nRssAnon:\t      48 kB\nRssFile:\t      32 kB\n"
	"RssShmem:\t      16 kB\nVmData:\t    1000 kB\nVmStk:\t     132 kB\nVmExe:\t       8 kB\n"
	"VmLib:\t      92 kB\nVmPTE:\t      44 kB\nVmSwap:\t      12 kB\nHugetlbPages:\t    2048 kB\n"
	"Threads:\t3\n";

FIXTURE(numbers) {
	struct vmwalk_process process;
	struct vmwalk_check check[VMWALK_STATUS_MAX];
};

FIXTURE_SETUP(numbers)
{
	self->process = (struct vmwalk_process) {
		.mm = {
			.hiwater_vm = 1250, .total_vm = 1000, .locked_vm = 1, .pinned_vm = 2,
			.hiwater_rss = 32, .rss_anon = 12, .rss_file = 8, .rss_shmem = 4,
			.data_vm = 250, .stack_vm = 33, .exec_vm = 25, .table_bytes = 44 * KIB,
			.swap = 3, .hugetlb = 2048 * KIB, .start_code = 0x400000,
			.end_code = 0x401001,
		},
		.account = {
			.resident = 96 * KIB, .anon = 48 * KIB, .file = 32 * KIB,
			.shmem = 16 * KIB, .swap = 12 * KIB, .hugetlb = 2048 * KIB,
			.tables = 44 * KIB, .mapped = 4000 * KIB,
		},
		.page_size = 4096,
	};
}

FIXTURE_TEARDOWN(numbers)
{
}

/* Return the number of results other than OK; copy the first of them to @check[0]. */
static unsigned int differ(struct vmwalk_check *check, unsigned int nr)
{
	unsigned int bad = 0, i;

	for (i = 0; i < nr; i++)
		if (check[i].result != VMWALK_CHECK_OK && !bad++)
			check[0] = check[i];
	return bad;
}

static unsigned int status_differs(FIXTURE_DATA(numbers) * self, __u64 pages)
{
	const struct vmwalk_slack slack = { pages, 16 * pages };

	return differ(self->check, vmwalk_status_check(&self->process, status_text, &slack,
						       self->check));
}

#define STATUS(pages) status_differs(self, pages)

static void expect_wrong(struct __test_metadata *_metadata, FIXTURE_DATA(numbers) * self,
			 __u64 *field, const char *word)
{
	(*field)++;
	EXPECT_GE(STATUS(0), 1);
	EXPECT_EQ(strncmp(self->check[0].reason, word, strlen(word)), 0)
		TH_LOG("%s instead of %s", self->check[0].reason, word);
	(*field)--;
}

TEST_F(numbers, all_numbers_of_status_are_compared)
{
	EXPECT_EQ(vmwalk_status_check(&self->process, status_text, &(struct vmwalk_slack) { 0 },
				      self->check), 24);
	EXPECT_EQ(STATUS(0), 0) TH_LOG("%s", self->check[0].reason);
#define WRONG(field, word) expect_wrong(_metadata, self, &self->process.field, word)
	WRONG(mm.hiwater_vm, "VmPeak");
	WRONG(mm.total_vm, "VmSize");
	WRONG(mm.locked_vm, "VmLck");
	WRONG(mm.pinned_vm, "VmPin");
	WRONG(mm.hiwater_rss, "VmHWM");
	WRONG(mm.rss_anon, "VmRSS");
	WRONG(mm.data_vm, "VmData");
	WRONG(mm.stack_vm, "VmStk");
	WRONG(mm.exec_vm, "VmLib");
	WRONG(mm.table_bytes, "VmPTE");
	WRONG(mm.swap, "VmSwap");
	WRONG(mm.hugetlb, "HugetlbPages");
	WRONG(account.resident, "VmRSS");
	WRONG(account.anon, "RssAnon");
	WRONG(account.file, "RssFile");
	WRONG(account.shmem, "RssShmem");
	WRONG(account.swap, "VmSwap");
	WRONG(account.hugetlb, "HugetlbPages");
	WRONG(account.tables, "VmPTE");
	WRONG(account.mapped, "VmSize");
}

TEST_F(numbers, sums_may_be_off_by_what_the_kernel_allows_itself)
{
	self->process.account.anon += 64 * 4096;
	self->process.account.resident += 64 * 4096;
	EXPECT_EQ(STATUS(0), 2);
	EXPECT_EQ(STATUS(64), 0) TH_LOG("%s", self->check[0].reason);
	self->process.account.anon += 4096;
	EXPECT_EQ(STATUS(64), 1);
	/* The slack is only for sums over pages; the counters of the mm must be equal. */
	self->process.mm.rss_anon++;
	EXPECT_EQ(STATUS(64), 3);
	self->process.mm.rss_anon--;
	self->process.account.anon = 48 * KIB;
	self->process.account.file += 16 * 64 * 4096;
	EXPECT_EQ(STATUS(64), 0) TH_LOG("%s", self->check[0].reason);
	self->process.account.file += 4096;
	EXPECT_EQ(STATUS(64), 1);
}

TEST_F(numbers, the_kernel_allows_itself_less_with_each_version)
{
	EXPECT_EQ(vmwalk_slack_of("6.1.0-56-amd64", 3, 8).alone, 198);
	EXPECT_EQ(vmwalk_slack_of("6.1.0-56-amd64", 3, 8).around, 16 * 198);
	EXPECT_EQ(vmwalk_slack_of("5.10.0", 1, 8).alone, 66);
	EXPECT_EQ(vmwalk_slack_of("6.6.1", 3, 8).alone, 256);
	EXPECT_EQ(vmwalk_slack_of("6.6.1", 3, 8).around, 256);
	EXPECT_EQ(vmwalk_slack_of("6.12.117+deb12-amd64", 3, 8).around, 0);
	EXPECT_EQ(vmwalk_slack_of("7.2.0", 3, 8).alone, 0);
}

/* try_to_unmap_one() subtracts a poisoned page from the RSS or hugetlb counter. */
TEST_F(numbers, poisoned_pages_are_in_no_counter)
{
	self->process.account.resident += 4096;
	self->process.account.poisoned = 4096;
	self->process.account.hugetlb += 2048 * KIB;
	self->process.account.hugetlb_poisoned = 2048 * KIB;
	EXPECT_EQ(STATUS(0), 0) TH_LOG("%s", self->check[0].reason);
}

TEST_F(smaps, a_page_that_kept_changing_makes_the_sums_incomplete)
{
	struct vmwalk_run run = {
		.start = START, .end = START + 4096, .state = VMWALK_CLASS_LEAF,
		.kind = VMWALK_KIND_CHANGED, .page_shift = SHIFT,
		.got = VMWALK_RUN_FIRST | VMWALK_RUN_PAGE_CHANGED,
	};
	struct vmwalk_account account = { 0 };

	vmwalk_account_add(&account, &caps, &self->vma, &run);
	EXPECT_TRUE(account.incomplete);
	EXPECT_EQ(account.unknown, 4096);
}

TEST_F(numbers, what_was_not_read_completely_is_not_summed)
{
	self->process.account.incomplete = true;
	self->process.account.anon = 0;
	EXPECT_EQ(STATUS(0), 0);
}

TEST_F(numbers, a_number_is_found_at_the_beginning_of_a_line_only)
{
	__u64 value;

	EXPECT_TRUE(vmwalk_status_number(status_text, "VmRSS", &value));
	EXPECT_EQ(value, 96 * KIB);
	EXPECT_TRUE(vmwalk_status_number(status_text, "Threads", &value));
	EXPECT_EQ(value, 3);
	EXPECT_FALSE(vmwalk_status_number(status_text, "VmR", &value));
}

TEST_F(numbers, stat_is_read_past_any_name)
{
	/*
	 * The name "a) R 1 (b" looks like the fields after it: only the last ")" ends it.
	 */
	static const char head[] = "42 (a) R 1 (b) S 1 42 42 0 -1 4194304 111 0 7 0 1 2 0 0 20 0";
	static const char size[] = "3 0 99 4096000 24 18446744073709551615 4194304 4198401 140000";
	static const char zero[] = "0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0";
	static const char rest[] = "5000 6000 7000 8000 8100 8200 8300 0";
	char stat_text[512];

	snprintf(stat_text, sizeof(stat_text), "%s %s %s %s\n", head, size, zero, rest);
	self->process.mm.got = VMWALK_GOT_PROCESS_FAULTS;
	self->process.mm.process_minor = 111;
	self->process.mm.process_major = 7;
	self->process.mm.start_stack = 140000;
	self->process.mm.start_data = 5000;
	self->process.mm.end_data = 6000;
	self->process.mm.start_brk = 7000;
	self->process.mm.arg_start = 8000;
	self->process.mm.arg_end = 8100;
	self->process.mm.env_start = 8200;
	self->process.mm.env_end = 8300;
#define STAT() differ(self->check, vmwalk_stat_check(&self->process, stat_text, self->check))
	EXPECT_EQ(vmwalk_stat_check(&self->process, stat_text, self->check), 13);
	EXPECT_EQ(STAT(), 0) TH_LOG("%s", self->check[0].reason);
	self->process.mm.env_end++;
	self->process.mm.process_minor++;
	self->process.mm.start_code++;
	EXPECT_EQ(STAT(), 3);
	EXPECT_EQ(vmwalk_stat_check(&self->process, "42 (a", self->check), 0);
	EXPECT_EQ(vmwalk_stat_check(&self->process, "", self->check), 0);
}

TEST_HARNESS_MAIN
