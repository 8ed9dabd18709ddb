// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "fuzz.h"

#define KERNEL_HALF	0xffff800000000000ULL
#define GOT_NAMES_PAGE	(VMWALK_GOT_PFN | VMWALK_GOT_PAGE | VMWALK_GOT_PAGE_CHANGED | \
			 VMWALK_GOT_SWAP | VMWALK_GOT_OPS)
#define GOT_KNOWN	((VMWALK_GOT_PAGE_CHANGED << 1) - 1)
static _Atomic unsigned int torn;
static _Atomic unsigned int whole;

void check_error(struct fuzzer *me, const struct fuzz_call *call, int error, bool shared)
{
	unsigned int i;

	if (!error)
		return;
	for (i = 0; call->errors[i]; i++)
		if (call->errors[i] == error)
			return;
	/* Another thread may have closed or replaced the descriptor. */
	if (shared && (error == EBADF || error == ENOTTY))
		return;
	finding(me, "%s failed with %s, which the header does not list for it", call->name,
		strerror(error));
}

static uint64_t value_of(const char *at, size_t bytes)
{
	uint64_t value = 0;

	memcpy(&value, at, bytes);
	return value;
}

void fields_check(struct fuzzer *me, const struct fuzz_field *fields, size_t n,
		  const char *answer)
{
	uint64_t value;
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < fields[i].size; j += fields[i].unit) {
			const char *at = answer + fields[i].offset + j;

			if (fields[i].fields) {
				fields_check(me, fields[i].fields, fields[i].nfields, at);
				continue;
			}
			value = fields[i].unit > 8 ? 0 : value_of(at, fields[i].unit);
			if (fields[i].kind == FIELD_RESERVED && value)
				finding(me, "%s is %#llx", fields[i].name, (long long)value);
			if (unprivileged && fields[i].out && !fields[i].in && value >= KERNEL_HALF)
				finding(me, "%s holds a kernel address: %#llx", fields[i].name,
					(long long)value);
		}
	}
}

static void redacted_check(struct fuzzer *me, const struct vmwalk_address *w)
{
	static const struct vmwalk_page no_page;
	int i;

	if (w->call.got & GOT_NAMES_PAGE)
		finding(me, "got %#llx, unprivileged", w->call.got);
	if (w->call.pfn || w->call.swap_type || w->call.swap_offset || w->symbols.vm_ops[0] ||
	    w->symbols.vm_fault[0])
		finding(me, "physical memory is visible, unprivileged");
	if (memcmp(&w->page, &no_page, sizeof(no_page)))
		finding(me, "the page is visible, unprivileged");
	if (w->call.kind == VMWALK_KIND_KSM)
		finding(me, "KSM is visible, unprivileged");
	for (i = 0; i < VMWALK_LEVELS; i++) {
		const struct vmwalk_entry *e = &w->entry[i];

		if (e->address || e->target || (e->value | e->shadow) & ADDRESS_BITS)
			finding(me, "level %d: addresses are visible, unprivileged", i);
		if (e->type >= VMWALK_CLASS_SWAP && e->value)
			finding(me, "level %d: a non-present entry is visible, unprivileged", i);
	}
}

