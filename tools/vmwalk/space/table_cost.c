// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "table_cost.h"

/* A table is sparse if at most one entry in SPARSE is in use. */
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
	__u64 bytes = vmwalk_table_bytes(&image->caps, table->level);

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
	/*
	 * mm->pgtables_bytes has PTE, PMD and PUD tables, but neither P4D nor PGD tables.
	 */
	if (table->level >= VMWALK_LEVEL_PUD)
		cost->counted += bytes;
}

int cost_count(struct cost *cost, const struct vmwalk_image *image)
{
	struct vmwalk_account *account = vmwalk_account_image(image);
	size_t i;

	if (!account)
		return -1;
	*cost = (struct cost) {
		.deposited = account[image->nr_areas].deposited,
		.vm_pte = image->mm.table_bytes,
	};
	free(account);
	for (i = 0; i < image->nr_tables; i++)
		if (image->tables[i].level < VMWALK_LEVELS)
			add_table(cost, image, &image->tables[i]);
	return 0;
}
