/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whole ranges, as the tests ask for them: SCAN, VMAS and TABLES called again until the
 * end, with an array of the wished size, and the records of all calls put together.
 * Every function returns 0 or the negative errno of the call that failed.
 */
#ifndef VMWALK_TEST_SCAN_WHOLE_H
#define VMWALK_TEST_SCAN_WHOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/vmwalk.h>

#define E_FLAGS_ALL	((VMWALK_E_READ << 1) - 1)
#define SELECT_PAGE	(VMWALK_SEL_ANON | VMWALK_SEL_KSM | VMWALK_SEL_SHARED | \
			 VMWALK_SEL_EXCLUSIVE)
#define SELECT_ALL	((VMWALK_SEL_EXCLUSIVE << 1) - 1)

/**
 * struct runs - the answer to a SCAN
 * @run: the runs, to be freed by runs_free()
 * @nr: their number
 * @calls: calls that it took
 * @redacted: of all calls
 * @walk_end: of the last one
 */
struct runs {
	struct vmwalk_run *run;
	size_t nr;
	unsigned int calls;
	uint64_t redacted;
	uint64_t walk_end;
};

/* What how says from how->start to how->end; room records at a time. */
int runs_read(int fd, const struct vmwalk_scan *how, unsigned int room, struct runs *runs);
void runs_free(struct runs *runs);
/* The one that covers an address, or NULL. */
const struct vmwalk_run *runs_find(const struct runs *runs, uint64_t address);
/**
 * struct vmas - the answer to VMAS
 * @vma: the VMAs, to be freed by vmas_free()
 * @name: the name of each
 * @nr: their number
 * @calls: calls that it took
 */
struct vmas {
	struct vmwalk_vma *vma;
	char **name;
	size_t nr;
	unsigned int calls;
};

/* Names are asked for if names_size is not 0. */
int vmas_read(int fd, uint64_t start, uint64_t end, unsigned int room, size_t names_size,
	      struct vmas *vmas);
void vmas_free(struct vmas *vmas);
/*
 * Joins in place what VMWALK_SCAN_EACH has given, by the words of linux/vmwalk.h and no
 * code of the module; vmas are those of the range, in order.
 */
void runs_join(struct runs *runs, const struct vmas *vmas);

/**
 * struct tables - the answer to TABLES
 * @table: the tables, to be freed by tables_free()
 * @nr: their number
 * @calls: calls that it took
 * @redacted: of all calls
 */
struct tables {
	struct vmwalk_table *table;
	size_t nr;
	unsigned int calls;
	uint64_t redacted;
};

int tables_read(int fd, uint64_t start, uint64_t end, unsigned int room,
		struct tables *tables);
void tables_free(struct tables *tables);

#endif
