// SPDX-License-Identifier: GPL-2.0
/*
 * No I/O. A fact that neither the walk nor its context determines is assumed, or stays
 * unknown: the decision tree then follows both branches.
 */
#include <string.h>

#include "libvmwalk.h"

#define KPF_LRU		(1ULL << 5)
#define KPF_SWAPCACHE	(1ULL << 13)
#define GUARD_PAGES	256		/* pages: default of stack_guard_gap= */
#define UFFD_SIGBUS	(1ULL << 7)
/* UFFD_FEATURE_WP_ASYNC: not in headers before 6.7 */
#define UFFD_WP_ASYNC	(1ULL << 15)

struct about {
	const struct vmwalk_caps *caps;
	const struct vmwalk_address *walk;
	const struct vmwalk_around *around;	/* all zero if not known */
	unsigned int access;	/* enum vmwalk_access */
	__u64 vma;	/* flags of the VMA; in a hole, of the next VMA, which may grow */
	bool in_vma;
	const struct vmwalk_entry *entry;	/* lowest one reached; NULL: none read */
	unsigned int type;	/* enum vmwalk_class of @entry; UNREAD if it is NULL */
	struct vmwalk_facts *facts;
};

static void set(const struct about *about, enum vmwalk_fact fact, bool yes)
{
	vmwalk_facts_set(about->facts, fact, yes);
}

static bool has(const struct about *about, unsigned int flag)
{
	return about->vma & VMWALK_VMA_BIT(flag);
}

static bool is_write(const struct about *about)
{
	return about->access == VMWALK_ACCESS_WRITE;
}

static bool is_jump(const struct about *about)
{
	return about->access == VMWALK_ACCESS_EXEC;
}

/*
 * The rights for a key are per thread (PKRU on x86), and /proc does not show them. On
 * x86, instruction fetches ignore keys, and an execute-only VMA gets a key that forbids
 * reads and writes (__execute_only_pkey() of arch/x86/mm/pkeys.c): assume that the thread
 * did not change that.
 */
static void set_key(const struct about *about)
{
	bool jump_passes = is_jump(about) && about->caps->arch == VMWALK_ARCH_X86_64;

	if (!about->in_vma || !about->walk->vma.pkey || jump_passes)
		set(about, VMWALK_FACT_KEY_FORBIDS, false);
	else if (about->caps->arch == VMWALK_ARCH_X86_64 && has(about, VMWALK_VMA_EX) &&
		 !has(about, VMWALK_VMA_RD) && !has(about, VMWALK_VMA_WR))
		vmwalk_facts_assume(about->facts, VMWALK_FACT_KEY_FORBIDS, true);
}

/* A shadow stack rejects ordinary writes, even if its entry has VMWALK_E_WRITE. */
static void set_permission(const struct about *about)
{
	static const __u8 rights[] = { VMWALK_PERM_R, VMWALK_PERM_W, VMWALK_PERM_X };
	__u32 needs = VMWALK_E_ACCESSED | (is_write(about) ? VMWALK_E_DIRTY : 0);
	bool permitted = about->type == VMWALK_CLASS_LEAF &&
			 about->walk->call.effective & rights[about->access] &&
			 !(is_write(about) && has(about, VMWALK_VMA_SS));

	set(about, VMWALK_FACT_WRITE, is_write(about));
	set(about, VMWALK_FACT_JUMP, is_jump(about));
	set(about, VMWALK_FACT_FAULTED, false);
	set(about, VMWALK_FACT_X86, about->caps->arch == VMWALK_ARCH_X86_64);
	set(about, VMWALK_FACT_PERMITTED, permitted);
	/*
	 * Other processors than those of x86 may fault instead of setting the accessed
	 * and dirty bits.
	 */
	if (about->caps->arch == VMWALK_ARCH_X86_64 ||
	    (permitted && (about->entry->flags & needs) == needs))
		set(about, VMWALK_FACT_FLAGS_SET, true);
	set_key(about);
}

