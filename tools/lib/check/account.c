// SPDX-License-Identifier: GPL-2.0
/*
 * Add up the memory that VMAs map, by the rules of smaps_pte_entry(), smaps_pmd_entry()
 * and smaps_hugetlb_range() of fs/proc/task_mmu.c. Pure.
 */
#include <stdlib.h>
#include <string.h>

#include "libvmwalk.h"

#define KPF_SWAPBACKED_BIT	(1ULL << 14)

/*
 * Bytes that a PUD entry covers with pages of 4 KiB, the smallest size: huge_pmd_share()
 * shares a table only if the VMA covers a whole PUD entry.
 */
#define SHARED_TABLE_SPAN	(1ULL << 30)

static bool has(const struct vmwalk_vma *vma, unsigned int flag)
{
	return vma->flags & VMWALK_VMA_BIT(flag);
}

unsigned int vmwalk_run_level(const struct vmwalk_caps *caps, const struct vmwalk_run *run)
{
	unsigned int level = VMWALK_LEVEL_PTE;

	while (level > VMWALK_LEVEL_PGD &&
	       (caps->level[level].folded || caps->level[level].shift < run->page_shift))
		level--;
	return level;
}

__u64 vmwalk_table_bytes(const struct vmwalk_caps *caps, unsigned int level)
{
	if (level != VMWALK_LEVEL_PGD)
		return caps->page_size;
	/*
	 * A small PGD takes less than a page; page-table isolation adds a copy for user
	 * mode.
	 */
	return (__u64)caps->level[level].entries * sizeof(__u64) <<
	       !!(caps->features & VMWALK_FEATURE_ROOT_SHADOW);
}

static void add_by_kind(struct vmwalk_account *account, const struct vmwalk_vma *vma,
			const struct vmwalk_run *run, bool huge)
{
	__u64 size = run->end - run->start, huge_size = huge ? size : 0;

	if (!(run->got & VMWALK_RUN_PAGE)) {
		account->unknown += size;
		account->unknown_huge += huge_size;
		/* Without page information, the huge zero page looks like a THP. */
		if (vma->traits & VMWALK_VMA_IS_ANON && vmwalk_class_is_mapped(run->state))
			account->maybe_zero += huge_size;
	} else if (run->page.traits & VMWALK_PAGE_ANON) {
		account->anon += size;
		account->anon_huge += huge_size;
	} else if (run->page.kpageflags & KPF_SWAPBACKED_BIT) {
		account->shmem += size;
		account->shmem_huge += huge_size;
	} else {
		account->file += size;
		account->file_huge += huge_size;
	}
}

static void add_resident(struct vmwalk_account *account, const struct vmwalk_caps *caps,
			 const struct vmwalk_vma *vma, const struct vmwalk_run *run)
{
	__u64 size = run->end - run->start, shared = (__u64)run->shared << (run->page_shift & 63);
	unsigned int level = vmwalk_run_level(caps, run);
	bool huge = level != VMWALK_LEVEL_PTE;

	account->resident += size;
	account->level[level] += size;
	if (run->flags & VMWALK_E_DIRTY)
		account->dirty += size;
	if (run->got & VMWALK_RUN_PAGE)
		account->shared += shared < size ? shared : size;
	if (huge && vmwalk_class_is_mapped(run->state) && run->state != VMWALK_CLASS_LEAF)
		account->inaccessible_huge += size;
	if (run->state == VMWALK_CLASS_HWPOISON)
		account->poisoned += size;
	else
		add_by_kind(account, vma, run, huge);
}

/*
 * smaps also counts a page as shared if hugetlb_pmd_shared() finds that several processes
 * use the table that maps the page. Only PMD tables count these processes: in a PUD or
 * PTE table, hugetlb_pmd_shared() may read an unrelated field of its struct page. Tables
 * have a page of 8-byte entries: a PMD entry covers 2 * page_shift - 3 bits of the
 * address, a PUD entry 3 * page_shift - 6.
 */
static bool has_table_count(const struct vmwalk_caps *caps, const struct vmwalk_vma *vma)
{
	unsigned int page_shift = __builtin_ctz(caps->page_size);

	return vma->page_shift >= 2 * page_shift - 3 && vma->page_shift < 3 * page_shift - 6;
}

static void add_hugetlb(struct vmwalk_account *account, const struct vmwalk_caps *caps,
			const struct vmwalk_vma *vma, const struct vmwalk_run *run)
{
	__u64 size = run->end - run->start, shared = (__u64)run->shared << (run->page_shift & 63);
	bool may_share_table = has(vma, VMWALK_VMA_MS) &&
			       vma->end - vma->start >= SHARED_TABLE_SPAN;

	account->hugetlb += size;
	account->table_sharing |= may_share_table;
	if (run->state == VMWALK_CLASS_HWPOISON)
		account->hugetlb_poisoned += size;
	if (!(run->got & VMWALK_RUN_PAGE) || shared > size)
		shared = 0;
	account->hugetlb_shared += shared;
	/*
	 * smaps may count more than @shared as shared: the pages were not read, or
	 * hugetlb_pmd_shared() may be true. Kernels disagree about entries that are not
	 * present.
	 */
	if (!(run->got & VMWALK_RUN_PAGE) || may_share_table || !has_table_count(caps, vma))
		account->hugetlb_unsure += size - shared;
}

