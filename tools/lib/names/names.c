// SPDX-License-Identifier: GPL-2.0
/* Scripts read these words: never change the meaning of one. */
#include <string.h>

#include "libvmwalk.h"
#include "name_of.h"

static const char * const level_names[] = {
	[VMWALK_LEVEL_PGD] = "PGD",
	[VMWALK_LEVEL_P4D] = "P4D",
	[VMWALK_LEVEL_PUD] = "PUD",
	[VMWALK_LEVEL_PMD] = "PMD",
	[VMWALK_LEVEL_PTE] = "PTE",
};

static const char * const class_names[] = {
	[VMWALK_CLASS_UNREAD] = "unread",
	[VMWALK_CLASS_NONE] = "none",
	[VMWALK_CLASS_TABLE] = "table",
	[VMWALK_CLASS_LEAF] = "leaf",
	[VMWALK_CLASS_FOLDED] = "folded",
	[VMWALK_CLASS_PROTNONE] = "protnone",
	[VMWALK_CLASS_NUMA_HINT] = "numa-hint",
	[VMWALK_CLASS_SWAP] = "swap",
	[VMWALK_CLASS_MIGRATION] = "migration",
	[VMWALK_CLASS_HWPOISON] = "hwpoison",
	[VMWALK_CLASS_DEVICE] = "device",
	[VMWALK_CLASS_MARKER] = "marker",
	[VMWALK_CLASS_UNKNOWN] = "unknown",
	[VMWALK_CLASS_CHANGED] = "changed",
};

static const char * const kind_names[] = {
	[VMWALK_KIND_NONE] = "none",
	[VMWALK_KIND_BASE] = "base",
	[VMWALK_KIND_THP] = "thp",
	[VMWALK_KIND_HUGETLB] = "hugetlb",
	[VMWALK_KIND_CONTIGUOUS] = "contiguous",
	[VMWALK_KIND_ZERO] = "zero",
	[VMWALK_KIND_HUGE_ZERO] = "huge-zero",
	[VMWALK_KIND_KSM] = "ksm",
	[VMWALK_KIND_PFNMAP] = "pfnmap",
	[VMWALK_KIND_CHANGED] = "changed",
};

const char *vmwalk_level_name(unsigned int level)
{
	return name_of(level_names, ARRAY_SIZE(level_names), level);
}

const char *vmwalk_class_name(unsigned int class)
{
	return name_of(class_names, ARRAY_SIZE(class_names), class);
}

bool vmwalk_page_maybe_shared(const struct vmwalk_page *page)
{
	if (page->traits & VMWALK_PAGE_AVERAGE)
		return page->traits & VMWALK_PAGE_MAYBE_SHARED;
	return page->mapcount > 1;
}

const char *vmwalk_kind_name(unsigned int kind)
{
	return name_of(kind_names, ARRAY_SIZE(kind_names), kind);
}

bool vmwalk_class_is_mapped(unsigned int class)
{
	return class == VMWALK_CLASS_LEAF || class == VMWALK_CLASS_PROTNONE ||
	       class == VMWALK_CLASS_NUMA_HINT;
}

static const char * const book_names[VMWALK_BOOK_ALL] = {
	"maps", "pagemap", "kpageflags", "kpagecount", "smaps", "pagemap-scan", "status",
	"stat",
};

const char *vmwalk_book_name(unsigned int book)
{
	return name_of(book_names, ARRAY_SIZE(book_names), book);
}

const char *vmwalk_result_name(unsigned int result)
{
	static const char * const names[] = { "unavailable", "ok", "raced", "mismatch" };

	return name_of(names, ARRAY_SIZE(names), result);
}

