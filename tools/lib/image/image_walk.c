// SPDX-License-Identifier: GPL-2.0
/*
 * WALK from an image, without I/O: build the record from the tables on the way, the entry
 * and the VMA. Derived fields follow the rules of the module; fields that an image does
 * not know are left out.
 */
#include <errno.h>
#include <string.h>

#include "image.h"
#include "subpages.h"

#define NEEDED	(VMWALK_IMAGE_VMAS | VMWALK_IMAGE_RUNS | VMWALK_IMAGE_EACH | VMWALK_IMAGE_TABLES)

static void fill_hole(const struct vmwalk_image *image, struct vmwalk_address *walk)
{
	const struct vmwalk_vma *vma;
	size_t next = vmwalk_first_above(image->areas, image->nr_areas, sizeof(*image->areas),
					 offsetof(struct vmwalk_area, vma.end), walk->call.address);

	if (next > 0) {
		vma = &image->areas[next - 1].vma;
		walk->call.got |= VMWALK_GOT_PREV;
		walk->call.prev_start = vma->start;
		walk->call.prev_end = vma->end;
		walk->call.prev_flags = vma->flags;
	}
	if (next < image->nr_areas) {
		vma = &image->areas[next].vma;
		walk->call.got |= VMWALK_GOT_NEXT;
		walk->call.next_start = vma->start;
		walk->call.next_end = vma->end;
		walk->call.next_flags = vma->flags;
	}
	walk->call.got |= VMWALK_GOT_STABLE;
	walk->call.leaf_level = VMWALK_LEVEL_NONE;
}

static void init_entries(const struct vmwalk_caps *caps, struct vmwalk_address *walk)
{
	const struct vmwalk_caps_level *geometry;
	struct vmwalk_entry *entry;
	unsigned int level;

	for (level = 0; level < VMWALK_LEVELS; level++) {
		geometry = &caps->level[level];
		entry = &walk->entry[level];
		entry->level = level;
		entry->type = geometry->folded ? VMWALK_CLASS_FOLDED : VMWALK_CLASS_UNREAD;
		if (!geometry->folded && geometry->entries)
			entry->index = (walk->call.address >> (geometry->shift & 63)) %
				       geometry->entries;
	}
}