static void entries_check(struct fuzzer *me, const struct vmwalk_address *w)
{
	const bool stable = w->call.got & VMWALK_GOT_STABLE;
	const struct vmwalk_entry *leaf = &w->entry[w->call.leaf_level];
	int i, shift = 12 + 9 * VMWALK_LEVELS;

	for (i = 0; i < VMWALK_LEVELS; i++) {
		const struct vmwalk_entry *e = &w->entry[i];

		if (e->level != i || e->type > VMWALK_CLASS_CHANGED)
			finding(me, "level %d: level %u, class %u", i, e->level, e->type);
		if (e->type == VMWALK_CLASS_FOLDED)
			continue;
		shift = 12 + 9 * (VMWALK_LEVEL_PTE - i);
		/* With four levels the level named PGD has the shift of the P4D. */
		if (i == VMWALK_LEVEL_PGD && w->entry[1].type == VMWALK_CLASS_FOLDED)
			shift -= 9;
		if (e->index != (w->call.address >> shift & 511))
			finding(me, "level %d: index %u", i, e->index);
		if (i > w->call.leaf_level && e->type != VMWALK_CLASS_UNREAD)
			finding(me, "level %d below the leaf has class %u", i, e->type);
		if (stable && i <= w->call.leaf_level && (e->type == VMWALK_CLASS_CHANGED ||
							  e->type == VMWALK_CLASS_UNREAD))
			finding(me, "stable, yet level %d has class %u", i, e->type);
		if (i < w->call.leaf_level && e->type != VMWALK_CLASS_TABLE)
			finding(me, "level %d above the leaf has class %u", i, e->type);
	}
	if (w->call.got & VMWALK_GOT_PFN && leaf->type == VMWALK_CLASS_LEAF) {
		shift = 9 * (VMWALK_LEVEL_PTE - w->call.leaf_level);
		if ((w->call.pfn ^ w->call.address >> 12) & ((1ULL << shift) - 1))
			finding(me, "PFN %#llx is not that of address %#llx", w->call.pfn,
				w->call.address);
		if ((w->call.pfn >> shift << shift) != leaf->target >> 12)
			finding(me, "PFN %#llx, target %#llx", w->call.pfn, leaf->target);
	}
	if (w->call.got & VMWALK_GOT_PAGE_CHANGED &&
	    (w->call.got & (VMWALK_GOT_PAGE | VMWALK_GOT_STABLE) ||
	     !(w->call.got & VMWALK_GOT_PFN)))
		finding(me, "got %#llx: a page that changed, and yet it was read", w->call.got);
	if (w->call.kind == VMWALK_KIND_CHANGED && !(w->call.got & VMWALK_GOT_PAGE_CHANGED) &&
	    !unprivileged)
		finding(me, "the kind changed, but not the page");
	if (leaf->type == VMWALK_CLASS_NONE && w->call.got & VMWALK_GOT_PFN)
		finding(me, "an empty entry has a PFN");
}

static void protection_check(struct fuzzer *me, const struct vmwalk_address *w)
{
	const struct vmwalk_entry *leaf = &w->entry[w->call.leaf_level];
	const uint64_t any = VMWALK_VMA_BIT(VMWALK_VMA_RD) | VMWALK_VMA_BIT(VMWALK_VMA_WR) |
			     VMWALK_VMA_BIT(VMWALK_VMA_EX);

	if (w->call.effective & VMWALK_PERM_W && !(w->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_WR)))
		finding(me, "writable at %#llx, although the VMA is not", w->call.address);
	if (w->call.effective && leaf->type != VMWALK_CLASS_LEAF &&
	    leaf->type != VMWALK_CLASS_CHANGED)
		finding(me, "effective %u of class %u", w->call.effective, leaf->type);
	if (leaf->type == VMWALK_CLASS_PROTNONE && w->vma.flags & any)
		finding(me, "PROT_NONE at %#llx in an accessible VMA", w->call.address);
	if (leaf->type == VMWALK_CLASS_NUMA_HINT && !(w->vma.flags & any))
		finding(me, "NUMA hint at %#llx in an inaccessible VMA", w->call.address);
}

static void anchor_check(struct fuzzer *me, const struct vmwalk_address *w)
{
	const struct vmwalk_entry *leaf = &w->entry[w->call.leaf_level];

	if (!(w->call.got & VMWALK_GOT_VMA)) {
		finding(me, "a hole at %#llx, which is always mapped", w->call.address);
		return;
	}
	if (!(w->call.got & VMWALK_GOT_STABLE))
		return;
	switch (leaf->type) {
	case VMWALK_CLASS_NONE:
	case VMWALK_CLASS_SWAP:
	case VMWALK_CLASS_MARKER:
	case VMWALK_CLASS_UNKNOWN:
	case VMWALK_CLASS_DEVICE:
	case VMWALK_CLASS_PROTNONE:
		finding(me, "class %u at %#llx, which is always in memory", leaf->type,
			w->call.address);
	}
}

/*
 * target_start() publishes a pid only after the target has mapped its regions, so a hole
 * in one that stays mapped is a finding.
 */
static void regions_check(struct fuzzer *me, const struct vmwalk_address *w)
{
	const int region = region_of(w->call.address);

	if (region == REGION_ANCHOR || region == REGION_HUGE_ANCHOR ||
	    region == REGION_WATCHED)
		anchor_check(me, w);
	if (region == REGION_HUGETLB && w->call.got & VMWALK_GOT_VMA && w->vma.page_shift != 21)
		finding(me, "a hugetlb VMA of pages of 2^%u", w->vma.page_shift);
	if (region == REGION_PROTNONE && w->call.got & VMWALK_GOT_STABLE &&
	    w->entry[w->call.leaf_level].type == VMWALK_CLASS_NONE)
		finding(me, "empty entry at %#llx, which is always in memory", w->call.address);
}