/* The conditions of expand_downwards() and acct_stack_growth() */
static void set_growth(const struct about *about)
{
	const struct vmwalk_address *walk = about->walk;
	const struct vmwalk_around *around = about->around;
	__u64 page = walk->call.address & ~((__u64)about->caps->page_size - 1);
	__u64 gap = around->guard_gap ?: (__u64)GUARD_PAGES * about->caps->page_size;
	const __u64 access = VMWALK_VMA_BIT(VMWALK_VMA_RD) | VMWALK_VMA_BIT(VMWALK_VMA_WR) |
			     VMWALK_VMA_BIT(VMWALK_VMA_EX);
	bool guarded = walk->call.got & VMWALK_GOT_PREV && walk->call.prev_flags & access &&
		       !(walk->call.prev_flags & VMWALK_VMA_BIT(VMWALK_VMA_GD));

	set(about, VMWALK_FACT_IN_VMA, about->in_vma);
	if (about->in_vma)
		return;
	set(about, VMWALK_FACT_NEXT_GROWS, walk->call.got & VMWALK_GOT_NEXT &&
	    has(about, VMWALK_VMA_GD));
	set(about, VMWALK_FACT_GAP_KEPT, !guarded || page - walk->call.prev_end >= gap);
	if (around->got & VMWALK_AROUND_MIN_ADDRESS)
		set(about, VMWALK_FACT_ABOVE_MIN, page >= around->min_address);
	if (around->got & VMWALK_AROUND_STACK_LIMIT)
		set(about, VMWALK_FACT_IN_LIMIT, walk->call.next_end - page <= around->stack_limit);
}

/* access_error() of x86: a read or fetch that faulted on a present page is an error. */
static bool x86_allows(const struct about *about)
{
	if (about->type == VMWALK_CLASS_LEAF)
		return false;
	return has(about, VMWALK_VMA_RD) || has(about, VMWALK_VMA_WR) ||
	       has(about, VMWALK_VMA_EX);
}

/*
 * VM_READ, VM_WRITE and VM_EXEC are checked as in access_error() of x86 and riscv and in
 * do_page_fault() of arm64. All refuse a store to a shadow stack: x86 there, arm64 in
 * is_invalid_gcs_access(), and riscv by an access fault, which comes after a page fault
 * if the entry was empty.
 */
static void set_rights(const struct about *about)
{
	bool allows;

	if (is_write(about))
		allows = has(about, VMWALK_VMA_WR) && !has(about, VMWALK_VMA_SS);
	else if (about->caps->arch == VMWALK_ARCH_X86_64)
		allows = x86_allows(about);
	else if (is_jump(about))
		allows = has(about, VMWALK_VMA_EX);
	else
		allows = has(about, VMWALK_VMA_RD) || has(about, VMWALK_VMA_WR);
	/*
	 * On arm64, only FEAT_PAN3 makes execute-only memory unreadable: without knowing
	 * the processor, whether a read passes stays unknown.
	 */
	if (about->caps->arch != VMWALK_ARCH_ARM64 || is_write(about) || is_jump(about) ||
	    allows || !has(about, VMWALK_VMA_EX))
		set(about, VMWALK_FACT_VMA_ALLOWS, allows);
	set(about, VMWALK_FACT_VMA_EXEC, has(about, VMWALK_VMA_EX));
	set(about, VMWALK_FACT_HUGETLB, has(about, VMWALK_VMA_HT));
	set(about, VMWALK_FACT_SHARED, has(about, VMWALK_VMA_SH));
	/*
	 * Only anonymous VMAs can have VM_GROWSDOWN: one that grows into the hole is
	 * anonymous.
	 */
	set(about, VMWALK_FACT_ANON_VMA, !about->in_vma ||
	    about->walk->vma.traits & VMWALK_VMA_IS_ANON);
	set(about, VMWALK_FACT_UFFD_MISSING, has(about, VMWALK_VMA_UM));
	set(about, VMWALK_FACT_UFFD_MINOR, has(about, VMWALK_VMA_UI));
	set(about, VMWALK_FACT_UFFD_WP, has(about, VMWALK_VMA_UW));
	if (about->around->got & VMWALK_AROUND_UFFD) {
		set(about, VMWALK_FACT_UFFD_SIGBUS, about->around->uffd_features & UFFD_SIGBUS);
		set(about, VMWALK_FACT_UFFD_ASYNC,
		    about->around->uffd_features & UFFD_WP_ASYNC);
	}
}

/*
 * From 6.18 on, a process can also have forbidden all huge pages but those it has advised
 * (PR_THP_DISABLE_EXCEPT_ADVISED), which no file of /proc tells.
 */