const struct vmwalk_word vmwalk_entry_words[] = {
	{ VMWALK_E_PRESENT,	"present" },
	{ VMWALK_E_READ,	"read" },
	{ VMWALK_E_WRITE,	"write" },
	{ VMWALK_E_USER,	"user" },
	{ VMWALK_E_ACCESSED,	"accessed" },
	{ VMWALK_E_DIRTY,	"dirty" },
	{ VMWALK_E_EXEC,	"exec" },
	{ VMWALK_E_GLOBAL,	"global" },
	{ VMWALK_E_HUGE,	"huge" },
	{ VMWALK_E_SOFTDIRTY,	"softdirty" },
	{ VMWALK_E_UFFDWP,	"uffdwp" },
	{ VMWALK_E_SPECIAL,	"special" },
	{ VMWALK_E_PROTNONE,	"protnone" },
	{ VMWALK_E_CONTIGUOUS,	"contiguous" },
	{ VMWALK_E_EXCLUSIVE,	"exclusive" },
	{ 0, NULL }
};

#define VMA_WORD(flag, word)	{ VMWALK_VMA_BIT(VMWALK_VMA_##flag), word }

const struct vmwalk_word vmwalk_vma_words[] = {
	VMA_WORD(RD, "rd"), VMA_WORD(WR, "wr"), VMA_WORD(EX, "ex"), VMA_WORD(SH, "sh"),
	VMA_WORD(MR, "mr"), VMA_WORD(MW, "mw"), VMA_WORD(ME, "me"), VMA_WORD(MS, "ms"),
	VMA_WORD(GD, "gd"), VMA_WORD(PF, "pf"), VMA_WORD(LO, "lo"), VMA_WORD(IO, "io"),
	VMA_WORD(SR, "sr"), VMA_WORD(RR, "rr"), VMA_WORD(DC, "dc"), VMA_WORD(DE, "de"),
	VMA_WORD(LF, "lf"), VMA_WORD(AC, "ac"), VMA_WORD(NR, "nr"), VMA_WORD(HT, "ht"),
	VMA_WORD(SF, "sf"), VMA_WORD(AR, "ar"), VMA_WORD(WF, "wf"), VMA_WORD(DD, "dd"),
	VMA_WORD(BT, "bt"), VMA_WORD(SD, "sd"), VMA_WORD(MM, "mm"), VMA_WORD(HG, "hg"),
	VMA_WORD(NH, "nh"), VMA_WORD(MG, "mg"), VMA_WORD(UM, "um"), VMA_WORD(UW, "uw"),
	VMA_WORD(MT, "mt"), VMA_WORD(UI, "ui"), VMA_WORD(SS, "ss"), VMA_WORD(DP, "dp"),
	VMA_WORD(SL, "sl"), VMA_WORD(GU, "gu"),
	{ 0, NULL }
};

/*
 * Numbers are from include/uapi/linux/kernel-page-flags.h and, from 32 on, from
 * include/linux/kernel-page-flags.h, which is not exported to user space. 47 is the
 * number that tools/mm/page-types.c, not the kernel, has for anonymous exclusive pages.
 */
const struct vmwalk_word vmwalk_page_words[] = {
	{ 1ULL << 0,	"locked" },		{ 1ULL << 1,	"error" },
	{ 1ULL << 2,	"referenced" },		{ 1ULL << 3,	"uptodate" },
	{ 1ULL << 4,	"dirty" },		{ 1ULL << 5,	"lru" },
	{ 1ULL << 6,	"active" },		{ 1ULL << 7,	"slab" },
	{ 1ULL << 8,	"writeback" },		{ 1ULL << 9,	"reclaim" },
	{ 1ULL << 10,	"buddy" },		{ 1ULL << 11,	"mmap" },
	{ 1ULL << 12,	"anonymous" },		{ 1ULL << 13,	"swapcache" },
	{ 1ULL << 14,	"swapbacked" },		{ 1ULL << 15,	"compound_head" },
	{ 1ULL << 16,	"compound_tail" },	{ 1ULL << 17,	"huge" },
	{ 1ULL << 18,	"unevictable" },	{ 1ULL << 19,	"hwpoison" },
	{ 1ULL << 20,	"nopage" },		{ 1ULL << 21,	"ksm" },
	{ 1ULL << 22,	"thp" },		{ 1ULL << 23,	"offline" },
	{ 1ULL << 24,	"zero_page" },		{ 1ULL << 25,	"idle_page" },
	{ 1ULL << 26,	"pgtable" },		{ 1ULL << 32,	"reserved" },
	{ 1ULL << 33,	"mlocked" },		{ 1ULL << 34,	"mappedtodisk" },
	{ 1ULL << 35,	"private" },		{ 1ULL << 36,	"private_2" },
	{ 1ULL << 37,	"owner_private" },	{ 1ULL << 38,	"arch" },
	{ 1ULL << 39,	"uncached" },		{ 1ULL << 40,	"softdirty" },
	{ 1ULL << 41,	"arch_2" },		{ 1ULL << 42,	"arch_3" },
	{ 1ULL << 47,	"anon_exclusive" },
	{ 0, NULL }
};

