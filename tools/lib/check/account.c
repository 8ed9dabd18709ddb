// SPDX-License-Identifier: GPL-2.0
/*
 * What the entries of a VMA add up to, and /proc/PID/smaps beside it. Pure. What
 * smaps counts is fs/proc/task_mmu.c: smaps_pte_entry(), smaps_pmd_entry(),
 * smaps_hugetlb_range() and show_smap_vma_flags().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "check.h"

#define KPF_SWAPBACKED_BIT	(1ULL << 14)

/* Sharing of page tables needs a VMA that covers an entry of the level above. */
#define SHARED_TABLE_SPAN	(1ULL << 30)

static bool has(const struct vmwalk_vma *vma, unsigned int flag)
{
	return vma->flags & VMWALK_VMA_BIT(flag);
}

static void add_resident(struct vmwalk_sums *sums, const struct vmwalk_run *run,
			 const struct vmwalk_vma *vma, bool huge)
{
	__u64 size = run->end - run->start;

	if (run->got & VMWALK_RUN_PAGE && run->page.traits & VMWALK_PAGE_ANON) {
		sums->anon += size;
		sums->anon_huge += huge ? size : 0;
	} else if (run->got & VMWALK_RUN_PAGE && run->page.kpageflags & KPF_SWAPBACKED_BIT) {
		sums->shmem += size;
		sums->shmem_huge += huge ? size : 0;
	} else if (run->got & VMWALK_RUN_PAGE) {
		sums->file += size;
		sums->file_huge += huge ? size : 0;
	} else {
		/* Without the page, the huge zero page is any THP of such a VMA. */
		if (huge && vma->traits & VMWALK_VMA_IS_ANON)
			sums->unsure += size;
		else
			sums->plain += size;
		sums->unsure_huge += huge ? size : 0;
		sums->withheld = true;
	}
}

/*
 * To smaps a page is shared, too, if others have the table that maps it, which it takes from
 * a count that only tables of PMD entries have (hugetlb_pmd_shared()). What it reads of
 * those of PUD and PTE entries, which are nobody else's, is chance.
 */
static bool has_table_count(const struct vmwalk_vma *vma, unsigned int page_shift)
{
	return vma->page_shift >= 2 * page_shift - 3 && vma->page_shift < 3 * page_shift - 6;
}

static void add_hugetlb(struct vmwalk_sums *sums, const struct vmwalk_run *run,
			const struct vmwalk_vma *vma, unsigned int page_shift)
{
	__u64 size = run->end - run->start;

	sums->hugetlb += size;
	if (!(run->got & VMWALK_RUN_PAGE))
		sums->withheld = true;
	else if (run->page.mapcount >= 2)
		sums->hugetlb_shared += size;
	else if (!has_table_count(vma, page_shift))
		sums->hugetlb_unsure += size;
	if (has(vma, VMWALK_VMA_MS) && vma->end - vma->start >= SHARED_TABLE_SPAN)
		sums->table_sharing = true;
}

static void add_mapped(struct vmwalk_sums *sums, const struct vmwalk_run *run,
		       const struct vmwalk_vma *vma, unsigned int page_shift)
{
	switch (run->kind) {
	case VMWALK_KIND_ZERO:
	case VMWALK_KIND_HUGE_ZERO:
	case VMWALK_KIND_PFNMAP:
		break;
	default:
		if (has(vma, VMWALK_VMA_HT))
			add_hugetlb(sums, run, vma, page_shift);
		else
			add_resident(sums, run, vma, run->page_shift > page_shift);
	}
}

static void add_absent(struct vmwalk_sums *sums, const struct vmwalk_run *run,
		       const struct vmwalk_vma *vma, unsigned int page_shift)
{
	switch (run->state) {
	case VMWALK_CLASS_SWAP:
		sums->swap += run->end - run->start;
		break;
	case VMWALK_CLASS_MIGRATION:
	case VMWALK_CLASS_DEVICE:
		if (has(vma, VMWALK_VMA_HT))
			add_hugetlb(sums, run, vma, page_shift);
		else
			add_resident(sums, run, vma, run->page_shift > page_shift);
		break;
	case VMWALK_CLASS_HWPOISON:
		sums->poisoned += run->end - run->start;
		break;
	case VMWALK_CLASS_CHANGED:
	case VMWALK_CLASS_UNREAD:
		sums->incomplete = true;
		break;
	default:
		break;
	}
}