static void set_thp_forbidden(const struct about *about, bool advised)
{
	const struct vmwalk_around *around = about->around;
	bool forbidden = has(about, VMWALK_VMA_NH) || around->thp_disabled;

	if (!has(about, VMWALK_VMA_NH) && !(around->got & VMWALK_AROUND_THP_PROCESS))
		return;
	if (forbidden || advised || around->kernel < VMWALK_KERNEL(6, 18))
		set(about, VMWALK_FACT_THP_FORBIDDEN, forbidden);
	else
		vmwalk_facts_assume(about->facts, VMWALK_FACT_THP_FORBIDDEN, false);
}

/*
 * The conditions of thp_vma_allowable_orders() of include/linux/huge_mm.h, for PMD order
 */
static void set_thp_rules(const struct about *about)
{
	const struct vmwalk_around *around = about->around;
	bool exists = about->caps->features & VMWALK_FEATURE_THP;
	bool advised = has(about, VMWALK_VMA_HG);

	if (!exists || around->got & VMWALK_AROUND_THP)
		set(about, VMWALK_FACT_THP_ENABLED, exists && around->thp != VMWALK_THP_NEVER);
	if (advised || around->got & VMWALK_AROUND_THP)
		set(about, VMWALK_FACT_THP_WANTED, advised ||
		    around->thp == VMWALK_THP_ALWAYS);
	set_thp_forbidden(about, advised);
}

static void set_thp(const struct about *about)
{
	const struct vmwalk_address *walk = about->walk;
	unsigned int shift = about->caps->level[VMWALK_LEVEL_PMD].shift & 63;
	__u64 huge = 1ULL << shift, start = walk->call.address & ~(huge - 1);

	/* Assume that a stack never grows by enough for a huge page. */
	set(about, VMWALK_FACT_PMD_EMPTY, about->in_vma && about->type == VMWALK_CLASS_NONE &&
	    walk->call.leaf_level < VMWALK_LEVEL_PTE);
	set(about, VMWALK_FACT_THP_FITS, about->in_vma && shift && walk->vma.start <= start &&
	    walk->vma.end - start >= huge && walk->vma.end > start);
	if (about->around->got & VMWALK_AROUND_THP_ZERO)
		set(about, VMWALK_FACT_THP_ZERO, about->around->thp_zero);
	set_thp_rules(about);
	vmwalk_facts_assume(about->facts, VMWALK_FACT_THP_FREE, true);
}

/*
 * A VMA with a reservation needs no unreserved page, unless fork() copied it. A page that
 * the pool has may still be one that the cgroup of the task (hugetlb.SIZE.max), its memory
 * policy or its cpuset does not let it have: that is assumed.
 */
static void set_pool(const struct about *about)
{
	const struct vmwalk_around *around = about->around;

	if (around->got & VMWALK_AROUND_POOL && !around->pool_free && has(about, VMWALK_VMA_NR))
		set(about, VMWALK_FACT_POOL_FREE, false);
	vmwalk_facts_assume(about->facts, VMWALK_FACT_POOL_FREE, true);
}