/*
 * pgtable_trans_huge_deposit() keeps a PTE table for each huge PMD entry of anonymous
 * memory.
 */
static __u64 deposit(const struct vmwalk_caps *caps, const struct vmwalk_vma *vma,
		     const struct vmwalk_run *run)
{
	if (!(vma->traits & VMWALK_VMA_IS_ANON) || run->state == VMWALK_CLASS_NONE ||
	    vmwalk_run_level(caps, run) != VMWALK_LEVEL_PMD)
		return 0;
	return vmwalk_run_entries(run) * vmwalk_table_bytes(caps, VMWALK_LEVEL_PTE);
}

/* Migration, device and hwpoison entries are not present, but contain a PFN. */
bool vmwalk_run_has_frame(const struct vmwalk_run *run)
{
	return vmwalk_class_is_mapped(run->state) || run->state == VMWALK_CLASS_MIGRATION ||
	       run->state == VMWALK_CLASS_DEVICE || run->state == VMWALK_CLASS_HWPOISON;
}

void vmwalk_account_add(struct vmwalk_account *account, const struct vmwalk_caps *caps,
			const struct vmwalk_vma *vma, const struct vmwalk_run *run)
{
	__u64 size = run->end - run->start, table = deposit(caps, vma, run);

	account->deposited += table;
	account->tables += table;
	if (run->got & VMWALK_RUN_PAGE_CHANGED)
		account->incomplete = true;
	if (run->state == VMWALK_CLASS_SWAP)
		account->swap += size;
	else if (run->state == VMWALK_CLASS_CHANGED || run->state == VMWALK_CLASS_UNREAD)
		account->incomplete = true;
	else if (!vmwalk_run_has_frame(run))
		return;
	else if (has(vma, VMWALK_VMA_HT))
		add_hugetlb(account, caps, vma, run);
	else if (run->kind == VMWALK_KIND_ZERO || run->kind == VMWALK_KIND_HUGE_ZERO)
		account->zero += size;
	else if (run->kind == VMWALK_KIND_PFNMAP)
		account->foreign += size;
	else
		add_resident(account, caps, vma, run);
}

void vmwalk_account_vma(struct vmwalk_account *account, const struct vmwalk_vma *vma)
{
	account->vmas++;
	account->mapped += vma->end - vma->start;
}

static void add_runs(struct vmwalk_account *account, const struct vmwalk_image *image)
{
	const struct vmwalk_area *area = image->areas, *end = area + image->nr_areas;
	const struct vmwalk_run *run;

	for (run = image->runs; run < image->runs + image->nr_runs; run++) {
		while (area < end && area->vma.end <= run->start)
			area++;
		if (area == end)
			return;
		if (area->vma.start > run->start)
			continue;
		vmwalk_account_add(&account[area - image->areas], &image->caps, &area->vma, run);
		vmwalk_account_add(&account[image->nr_areas], &image->caps, &area->vma, run);
	}
}

/*
 * Return the index of the first VMA that ends above @start: a table that begins at @start
 * counts for that VMA only.
 */
static size_t owner(const struct vmwalk_image *image, __u64 start)
{
	size_t low = 0, high = image->nr_areas, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (image->areas[middle].vma.end > start)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void add_tables(struct vmwalk_account *account, const struct vmwalk_image *image)
{
	const struct vmwalk_table *table;
	size_t area;
	__u64 bytes;

	for (table = image->tables; table < image->tables + image->nr_tables; table++) {
		area = owner(image, table->start);
		bytes = vmwalk_table_bytes(&image->caps, table->level);
		if (area == image->nr_areas)
			continue;
		account[area].tables += bytes;
		account[image->nr_areas].tables += bytes;
	}
}

struct vmwalk_account *vmwalk_account_image(const struct vmwalk_image *image)
{
	struct vmwalk_account *account = calloc(image->nr_areas + 1, sizeof(*account));
	size_t i;

	if (!account)
		return NULL;
	if (image->sums)
		memcpy(account, image->sums, (image->nr_areas + 1) * sizeof(*account));
	else
		add_runs(account, image);
	for (i = 0; i < image->nr_areas; i++) {
		vmwalk_account_vma(&account[i], &image->areas[i].vma);
		vmwalk_account_vma(&account[image->nr_areas], &image->areas[i].vma);
	}
	add_tables(account, image);
	return account;
}
