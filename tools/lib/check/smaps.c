// SPDX-License-Identifier: GPL-2.0
/*
 * Read /proc/PID/smaps, and compare the memory of a VMA with it, by the rules of
 * fs/proc/task_mmu.c: smaps_pte_entry(), smaps_pmd_entry(), smaps_hugetlb_range() and
 * show_smap_vma_flags().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "smaps.h"

static bool has(const struct vmwalk_vma *vma, unsigned int flag)
{
	return vma->flags & VMWALK_VMA_BIT(flag);
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

/*
 * Return true, with a mismatch in @check, if smaps has the field and it is not in
 * @least..@most.
 */
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

/*
 * Some kernels do not count poisoned pages in Rss, and some do not count inaccessible
 * huge pages: accept all combinations.
 */
static bool rss_differs(const struct vmwalk_account *account, const struct vmwalk_smaps *smaps,
			struct vmwalk_check *check)
{
	__u64 rss = smaps->value[VMWALK_SMAPS_RSS], most;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		most = account->resident - (i & 1 ? account->poisoned : 0) -
		       (i & 2 ? account->inaccessible_huge : 0);
		if (rss <= most && rss >= most - account->maybe_zero)
			return false;
	}
	return differs(smaps, VMWALK_SMAPS_RSS, account->resident, check);
}

/*
 * Compare a part of Rss. It has at most @known + @unknown bytes, and at least @known, of
 * which some kernels leave out the inaccessible huge pages.
 */
static bool part_differs(const struct vmwalk_account *account, const struct vmwalk_smaps *smaps,
			 unsigned int field, __u64 known, __u64 unknown,
			 struct vmwalk_check *check)
{
	__u64 left_out = account->inaccessible_huge;

	return outside(smaps, field, known > left_out ? known - left_out : 0, known + unknown,
		       check);
}

static bool resident_differs(const struct vmwalk_account *account, const struct vmwalk_vma *vma,
			     const struct vmwalk_smaps *smaps, struct vmwalk_check *check)
{
	/* Until 6.1, walk_page_vma() calls walk_page_test(), so smaps skips VM_PFNMAP. */
	if (has(vma, VMWALK_VMA_PF) && !smaps->value[VMWALK_SMAPS_RSS])
		return false;
	return rss_differs(account, smaps, check) ||
	       part_differs(account, smaps, VMWALK_SMAPS_ANONYMOUS, account->anon,
			    account->unknown + account->poisoned, check) ||
	       part_differs(account, smaps, VMWALK_SMAPS_ANON_HUGE, account->anon_huge,
			    account->unknown_huge, check) ||
	       part_differs(account, smaps, VMWALK_SMAPS_SHMEM_HUGE, account->shmem_huge,
			    account->unknown_huge, check) ||
	       part_differs(account, smaps, VMWALK_SMAPS_FILE_HUGE, account->file_huge,
			    account->unknown_huge, check);
}

static bool hugetlb_differs(const struct vmwalk_account *account,
			    const struct vmwalk_smaps *smaps, struct vmwalk_check *check)
{
	__u64 shared = smaps->value[VMWALK_SMAPS_SHARED_HUGETLB];
	__u64 all = shared + smaps->value[VMWALK_SMAPS_PRIVATE_HUGETLB];

	if (!(smaps->has & (1U << VMWALK_SMAPS_SHARED_HUGETLB)))
		return false;
	if (all != account->hugetlb && all != account->hugetlb - account->hugetlb_poisoned)
		return differs(smaps, VMWALK_SMAPS_PRIVATE_HUGETLB, account->hugetlb - shared,
			       check);
	return outside(smaps, VMWALK_SMAPS_SHARED_HUGETLB, account->hugetlb_shared,
		       account->hugetlb_shared + account->hugetlb_unsure, check);
}

/*
 * For shared memory, Swap includes pages of the file that are in swap but have no entry:
 * shmem_swap_usage(). Files of shared memory have a device with major number 0.
 */
static bool swap_differs(const struct vmwalk_account *account, const struct vmwalk_vma *vma,
			 const struct vmwalk_smaps *smaps, struct vmwalk_check *check)
{
	bool maybe_shmem = vma->traits & VMWALK_VMA_HAS_FILE && !vma->dev_major;

	return outside(smaps, VMWALK_SMAPS_SWAP, account->swap, maybe_shmem ? ~0ULL : account->swap,
		       check);
}

/* Return a mask of VMWALK_VMA_BIT(); ignore unknown words: newer kernels have more. */
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

void vmwalk_smaps_check(const struct vmwalk_account *account, const struct vmwalk_vma *vma,
			const struct vmwalk_smaps *smaps, struct vmwalk_check *check)
{
	/* Locked of a locked VMA is its Pss, which the module does not report. */
	bool unlocked = !has(vma, VMWALK_VMA_LO);

	if (account->incomplete)
		vmwalk_conclude(check, VMWALK_CHECK_RACED, "the entries could not be read");
	else if (!differs(smaps, VMWALK_SMAPS_SIZE, vma->end - vma->start, check) &&
		 !differs(smaps, VMWALK_SMAPS_PAGE_SIZE, 1ULL << (vma->page_shift & 63), check) &&
		 !differs(smaps, VMWALK_SMAPS_PKEY, vma->pkey, check) &&
		 !resident_differs(account, vma, smaps, check) &&
		 !hugetlb_differs(account, smaps, check) &&
		 !swap_differs(account, vma, smaps, check) &&
		 !(unlocked && differs(smaps, VMWALK_SMAPS_LOCKED, 0, check)) &&
		 !flags_differ(vma, smaps, check))
		vmwalk_agree(check);
}
