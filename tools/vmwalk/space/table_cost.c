// SPDX-License-Identifier: GPL-2.0
/*
 * What the page tables of an address space cost, by level.
 */
#include "table_cost.h"

/* With fewer in use, the table costs more than a sixteenth of what it could map. */
#define SPARSE	16

__u64 cost_used(const struct cost_level *level)
{
	return level->to_tables + level->leaves + level->others;
}

static void add_table(struct cost *cost, const struct vmwalk_image *image,
		      const struct vmwalk_table *table)
{
	struct cost_level *level = &cost->level[table->level];
	__u64 covers = 1ULL << (image->caps.level[table->level].shift & 63);
	unsigned int used = table->tables + table->leaves + table->others;
	__u64 bytes = tally_table_bytes(image, table->level);

	level->tables++;
	level->bytes += bytes;
	level->entries += table->entries;
	level->to_tables += table->tables;
	level->leaves += table->leaves;
	level->others += table->others;
	level->mapped += table->leaves * covers;
	level->sparse += used * SPARSE <= table->entries;
	cost->bytes += bytes;
	cost->mapped += table->leaves * covers;
	/* mm_inc_nr_ptes(), mm_inc_nr_pmds() and mm_inc_nr_puds(): no more levels than these. */
	if (table->level >= VMWALK_LEVEL_PUD)
		cost->counted += bytes;
}

int cost_count(struct cost *cost, const struct vmwalk_image *image)
{
	size_t i;

	*cost = (struct cost) { .vm_pte = image->mm.table_bytes };
	if (tally_sum(&cost->sum, image))
		return -1;
	for (i = 0; i < image->nr_tables; i++)
		if (image->tables[i].level < VMWALK_LEVEL_MAX)
			add_table(cost, image, &image->tables[i]);
	return 0;
}