void vmwalk_sums_add(struct vmwalk_sums *sums, const struct vmwalk_run *run,
		     const struct vmwalk_vma *vma, unsigned int page_shift)
{
	bool huge = run->page_shift > page_shift;

	/* Walkers of page tables pass these by: walk_page_test(). */
	if (has(vma, VMWALK_VMA_PF))
		return;
	switch (run->state) {
	case VMWALK_CLASS_LEAF:
	case VMWALK_CLASS_PROTNONE:
	case VMWALK_CLASS_NUMA_HINT:
		add_mapped(sums, run, vma, page_shift);
		break;
	default:
		add_absent(sums, run, vma, page_shift);
	}
	/* pgtable_trans_huge_deposit(): of the huge zero page too. */
	if (huge && vma->traits & VMWALK_VMA_IS_ANON && run->state != VMWALK_CLASS_NONE)
		sums->deposits += (run->end - run->start) >> run->page_shift;
}

static const char * const field_names[VMWALK_SMAPS_MAX] = {
	[VMWALK_SMAPS_SIZE]		= "Size",
	[VMWALK_SMAPS_PAGE_SIZE]	= "KernelPageSize",
	[VMWALK_SMAPS_RSS]		= "Rss",
	[VMWALK_SMAPS_ANONYMOUS]	= "Anonymous",
	[VMWALK_SMAPS_ANON_HUGE]	= "AnonHugePages",
	[VMWALK_SMAPS_SHMEM_HUGE]	= "ShmemPmdMapped",
	[VMWALK_SMAPS_FILE_HUGE]	= "FilePmdMapped",
	[VMWALK_SMAPS_SHARED_HUGETLB]	= "Shared_Hugetlb",
	[VMWALK_SMAPS_PRIVATE_HUGETLB]	= "Private_Hugetlb",
	[VMWALK_SMAPS_SWAP]		= "Swap",
	[VMWALK_SMAPS_LOCKED]		= "Locked",
	[VMWALK_SMAPS_PKEY]		= "ProtectionKey",
};

static bool is_header(const char *line)
{
	return strchr("0123456789abcdef", line[0]) && line[0];
}

static void take_field(struct vmwalk_smaps *smaps, char *line)
{
	char *colon = strchr(line, ':'), *rest;
	unsigned int i;

	if (!colon)
		return;
	*colon = '\0';
	if (!strcmp(line, "VmFlags")) {
		snprintf(smaps->flags, sizeof(smaps->flags), "%.*s",
			 (int)strcspn(colon + 1, "\n"), colon + 1);
		return;
	}
	for (i = 0; i < VMWALK_SMAPS_MAX; i++)
		if (!strcmp(line, field_names[i]))
			break;
	if (i == VMWALK_SMAPS_MAX)
		return;
	smaps->value[i] = strtoull(colon + 1, &rest, 10);
	if (!strncmp(rest, " kB", 3))
		smaps->value[i] *= 1024;
	smaps->has |= 1U << i;
}

static int next_line(struct vmwalk_smaps_reader *reader)
{
	if (reader->ahead) {
		reader->ahead = false;
		return 1;
	}
	errno = 0;
	if (getline(&reader->line, &reader->size, reader->file) > 0)
		return 1;
	return ferror(reader->file) ? -errno : 0;
}

int vmwalk_smaps_next(struct vmwalk_smaps_reader *reader, struct vmwalk_smaps *smaps)
{
	unsigned long long start, end;
	int got = next_line(reader);

	memset(smaps, 0, sizeof(*smaps));
	if (got <= 0)
		return got;
	if (!is_header(reader->line) || sscanf(reader->line, "%llx-%llx ", &start, &end) != 2)
		return -EINVAL;
	smaps->start = start;
	smaps->end = end;
	while ((got = next_line(reader)) > 0 && !is_header(reader->line))
		take_field(smaps, reader->line);
	reader->ahead = got > 0;
	return got < 0 ? got : 1;
}

/* Whether a field is not what the sums allow: from @least to @most. */
static bool outside(const struct vmwalk_smaps *smaps, unsigned int field, __u64 least, __u64 most,
		    struct vmwalk_check *check)
{
	unsigned int unit = field == VMWALK_SMAPS_PKEY ? 1 : 1024;
	__u64 value = smaps->value[field];

	if (!(smaps->has & (1U << field)) || (value >= least && value <= most))
		return false;
	vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "%s: smaps has %llu%s, vmwalk %llu",
			field_names[field], (unsigned long long)value / unit,
			unit == 1024 ? " kB" : "", (unsigned long long)least / unit);
	return true;
}

static bool differs(const struct vmwalk_smaps *smaps, unsigned int field, __u64 value,
		    struct vmwalk_check *check)
{
	return outside(smaps, field, value, value, check);
}

static bool resident_differs(const struct vmwalk_sums *sums, const struct vmwalk_smaps *smaps,
			     struct vmwalk_check *check)
{
	__u64 least = sums->anon + sums->file + sums->shmem + sums->plain;
	__u64 most = least + sums->unsure;
	__u64 unsure = sums->plain + sums->unsure;

