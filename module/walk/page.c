// SPDX-License-Identifier: GPL-2.0
/*
 * Describe one physical page from a copy of its struct pages.
 *
 * Lock rule: RCU while the copy is made. pfn_to_online_page() finds no page of a section
 * that went offline, and the MEM_OFFLINE notifier, which runs before a memmap is freed,
 * waits for us in synchronize_rcu(). The lock of a table pins the folios that its normal
 * entries map. A caller without it must expect that the page is freed and reused while it
 * is copied: the head is looked up again after the copy, and the caller reads the entry
 * again.
 */
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>

#include "compat/compat.h"
#include "walk.h"

#define COPY_TRIES	5

static int memory_event(struct notifier_block *nb, unsigned long action, void *arg)
{
	if (action == MEM_OFFLINE)
		synchronize_rcu();
	return NOTIFY_OK;
}

static struct notifier_block memory_notifier = {
	.notifier_call = memory_event,
};

/**
 * vmwalk_page_init() - keep memory maps from being freed under a reader
 *
 * Return: 0 or an error of register_memory_notifier().
 */
int vmwalk_page_init(void)
{
	return register_memory_notifier(&memory_notifier);
}

void vmwalk_page_exit(void)
{
	unregister_memory_notifier(&memory_notifier);
}

/* memcpy() could tear a word that another CPU is writing. */
static void copy_struct_page(struct page *to, const struct page *from)
{
	const unsigned long *src = (const unsigned long *)from;
	unsigned long *dst = (unsigned long *)to;
	int i;

	BUILD_BUG_ON(sizeof(struct page) % sizeof(unsigned long));
#pragma GCC unroll 8
	for (i = 0; i < sizeof(struct page) / sizeof(unsigned long); i++)
		dst[i] = READ_ONCE(src[i]);
}

/*
 * The order may be that of a folio that no longer exists. A folio is aligned to its
 * size and a section holds whole aligned blocks, so alignment alone guarantees that the
 * next struct pages exist. @count is at most PTRS_PER_PTE, not more than a section.
 */
static bool has_struct_pages(unsigned long pfn, unsigned long count)
{
	return IS_ALIGNED(pfn, count);
}

/* Return false for an inconsistent copy, as while a folio is made, split or freed. */
static bool copy_folio(struct vmwalk_page_copy *copy, struct page *head,
		       unsigned long head_pfn)
{
	unsigned long pages;

	copy_struct_page(&copy->pages[0], head);
	if (vmwalk_page_is_tail(&copy->pages[0]))
		return false;
	if (!folio_test_large(&copy->folio))
		return copy->index == 0;
	if (!has_struct_pages(head_pfn, 2))
		return false;
	copy_struct_page(&copy->pages[1], head + 1);
	pages = BIT(folio_order(&copy->folio) & (BITS_PER_LONG - 1));
	if (pages <= PTRS_PER_PTE && has_struct_pages(head_pfn, pages))
		copy->part_mapped = vmwalk_parts_mapped(head, pages);
	return copy->index < pages;
}

static void copy_own(struct vmwalk_page_copy *copy, const struct page *head,
		     const struct page *page)
{
	copy->page = &copy->pages[0];
	if (head == page)
		return;
	copy->page = &copy->tail;
	copy_struct_page(&copy->tail, page);
}

static bool copy_once(struct vmwalk_page_copy *copy, struct page *page)
{
	struct page *head = compound_head(page);
	unsigned long head_pfn;

	if (head > page)
		return false;
	head_pfn = page_to_pfn(head);
	if (head_pfn > copy->pfn ||
	    (head != page && pfn_to_online_page(head_pfn) != head))
		return false;
	copy->index = copy->pfn - head_pfn;
	copy->part_mapped = false;
	if (!copy_folio(copy, head, head_pfn))
		return false;
	copy_own(copy, head, page);
	return compound_head(page) == head;
}