static void set_entry(const struct about *about)
{
	const struct vmwalk_address *walk = about->walk;
	__u32 flags = about->entry ? about->entry->flags : 0;
	__u32 marker = walk->call.got & VMWALK_GOT_MARKER ? walk->call.marker : 0;

	set(about, VMWALK_FACT_HUGE_ENTRY,
	    about->entry && walk->call.leaf_level < VMWALK_LEVEL_PTE &&
	    about->type != VMWALK_CLASS_NONE && about->type != VMWALK_CLASS_CHANGED);
	/*
	 * If a stack grows into the hole, the new part of its VMA has an empty entry
	 * here.
	 */
	set(about, VMWALK_FACT_ENTRY_NONE, !about->in_vma || about->type == VMWALK_CLASS_NONE);
	set(about, VMWALK_FACT_ENTRY_SWAP, about->type == VMWALK_CLASS_SWAP);
	set(about, VMWALK_FACT_ENTRY_MIGRATION, about->type == VMWALK_CLASS_MIGRATION);
	set(about, VMWALK_FACT_ENTRY_POISON, about->type == VMWALK_CLASS_HWPOISON);
	set(about, VMWALK_FACT_ENTRY_DEVICE, about->type == VMWALK_CLASS_DEVICE);
	set(about, VMWALK_FACT_ENTRY_MARKER, about->type == VMWALK_CLASS_MARKER);
	set(about, VMWALK_FACT_ENTRY_HINT, about->type == VMWALK_CLASS_NUMA_HINT);
	set(about, VMWALK_FACT_ENTRY_WRITE,
	    vmwalk_class_is_mapped(about->type) && flags & VMWALK_E_WRITE);
	set(about, VMWALK_FACT_ENTRY_KNOWN, vmwalk_class_is_mapped(about->type));
	set(about, VMWALK_FACT_UFFD_PROTECTED, flags & VMWALK_E_UFFDWP ||
	    marker & VMWALK_MARKER_UFFD_WP);
	set(about, VMWALK_FACT_MARKER_POISON, marker & VMWALK_MARKER_POISON);
	set(about, VMWALK_FACT_MARKER_GUARD, marker & VMWALK_MARKER_GUARD);
	/*
	 * A PTE shows if it maps the zero page. At upper levels only the page shows if it
	 * is the huge zero page, and a page that kept changing does not.
	 */
	if (walk->call.kind != VMWALK_KIND_CHANGED || walk->call.leaf_level == VMWALK_LEVEL_PTE)
		set(about, VMWALK_FACT_ZERO_PAGE, walk->call.kind == VMWALK_KIND_ZERO ||
		    walk->call.kind == VMWALK_KIND_HUGE_ZERO);
	set(about, VMWALK_FACT_STRUCT_PAGE, walk->call.kind != VMWALK_KIND_PFNMAP);
	if (!about->facts->kernel)
		return;
	set(about, VMWALK_FACT_POISON_HARDWARE, about->facts->kernel >= VMWALK_KERNEL(6, 6));
	set(about, VMWALK_FACT_ZERO_TO_HUGE, about->facts->kernel >= VMWALK_KERNEL(6, 13));
}

/* The conditions of do_huge_pmd_wp_page() and __wp_can_reuse_large_anon_folio() */
static void set_alone_large(const struct about *about)
{
	const struct vmwalk_page *page = &about->walk->page;

	if (about->walk->call.leaf_level < VMWALK_LEVEL_PTE && page->refcount == 1)
		set(about, VMWALK_FACT_ALONE, true);
	else if (vmwalk_page_maybe_shared(page) ||
		 (about->facts->kernel && about->facts->kernel < VMWALK_KERNEL(6, 15)))
		set(about, VMWALK_FACT_ALONE, false);
}

/*
 * wp_can_reuse_anon_folio(): the only other references may be from the LRU batches and
 * the swap cache, and the swap slot must have no other user.
 */
static void set_alone(const struct about *about)
{
	const struct vmwalk_page *page = &about->walk->page;
	bool cached = page->flags & KPF_SWAPCACHE;

	if (page->order)
		set_alone_large(about);
	else if (page->refcount == 1)
		set(about, VMWALK_FACT_ALONE, true);
	else if (page->refcount > 3 || page->mapcount > 1 ||
		 (page->flags & KPF_LRU && page->refcount > 1U + cached))
		set(about, VMWALK_FACT_ALONE, false);
}

static void hide_page(const struct about *about, bool anon_known)
{
	static const enum vmwalk_fact facts[] = {
		VMWALK_FACT_EXCLUSIVE, VMWALK_FACT_KSM, VMWALK_FACT_ALONE,
		VMWALK_FACT_MAPPED_ONCE, VMWALK_FACT_PAGE_ANON,
	};
	size_t i, nr = sizeof(facts) / sizeof(facts[0]) - anon_known;

	for (i = 0; i < nr && about->walk->call.redacted & VMWALK_REDACTED_PAGE; i++)
		vmwalk_facts_hide(about->facts, facts[i]);
}

/* Valid even if the page was not read: every KSM page is anonymous and not exclusive. */
static void set_ksm(const struct about *about)
{
	set(about, VMWALK_FACT_PAGE_ANON, true);
	set(about, VMWALK_FACT_EXCLUSIVE, false);
	set(about, VMWALK_FACT_KSM, true);
}