/* Tables are sorted by address, then by level. */
static const struct vmwalk_table *table_at(const struct vmwalk_image *image, unsigned int level,
					   __u64 address)
{
	__u64 start = address & ~(vmwalk_table_size(&image->caps, level) - 1);
	size_t low = 0, high = image->nr_tables, middle;
	const struct vmwalk_table *table;

	while (low < high) {
		middle = low + (high - low) / 2;
		table = &image->tables[middle];
		if (table->start == start && table->level == level)
			return table;
		if (table->start > start || (table->start == start && table->level > level))
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static unsigned int level_below(const struct vmwalk_caps *caps, unsigned int level)
{
	do {
		level++;
	} while (level < VMWALK_LEVEL_PTE && caps->level[level].folded);
	return level;
}

/*
 * Return the level of the last table on the way; VMWALK_LEVEL_NONE if the image has no
 * root.
 */
static unsigned int fill_tables(const struct vmwalk_image *image, struct vmwalk_address *walk)
{
	const struct vmwalk_table *table = table_at(image, VMWALK_LEVEL_PGD, walk->call.address);
	unsigned int level = VMWALK_LEVEL_PGD;
	struct vmwalk_entry *entry;

	if (!table)
		return VMWALK_LEVEL_NONE;
	for (;;) {
		entry = &walk->entry[level];
		if (!(image->attach.redacted & VMWALK_REDACTED_TABLES))
			entry->address = table->address + entry->index * sizeof(entry->value);
		if (level == VMWALK_LEVEL_PTE)
			return level;
		table = table_at(image, level_below(&image->caps, level), walk->call.address);
		if (!table)
			return level;
		entry->type = VMWALK_CLASS_TABLE;
		entry->value = table->value;
		entry->shadow = table->shadow;
		entry->flags = table->flags;
		entry->target = table->address;
		level = table->level;
	}
}

static void fill_leaf(const struct vmwalk_image *image, const struct vmwalk_run *run,
		      struct vmwalk_address *walk, struct vmwalk_entry *entry)
{
	unsigned int page_size = image->caps.page_size;
	__u64 offset = (walk->call.address - run->start) / page_size;

	entry->type = run->state;
	entry->flags = run->flags;
	entry->value = run->value;
	walk->call.kind = run->kind;
	if (run->state == VMWALK_CLASS_MARKER) {
		walk->call.got |= VMWALK_GOT_MARKER;
		walk->call.marker = run->detail;
	}
	if (!(run->got & VMWALK_RUN_FIRST))
		return;
	if (run->state == VMWALK_CLASS_SWAP) {
		walk->call.got |= VMWALK_GOT_SWAP;
		walk->call.swap_type = run->detail;
		walk->call.swap_offset = run->first + offset;
		return;
	}
	walk->call.got |= VMWALK_GOT_PFN;
	walk->call.pfn = run->first + offset;
	if (vmwalk_class_is_mapped(run->state))
		entry->target = (walk->call.pfn * page_size) &
				~((1ULL << (run->page_shift & 63)) - 1);
	if (vmwalk_subpages_page(image, run, walk->call.address, &walk->page))
		walk->call.got |= VMWALK_GOT_PAGE;
	else if (run->got & VMWALK_RUN_PAGE_CHANGED)
		walk->call.got |= VMWALK_GOT_PAGE_CHANGED;
}

/* Effective rights of user mode: each level can only take away. */
static void fill_effective(const struct vmwalk_image *image, struct vmwalk_address *walk)
{
	const struct vmwalk_arch_desc *desc = vmwalk_arch_find(image->caps.arch);
	bool shadow = image->caps.features & VMWALK_FEATURE_ROOT_SHADOW;
	const struct vmwalk_entry *entry;
	unsigned int level, i, taken;
	__u64 value;

	if (walk->entry[walk->call.leaf_level].type != VMWALK_CLASS_LEAF) {
		memset(walk->call.withheld, walk->call.leaf_level, sizeof(walk->call.withheld));
		return;
	}
	memset(walk->call.withheld, VMWALK_LEVEL_NONE, sizeof(walk->call.withheld));
	walk->call.effective = VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X;
	for (level = 0; level <= walk->call.leaf_level; level++) {
		entry = &walk->entry[level];
		if (entry->type == VMWALK_CLASS_FOLDED)
			continue;
		/* With page-table isolation, user mode runs on the copy of the root. */
		value = shadow && level == VMWALK_LEVEL_PGD ? entry->shadow : entry->value;
		taken = walk->call.effective & ~vmwalk_arch_perm(desc, level, value, entry->flags);
		walk->call.effective &= ~taken;
		for (i = 0; i < sizeof(walk->call.withheld); i++)
			if (taken & 1U << i)
				walk->call.withheld[i] = level;
	}
}

static void fill_entries(const struct vmwalk_image *image, struct vmwalk_address *walk)
{
	const struct vmwalk_run *run = vmwalk_runs_find(image, walk->call.address);
	struct vmwalk_entry *entry;
	unsigned int level;

	init_entries(&image->caps, walk);
	level = fill_tables(image, walk);
	if (level == VMWALK_LEVEL_NONE)
		return;
	walk->call.got |= VMWALK_GOT_ENTRIES;
	walk->call.leaf_level = level;
	entry = &walk->entry[level];
	if (run && run->page_shift == image->caps.level[level].shift &&
	    run->state != VMWALK_CLASS_CHANGED) {
		fill_leaf(image, run, walk, entry);
		if (!(walk->call.got & VMWALK_GOT_PAGE_CHANGED))
			walk->call.got |= VMWALK_GOT_STABLE;
	} else if (run) {
		/*
		 * The entry kept changing; or the tables and the run, which were read at
		 * different times, contradict each other.
		 */
		entry->type = VMWALK_CLASS_CHANGED;
	} else {
		entry->type = VMWALK_CLASS_NONE;
		walk->call.got |= VMWALK_GOT_STABLE;
	}
	fill_effective(image, walk);
}

/*
 * Set the VMWALK_REDACTED_* bits of what this record could have, had the module not
 * withheld it from the image.
 */
static void fill_redacted(const struct vmwalk_image *image, struct vmwalk_address *walk)
{
	__u64 missing = VMWALK_REDACTED_TABLES | VMWALK_REDACTED_SYMBOLS;

	switch (walk->call.leaf_level < VMWALK_LEVELS ? walk->entry[walk->call.leaf_level].type :
						       VMWALK_CLASS_UNREAD) {
	case VMWALK_CLASS_LEAF:
	case VMWALK_CLASS_PROTNONE:
	case VMWALK_CLASS_NUMA_HINT:
		missing |= VMWALK_REDACTED_PFN;
		if (walk->call.kind != VMWALK_KIND_PFNMAP)
			missing |= VMWALK_REDACTED_PAGE;
		break;
	case VMWALK_CLASS_MIGRATION:
	case VMWALK_CLASS_HWPOISON:
	case VMWALK_CLASS_DEVICE:
		missing |= VMWALK_REDACTED_PFN | VMWALK_REDACTED_SWAP | VMWALK_REDACTED_PAGE;
		break;
	case VMWALK_CLASS_SWAP:
	case VMWALK_CLASS_MARKER:
	case VMWALK_CLASS_UNKNOWN:
	case VMWALK_CLASS_CHANGED:
		missing |= VMWALK_REDACTED_SWAP;
		break;
	}
	walk->call.redacted = missing & image->attach.redacted;
}

enum vmwalk_error vmwalk_image_walk(const struct vmwalk_image *image, __u64 address,
				    struct vmwalk_address *walk, const char **name)
{
	const struct vmwalk_area *area;

	*name = "";
	*walk = (struct vmwalk_address) {
		.call.size = sizeof(walk->call),
		.call.flags = VMWALK_WALK_NAME | VMWALK_WALK_PROCESS,
		.call.address = address,
		.call.task_minor = image->mm.task_minor,
		.call.task_major = image->mm.task_major,
		.call.process_minor = image->mm.process_minor,
		.call.process_major = image->mm.process_major,
		.call.got = image->mm.got & (VMWALK_GOT_TASK_FAULTS | VMWALK_GOT_PROCESS_FAULTS),
		.call.tries = 1,
	};
	if ((image->parts & NEEDED) != NEEDED) {
		errno = ENODATA;
		return VMWALK_ERR_SYSTEM;
	}
	if (address < image->start || address >= image->end ||
	    address >= image->attach.task_size)
		return VMWALK_ERR_RANGE;
	area = vmwalk_image_area(image, address);
	if (!area) {
		fill_hole(image, walk);
		return VMWALK_OK;
	}
	walk->call.got |= VMWALK_GOT_VMA | VMWALK_GOT_NAME;
	walk->vma = area->vma;
	walk->call.name_len = strlen(area->name);
	*name = area->name;
	fill_entries(image, walk);
	fill_redacted(image, walk);
	return VMWALK_OK;
}