/* Return 0, -ENXIO if no struct page is online, or -EAGAIN if no copy was consistent. */
static int copy_page_state(struct vmwalk_page_copy *copy, unsigned long pfn)
{
	struct page *page;
	int tries, err = -EAGAIN;

	copy->pfn = pfn;
	copy->huge_zero = false;
	rcu_read_lock();
	page = pfn_to_online_page(pfn);
	if (!page)
		err = -ENXIO;
	for (tries = 0; page && tries < COPY_TRIES; tries++) {
		if (copy_once(copy, page)) {
			err = 0;
			break;
		}
		cpu_relax();
	}
	rcu_read_unlock();
	return err;
}

/*
 * As copy_page_state() for a page that is pinned, which keeps its folio, and the section of
 * both online.
 */
static bool copy_pinned(struct vmwalk_page_copy *copy, unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn), *head = compound_head(page);

	copy->pfn = pfn;
	copy->index = page - head;
	copy->huge_zero = false;
	copy->part_mapped = false;
	if (!copy_folio(copy, head, pfn - copy->index))
		return false;
	copy_own(copy, head, page);
	return true;
}

/* Unrolled, so that the compiler turns each line into a shift and a mask. */
static u64 copied_flags(unsigned long word)
{
	u64 flags = vmwalk_kpf_by_version(word);

#define COPY(pg, kpf)	(flags |= (u64)((word >> (pg)) & 1) << (kpf))
	COPY(PG_locked, KPF_LOCKED);
	COPY(PG_dirty, KPF_DIRTY);
	COPY(PG_uptodate, KPF_UPTODATE);
	COPY(PG_writeback, KPF_WRITEBACK);
	COPY(PG_lru, KPF_LRU);
	COPY(PG_referenced, KPF_REFERENCED);
	COPY(PG_active, KPF_ACTIVE);
	COPY(PG_reclaim, KPF_RECLAIM);
	COPY(PG_swapbacked, KPF_SWAPBACKED);
	COPY(PG_unevictable, KPF_UNEVICTABLE);
	COPY(PG_mlocked, KPF_MLOCKED);
	COPY(PG_reserved, KPF_RESERVED);
	COPY(PG_private, KPF_PRIVATE);
	COPY(PG_private_2, KPF_PRIVATE_2);
	COPY(PG_owner_priv_1, KPF_OWNER_PRIVATE);
	COPY(PG_arch_1, KPF_ARCH);
#undef COPY
	return flags;
}

static u64 size_flags(struct vmwalk_page_copy *copy)
{
	u64 flags = 0;

	if (folio_test_large(&copy->folio))
		flags |= copy->index ? BIT_ULL(KPF_COMPOUND_TAIL) : BIT_ULL(KPF_COMPOUND_HEAD);
	if (vmwalk_copy_is_hugetlb(copy))
		flags |= BIT_ULL(KPF_HUGE);
	else if (vmwalk_copy_is_thp(copy))
		flags |= BIT_ULL(KPF_THP);
	else if (copy->huge_zero)
		flags |= BIT_ULL(KPF_THP) | BIT_ULL(KPF_ZERO_PAGE);
	else if (is_zero_pfn(copy->pfn))
		flags |= BIT_ULL(KPF_ZERO_PAGE);
	return flags;
}

static u64 pseudo_flags(struct vmwalk_page_copy *copy)
{
	struct folio *folio = &copy->folio;
	u64 flags = size_flags(copy);

	if (vmwalk_copy_is_mapped(copy))
		flags |= BIT_ULL(KPF_MMAP);
	if (folio_test_anon(folio))
		flags |= BIT_ULL(KPF_ANON);
	if (folio_test_ksm(folio))
		flags |= BIT_ULL(KPF_KSM);
	if (folio_test_slab(folio))
		flags |= BIT_ULL(KPF_SLAB);
	if (PageOffline(copy->page))
		flags |= BIT_ULL(KPF_OFFLINE);
	if (PageTable(copy->page))
		flags |= BIT_ULL(KPF_PGTABLE);
	if (folio_test_swapcache(folio))
		flags |= BIT_ULL(KPF_SWAPCACHE);
	if (folio_test_idle(folio))
		flags |= BIT_ULL(KPF_IDLE);
	return flags;
}