static void set_page(const struct about *about)
{
	const struct vmwalk_address *walk = about->walk;
	const struct vmwalk_page *page = &walk->page;
	bool only_anon = !about->in_vma || walk->vma.traits & VMWALK_VMA_IS_ANON;
	bool anon_known = only_anon || has(about, VMWALK_VMA_MS);

	if (!(walk->call.got & VMWALK_GOT_PAGE)) {
		hide_page(about, anon_known);
		if (anon_known)
			set(about, VMWALK_FACT_PAGE_ANON, only_anon);
		if (walk->call.kind == VMWALK_KIND_KSM)
			set_ksm(about);
		return;
	}
	set(about, VMWALK_FACT_PAGE_ANON, page->traits & VMWALK_PAGE_ANON);
	set(about, VMWALK_FACT_EXCLUSIVE, page->traits & VMWALK_PAGE_EXCLUSIVE);
	set(about, VMWALK_FACT_KSM, page->traits & VMWALK_PAGE_KSM);
	if (!(page->traits & VMWALK_PAGE_AVERAGE))
		set(about, VMWALK_FACT_MAPPED_ONCE, page->traits & VMWALK_PAGE_ANON &&
		    page->mapcount == 1);
	set_alone(about);
}

static void set_context(const struct about *about, __u32 bit, enum vmwalk_fact fact, bool yes)
{
	if (about->around->got & bit)
		set(about, fact, yes);
	else if (about->around->hidden & bit)
		vmwalk_facts_hide(about->facts, fact);
}

/*
 * Only special_mapping_fault() is known to serve all pages of its VMA, and only for code,
 * which is the vDSO or the page of uprobes. For [vvar] it asks vvar_fault(), which
 * gives only some of the pages, and a driver does as it likes.
 */
static void set_special(const struct about *about)
{
	const struct vmwalk_address *walk = about->walk;
	const __u64 bare = VMWALK_VMA_BIT(VMWALK_VMA_PF) | VMWALK_VMA_BIT(VMWALK_VMA_MM);
	bool special = about->in_vma && (!(walk->vma.traits & VMWALK_VMA_HAS_FILE) ||
					 about->vma & bare || about->around->irregular);

	set(about, VMWALK_FACT_SPECIAL, special);
	if (!special)
		set(about, VMWALK_FACT_HANDLER_SERVES, true);
	else if (walk->call.got & VMWALK_GOT_OPS && has(about, VMWALK_VMA_EX) &&
		 !is_write(about) && !strcmp(walk->symbols.vm_fault, "special_mapping_fault"))
		set(about, VMWALK_FACT_HANDLER_SERVES, true);
}

static void set_file(const struct about *about)
{
	const struct vmwalk_around *around = about->around;

	set(about, VMWALK_FACT_HAS_FAULT, about->walk->vma.traits & VMWALK_VMA_HAS_FAULT);
	set_special(about);
	/*
	 * filemap_map_pmd() maps a huge page of shared memory beyond the end of the file,
	 * for a read near it that finds no page table.
	 */
	if (!around->past_end || !around->shmem || is_write(about) ||
	    about->walk->call.leaf_level >= VMWALK_LEVEL_PTE)
		set_context(about, VMWALK_AROUND_END, VMWALK_FACT_PAST_END, around->past_end);
	set_context(about, VMWALK_AROUND_CACHED, VMWALK_FACT_CACHED, around->cached);
	set_context(about, VMWALK_AROUND_SHMEM, VMWALK_FACT_SHMEM, around->shmem);
	set_context(about, VMWALK_AROUND_HOLE, VMWALK_FACT_FILE_HOLE, around->hole);
	vmwalk_facts_assume(about->facts, VMWALK_FACT_UNDER_READ, false);
}

void vmwalk_facts_of(const struct vmwalk_caps *caps, const struct vmwalk_address *walk,
		     const struct vmwalk_around *around, unsigned int access,
		     struct vmwalk_facts *facts)
{
	static const struct vmwalk_around nothing;
	struct about about = {
		.caps = caps, .walk = walk, .around = around ?: &nothing, .access = access,
		.in_vma = walk->call.got & VMWALK_GOT_VMA, .facts = facts,
	};

	memset(facts, 0, sizeof(*facts));
	facts->arch = caps->arch;
	facts->kernel = about.around->kernel;
	about.vma = about.in_vma ? walk->vma.flags : walk->call.next_flags;
	if (walk->call.got & VMWALK_GOT_ENTRIES && walk->call.leaf_level < VMWALK_LEVELS)
		about.entry = &walk->entry[walk->call.leaf_level];
	about.type = about.entry ? about.entry->type : VMWALK_CLASS_UNREAD;
	set_permission(&about);
	set_growth(&about);
	set_rights(&about);
	set_thp(&about);
	set_pool(&about);
	set_entry(&about);
	set_page(&about);
	set_file(&about);
}