__u64 vmwalk_page_flags(__u64 kpageflags)
{
	static const __u64 anonymous = 1ULL << 12, mappedtodisk = 1ULL << 34;

	if (kpageflags & anonymous && kpageflags & mappedtodisk)
		kpageflags ^= mappedtodisk | 1ULL << 47;
	return kpageflags;
}

const struct vmwalk_word vmwalk_marker_words[] = {
	{ VMWALK_MARKER_UFFD_WP,	"uffdwp" },
	{ VMWALK_MARKER_POISON,		"poison" },
	{ VMWALK_MARKER_GUARD,		"guard" },
	{ VMWALK_MARKER_UNKNOWN,	"unknown" },
	{ 0, NULL }
};

const struct vmwalk_word vmwalk_feature_words[] = {
	{ VMWALK_FEATURE_ROOT_SHADOW,		"root-shadow" },
	{ VMWALK_FEATURE_SOFTDIRTY,		"softdirty" },
	{ VMWALK_FEATURE_UFFDWP,		"uffdwp" },
	{ VMWALK_FEATURE_THP,			"thp" },
	{ VMWALK_FEATURE_HUGETLB,		"hugetlb" },
	{ VMWALK_FEATURE_NUMA_HINT,		"numa-hint" },
	{ VMWALK_FEATURE_GUARD,			"guard" },
	{ VMWALK_FEATURE_FOLIO_KPAGEFLAGS,	"folio-kpageflags" },
	{ VMWALK_FEATURE_LPA2,			"lpa2" },
	{ VMWALK_FEATURE_PRESENT_INVALID,	"present-invalid" },
	{ VMWALK_FEATURE_SVNAPOT,		"svnapot" },
	{ VMWALK_FEATURE_SVPBMT,		"svpbmt" },
	{ VMWALK_FEATURE_WATCH,			"watch" },
	{ 0, NULL }
};

const struct vmwalk_word vmwalk_redacted_words[] = {
	{ VMWALK_REDACTED_TABLES,	"tables" },
	{ VMWALK_REDACTED_PFN,		"pfn" },
	{ VMWALK_REDACTED_SWAP,		"swap" },
	{ VMWALK_REDACTED_PAGE,		"page" },
	{ VMWALK_REDACTED_SYMBOLS,	"symbols" },
	{ 0, NULL }
};

const struct vmwalk_word vmwalk_walk_words[] = {
	{ VMWALK_WALK_NAME,	"name" },
	{ VMWALK_WALK_OPS,	"ops" },
	{ VMWALK_WALK_PROCESS,	"process" },
	{ VMWALK_WALK_KERNEL,	"kernel" },
	{ VMWALK_WALK_SHADOW,	"shadow" },
	{ 0, NULL }
};

static char *append(char *at, const char *last, const char *text)
{
	while (*text && at < last)
		*at++ = *text++;
	return at;
}

char *vmwalk_words_join(char *buf, size_t size, const struct vmwalk_word *words,
			__u64 mask, const char *between)
{
	char *at = buf, *last = buf + size - 1;

	for (; words->mask; words++) {
		if (!(mask & words->mask))
			continue;
		if (at > buf)
			at = append(at, last, between);
		at = append(at, last, words->word);
	}
	*at = '\0';
	return buf;
}