/*
 * Among the walks of REGION_FLICKER that have a page, count those that describe a
 * mapped anonymous page, and the others. There must be no others: the lock of the table
 * keeps the page mapped while the module describes it.
 */
static void moment_note(const struct vmwalk_address *w)
{
	const struct vmwalk_entry *leaf = &w->entry[w->call.leaf_level];

	if (!(w->call.got & VMWALK_GOT_STABLE) || !(w->call.got & VMWALK_GOT_PAGE) ||
	    leaf->type != VMWALK_CLASS_LEAF)
		return;
	if (w->call.kind != VMWALK_KIND_BASE && w->call.kind != VMWALK_KIND_THP)
		return;
	if (region_of(w->call.address) != REGION_FLICKER)
		return;
	if (w->page.mapcount && w->page.refcount && w->page.traits & VMWALK_PAGE_ANON)
		atomic_fetch_add(&whole, 1);
	else
		atomic_fetch_add(&torn, 1);
}

bool check_moments(void)
{
	printf("fuzz: of %u pages that come and go, %u were mapped with a mapcount of 0\n",
	       whole + torn, torn);
	if (torn)
		printf("fuzz: FINDING: a walk describes a page that its entry did not map\n");
	return torn;
}

static void kernel_check(struct fuzzer *me, const struct vmwalk_walk *call)
{
	const uint64_t not = VMWALK_GOT_VMA | VMWALK_GOT_PREV | VMWALK_GOT_NEXT | VMWALK_GOT_SWAP;

	if (unprivileged)
		finding(me, "a kernel address was walked, unprivileged");
	if (call->address < 0xff00000000000000ULL)
		finding(me, "%#llx is not a kernel address", call->address);
	if (call->got & not)
		finding(me, "got %#llx for a kernel address", call->got);
}

static void hole_check(struct fuzzer *me, const struct vmwalk_walk *call)
{
	if (call->got & VMWALK_GOT_NEXT && call->next_start <= call->address)
		finding(me, "the next VMA begins at %#llx", call->next_start);
	if (call->got & VMWALK_GOT_PREV && call->prev_end > call->address)
		finding(me, "the VMA before ends at %#llx", call->prev_end);
	if (call->got & (VMWALK_GOT_ENTRIES | VMWALK_GOT_PFN))
		finding(me, "entries in a hole");
}

static void call_check(struct fuzzer *me, const struct vmwalk_walk *call)
{
	if (call->got & ~(uint64_t)GOT_KNOWN)
		finding(me, "got %#llx", call->got);
	if ((call->got & VMWALK_GOT_NAME && !(call->flags & VMWALK_WALK_NAME)) ||
	    (call->got & VMWALK_GOT_OPS && !(call->flags & VMWALK_WALK_OPS)) ||
	    (call->got & VMWALK_GOT_PROCESS_FAULTS && !(call->flags & VMWALK_WALK_PROCESS)))
		finding(me, "got %#llx with flags %#x", call->got, call->flags);
	if (!unprivileged && call->redacted)
		finding(me, "redacted %#llx for root", call->redacted);
	if (call->flags & VMWALK_WALK_KERNEL)
		kernel_check(me, call);
	else if (!(call->got & VMWALK_GOT_VMA))
		hole_check(me, call);
}

static void absent_check(struct fuzzer *me, const struct vmwalk_address *w)
{
	static const struct vmwalk_symbols no_symbols;
	static const struct vmwalk_vma no_vma;

	if (!(w->call.got & VMWALK_GOT_VMA) && memcmp(&w->vma, &no_vma, sizeof(no_vma)))
		finding(me, "a VMA at %#llx, got %#llx", w->call.address, w->call.got);
	if (!(w->call.got & VMWALK_GOT_OPS) &&
	    memcmp(&w->symbols, &no_symbols, sizeof(no_symbols)))
		finding(me, "symbols at %#llx, got %#llx", w->call.address, w->call.got);
}

/* The symbols can be missing: no check needs them. */
static bool is_whole(const struct vmwalk_walk *call)
{
	return call->vma_size >= sizeof(struct vmwalk_vma) &&
	       call->entry_size >= sizeof(struct vmwalk_entry) &&
	       call->nr_entries >= VMWALK_LEVELS &&
	       call->page_size >= sizeof(struct vmwalk_page);
}