	/* Poisoned pages count in some kernels, and then all of them. */
	if (smaps->value[VMWALK_SMAPS_RSS] > most)
		most += sums->poisoned;
	if (sums->poisoned && !sums->unsure && smaps->value[VMWALK_SMAPS_RSS] != least)
		least = most;
	return outside(smaps, VMWALK_SMAPS_RSS, least, most, check) ||
	       outside(smaps, VMWALK_SMAPS_ANONYMOUS, sums->anon,
		       sums->anon + unsure + sums->poisoned, check) ||
	       outside(smaps, VMWALK_SMAPS_ANON_HUGE, sums->anon_huge,
		       sums->anon_huge + sums->unsure_huge, check) ||
	       outside(smaps, VMWALK_SMAPS_SHMEM_HUGE, sums->shmem_huge,
		       sums->shmem_huge + sums->unsure_huge, check) ||
	       outside(smaps, VMWALK_SMAPS_FILE_HUGE, sums->file_huge,
		       sums->file_huge + sums->unsure_huge, check);
}

static bool hugetlb_differs(const struct vmwalk_sums *sums, const struct vmwalk_smaps *smaps,
			    struct vmwalk_check *check)
{
	__u64 shared = smaps->value[VMWALK_SMAPS_SHARED_HUGETLB];
	__u64 private = smaps->value[VMWALK_SMAPS_PRIVATE_HUGETLB];
	__u64 most = sums->hugetlb + sums->poisoned;

	if (!(smaps->has & (1U << VMWALK_SMAPS_SHARED_HUGETLB)))
		return false;
	if (shared + private != sums->hugetlb && shared + private != most)
		return differs(smaps, VMWALK_SMAPS_PRIVATE_HUGETLB, sums->hugetlb - shared, check);
	/* Pages in tables that others have too count as shared in some kernels. */
	if (!sums->withheld && !sums->table_sharing && !sums->poisoned)
		most = sums->hugetlb_shared + sums->hugetlb_unsure;
	return outside(smaps, VMWALK_SMAPS_SHARED_HUGETLB, sums->hugetlb_shared, most, check);
}

/*
 * Of shared memory, Swap also counts pages in swap that no entry knows of. It has
 * a file of a device without a block device behind it.
 */
static bool swap_differs(const struct vmwalk_sums *sums, const struct vmwalk_vma *vma,
			 const struct vmwalk_smaps *smaps, struct vmwalk_check *check)
{
	bool maybe_shmem = vma->traits & VMWALK_VMA_HAS_FILE && !vma->dev_major;

	return outside(smaps, VMWALK_SMAPS_SWAP, sums->swap, maybe_shmem ? ~0ULL : sums->swap,
		       check);
}

/* Words that the table does not have are of a kernel younger than it. */
static __u64 flags_mask(const char *words)
{
	const struct vmwalk_word *word;
	__u64 mask = 0;
	size_t len;

	for (; *words; words += len) {
		words += strspn(words, " ");
		len = strcspn(words, " ");
		for (word = vmwalk_vma_words; word->mask; word++)
			if (!strncmp(words, word->word, len) && !word->word[len])
				mask |= word->mask;
	}
	return mask;
}

static bool flags_differ(const struct vmwalk_vma *vma, const struct vmwalk_smaps *smaps,
			 struct vmwalk_check *check)
{
	__u64 says = flags_mask(smaps->flags);
	const struct vmwalk_word *word;

	if (!smaps->flags[0])
		return false;
	for (word = vmwalk_vma_words; word->mask; word++) {
		if (!((says ^ vma->flags) & word->mask))
			continue;
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "VmFlags: smaps has %s \"%s\"",
				says & word->mask ? "a" : "no", word->word);
		return true;
	}
	return false;
}

void vmwalk_sums_check_smaps(const struct vmwalk_sums *sums, const struct vmwalk_vma *vma,
			     const struct vmwalk_smaps *smaps, struct vmwalk_check *check)
{
	/* What is not locked cannot be counted as locked; how much else is shares. */
	bool unlocked = !has(vma, VMWALK_VMA_LO);

	if (sums->incomplete)
		vmwalk_conclude(check, VMWALK_CHECK_RACED, "the entries could not be read");
	else if (!differs(smaps, VMWALK_SMAPS_SIZE, vma->end - vma->start, check) &&
		 !differs(smaps, VMWALK_SMAPS_PAGE_SIZE, 1ULL << (vma->page_shift & 63), check) &&
		 !differs(smaps, VMWALK_SMAPS_PKEY, vma->pkey, check) &&
		 !resident_differs(sums, smaps, check) &&
		 !hugetlb_differs(sums, smaps, check) &&
		 !swap_differs(sums, vma, smaps, check) &&
		 !(unlocked && differs(smaps, VMWALK_SMAPS_LOCKED, 0, check)) &&
		 !flags_differ(vma, smaps, check))
		vmwalk_agree(check);
}