static u64 poison_flag(unsigned long word)
{
	return word & VMWALK_PG_HWPOISON_MASK ? BIT_ULL(KPF_HWPOISON) : 0;
}

static void fill_flags(struct vmwalk_page *out, struct vmwalk_page_copy *copy)
{
	unsigned long own = vmwalk_page_flags(copy->page);
	unsigned long folio = vmwalk_page_flags(&copy->pages[0]);
	u64 pseudo = pseudo_flags(copy);
	u64 poison = poison_flag(vmwalk_copy_is_hugetlb(copy) ? folio : own);

	out->flags = copied_flags(folio) | pseudo | poison;
	if (VMWALK_COMPAT_KPAGEFLAGS)
		out->kpageflags = out->flags;
	else
		out->kpageflags = copied_flags(own) | pseudo | poison_flag(own);
}

/* Slab pages, and typed ones but hugetlb, use the word of the mapping otherwise. */
static bool has_mapping(struct vmwalk_page_copy *copy)
{
	if (folio_test_slab(&copy->folio))
		return false;
	if (vmwalk_copy_has_type(&copy->pages[0]) && !vmwalk_copy_is_hugetlb(copy))
		return false;
	return copy->folio.mapping;
}

static u32 traits_of(struct vmwalk_page_copy *copy, bool exclusive_at_head)
{
	const struct page *page = copy->page;
	u32 traits = VMWALK_PAGE_ANON;

	if (!has_mapping(copy))
		return 0;
	/* Only an address_space has both low bits of the pointer clear. */
	if (!folio_test_anon(&copy->folio))
		return (unsigned long)copy->folio.mapping & 3 ? 0 : VMWALK_PAGE_MAPPING;
	if (folio_test_ksm(&copy->folio))
		return traits | VMWALK_PAGE_KSM;
	if (exclusive_at_head || vmwalk_copy_is_hugetlb(copy))
		page = &copy->pages[0];
	if (vmwalk_page_flags(page) & BIT(PG_anon_exclusive))
		traits |= VMWALK_PAGE_EXCLUSIVE;
	return traits;
}

/*
 * The memo is compared only with pages of last-level entries (vmwalk_entry_pinned()).
 */
static void remember(struct vmwalk_page_memo *memo, bool exclusive_at_head)
{
	struct vmwalk_page_copy *copy = &memo->copy;
	int own = atomic_read(&copy->page->_mapcount) + 1;

	/*
	 * If own is not above 0, the page is not mapped by itself or not counted
	 * (CONFIG_NO_PAGE_MAPCOUNT), or the word holds a page type.
	 */
	memo->valid = own > 0 && !exclusive_at_head && !copy->huge_zero &&
		      !vmwalk_copy_is_hugetlb(copy);
	memo->word = vmwalk_page_flags(copy->page);
	memo->folio = NULL;
	if (folio_test_large(&copy->folio))
		memo->folio = (struct folio *)pfn_to_page(copy->pfn - copy->index);
	memo->mapping = (unsigned long)copy->folio.mapping;
	/*
	 * If a low bit is set, as in anonymous pages, the two low bits alone decide the
	 * traits: the rest points to the anon_vma or KSM node. Otherwise all bits count,
	 * since 0 is no mapping.
	 */
	memo->mapping_mask = memo->mapping & 3 ? 3 : ~0UL;
	memo->entire = memo->page.mapcount - own;
}

static __always_inline void describe(struct vmwalk_page *page, struct vmwalk_page_copy *copy,
				     const bool exclusive_at_head)
{
	*page = (struct vmwalk_page) {
		.head_pfn = copy->pfn - copy->index,
		.order = folio_order(&copy->folio),
		.refcount = folio_ref_count(&copy->folio),
		.mapcount = vmwalk_copy_mapcount(copy),
		.node = folio_nid(&copy->folio),
		.traits = traits_of(copy, exclusive_at_head),
	};
	if (page->traits)
		page->index = vmwalk_copy_index(copy);
	page->traits |= vmwalk_copy_count_traits(copy);
	fill_flags(page, copy);
}