void check_walk(struct fuzzer *me, const struct vmwalk_address *w, int target)
{
	const struct vmwalk_walk *call = &w->call;

	call_check(me, call);
	absent_check(me, w);
	if (unprivileged)
		redacted_check(me, w);
	if (!is_whole(call))
		return;
	if (call->flags & VMWALK_WALK_KERNEL) {
		entries_check(me, w);
		return;
	}
	if (call->got & VMWALK_GOT_VMA) {
		if (call->address < w->vma.start || call->address >= w->vma.end)
			finding(me, "%#llx is not in its VMA", call->address);
		protection_check(me, w);
		entries_check(me, w);
		moment_note(w);
	}
	if (target >= 0 && target != TARGET_EXECUTING)
		regions_check(me, w);
}

uint64_t walk_bytes(const struct vmwalk_walk *walk)
{
	return (uint64_t)walk->size + walk->vma_size + walk->page_size + walk->symbols_size +
	       (uint64_t)walk->entry_size * walk->nr_entries;
}

/*
 * Copy what a record of @size bytes has of the @known ones; the module must have zeroed
 * the others. Return where the next record begins.
 */
static const char *record_take(struct fuzzer *me, void *to, size_t known, const char *from,
			       uint32_t size)
{
	uint32_t i;

	memcpy(to, from, size < known ? size : known);
	for (i = known; i < size; i++) {
		if (from[i]) {
			finding(me, "byte %u of a record, which has %zu, is not zero", i, known);
			break;
		}
	}
	return from + size;
}

static void address_take(struct fuzzer *me, struct vmwalk_address *to, const char *answer)
{
	const struct vmwalk_walk *call = &to->call;
	uint32_t i;

	memset(to, 0, sizeof(*to));
	memcpy(&to->call, answer, sizeof(to->call));
	answer = record_take(me, &to->vma, sizeof(to->vma), answer + call->size, call->vma_size);
	for (i = 0; call->entry_size && i < call->nr_entries; i++)
		answer = record_take(me, &to->entry[i % VMWALK_LEVELS],
				     i < VMWALK_LEVELS ? sizeof(to->entry[i]) : 0, answer,
				     call->entry_size);
	answer = record_take(me, &to->page, sizeof(to->page), answer, call->page_size);
	record_take(me, &to->symbols, sizeof(to->symbols), answer, call->symbols_size);
}

static void walk_answer_check(struct fuzzer *me, const char *answer, int target)
{
	struct vmwalk_address w;

	address_take(me, &w, answer);
	fields_check(me, fuzz_address, fuzz_address_count, (const char *)&w);
	check_walk(me, &w, target);
}

/* Each structure has @nr at another offset, but all have the record size at the same. */
static unsigned int records_of(const struct fuzz_call *call, const void *answer,
			       uint32_t *stride)
{
	const struct vmwalk_scan *scan = answer;
	const struct vmwalk_vmas *vmas = answer;
	const struct vmwalk_tables *tables = answer;

	*stride = scan->run_size;
	if (call->request == VMWALK_IOC_SCAN)
		return scan->nr;
	return call->request == VMWALK_IOC_VMAS ? vmas->nr : tables->nr;
}

static void records_check(struct fuzzer *me, const struct fuzz_call *call,
			  const void *answer, const char *records)
{
	uint32_t stride, nr = records_of(call, answer, &stride), i;

	if (stride < call->record_size || (size_t)nr * stride > ARRAY_BYTES)
		return;
	for (i = 0; i < nr; i++)
		fields_check(me, call->record_fields, call->nrecord_fields,
			     records + i * stride);
}

void check_answer(struct fuzzer *me, const struct fuzz_call *call, const void *answer,
		  const char *records, const char *names, int target)
{
	if (call->request != VMWALK_IOC_WALK)
		fields_check(me, call->fields, call->nfields, answer);
	if (call->record_size && records)
		records_check(me, call, answer, records);
	switch (_IOC_NR(call->request)) {
	case VMWALK_NR_WALK:
		walk_answer_check(me, answer, target);
		break;
	case VMWALK_NR_SCAN:
		check_scan(me, answer, records, target);
		break;
	case VMWALK_NR_VMAS:
		check_vmas(me, answer, records, names);
		break;
	case VMWALK_NR_TABLES:
		check_tables(me, answer, records);
		break;
	case VMWALK_NR_MM:
		check_mm(me, answer);
		break;
	}
}