static int read_copy(struct vmwalk_page_copy *copy, struct vmwalk_page *page,
		     unsigned long pfn, bool huge_zero, bool exclusive_at_head)
{
	int err = copy_page_state(copy, pfn);

	if (err)
		return err;
	if (huge_zero && !folio_test_anon(&copy->folio) && !copy->folio.mapping)
		copy->huge_zero = true;
	describe(page, copy, exclusive_at_head);
	return 0;
}

/**
 * vmwalk_page_read() - describe a physical page
 * @page: filled
 * @pfn: the page; any number is safe
 * @huge_zero: the entry may map the huge zero folio, for which no symbol is exported to
 *	modules: a page without a mapping is then taken for it
 * @exclusive_at_head: an entry above the last level maps the page, so PG_anon_exclusive
 *	is that of the head
 *
 * Source: stable_page_flags() in fs/proc/page.c, and /proc/kpagecount.
 * Return: 0; -ENXIO if @pfn has no online struct page; -EAGAIN if it kept changing.
 */
int vmwalk_page_read(struct vmwalk_page *page, unsigned long pfn, bool huge_zero,
		     bool exclusive_at_head)
{
	struct vmwalk_page_copy copy __uninitialized;

	return read_copy(&copy, page, pfn, huge_zero, exclusive_at_head);
}

/**
 * vmwalk_page_read_pinned() - describe a physical page that cannot be freed
 * @page: filled
 * @pfn: the page: the frame of an entry of the last level, for which
 *	vmwalk_entry_pinned() is not 0
 *
 * Memory of a device (from 6.15, DAX has plain entries, too) is never online: it has no
 * page here, as in /proc/kpageflags.
 *
 * Context: The lock of the table is held.
 * Return: as vmwalk_page_read().
 */
int vmwalk_page_read_pinned(struct vmwalk_page *page, unsigned long pfn)
{
	struct vmwalk_page_copy copy __uninitialized;

	if (is_zone_device_page(pfn_to_page(pfn)))
		return -ENXIO;
	/* The folio may be changing in a way that does not free it. */
	if (!copy_pinned(&copy, pfn))
		return vmwalk_page_read(page, pfn, false, false);
	describe(page, &copy, false);
	return 0;
}

/**
 * vmwalk_page_read_memo() - describe a physical page that others may resemble
 * @memo: filled; valid only if such pages can be told by it
 * @pfn: the page; any number is safe
 * @huge_zero: the entry may map the huge zero folio, for which no symbol is exported to
 *	modules: a page without a mapping is then taken for it
 * @exclusive_at_head: an entry above the last level maps the page, so PG_anon_exclusive
 *	is that of the head
 *
 * Return: as vmwalk_page_read().
 */
int vmwalk_page_read_memo(struct vmwalk_page_memo *memo, unsigned long pfn, bool huge_zero,
			  bool exclusive_at_head)
{
	int err = read_copy(&memo->copy, &memo->page, pfn, huge_zero, exclusive_at_head);

	memo->valid = false;
	if (!err)
		remember(memo, exclusive_at_head);
	return err;
}

/**
 * vmwalk_page_flags_from() - translate another flags word of pages like the one that was
 * read
 * @memo: the page that was read; @page.flags and @page.kpageflags are set
 * @word: flags of a page that is like it in PAGE_SHAPE (span.c), or those of several
 *	pages, joined by AND or by OR
 */
void vmwalk_page_flags_from(struct vmwalk_page_memo *memo, unsigned long word)
{
	vmwalk_page_set_flags(memo->copy.page, word);
	/* The flags of a larger folio are read once for all its pages. */
	if (!memo->folio)
		vmwalk_page_set_flags(&memo->copy.pages[0], word);
	fill_flags(&memo->page, &memo->copy);
}
