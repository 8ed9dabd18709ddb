/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Call SCAN, VMAS and TABLES until the end of a range, but 4 million times at most, and
 * put the records of all calls into one array. The *_read() functions return 0 or a
 * negative errno: that of the call, ENOMEM, EPROTO for an answer that the contract
 * excludes, or EAGAIN for calls that make no progress.
 * The caller frees the records even after a failure.
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
 * struct runs - the answer to a SCAN of a whole range
 * @run: the runs, freed by runs_free()
 * @nr: number of runs
 * @calls: number of calls made
 * @redacted: OR of the @redacted masks of all calls
 * @walk_end: @walk_end of the last call
 */
struct runs {
	struct vmwalk_run *run;
	size_t nr;
	unsigned int calls;
	uint64_t redacted;
	uint64_t walk_end;
};

/* Scan from how->start to how->end, with room for @room records in each call. */
int runs_read(int fd, const struct vmwalk_scan *how, unsigned int room, struct runs *runs);
void runs_free(struct runs *runs);
/* Return the run that covers the address, or NULL. It is an element of runs->run. */
const struct vmwalk_run *runs_find(const struct runs *runs, uint64_t address);
/**
 * struct vmas - the answer to VMAS for a whole range
 * @vma: the VMAs, freed by vmas_free()
 * @name: the name of each VMA, NULL if names were not requested
 * @nr: number of VMAs
 * @calls: number of calls made
 */
struct vmas {
	struct vmwalk_vma *vma;
	char **name;
	size_t nr;
	unsigned int calls;
};

/* @names_size is the size of the buffer for names in each call; 0 requests no names. */
int vmas_read(int fd, uint64_t start, uint64_t end, unsigned int room, size_t names_size,
	      struct vmas *vmas);
void vmas_free(struct vmas *vmas);
/*
 * Join in place the runs of a VMWALK_SCAN_EACH, by the rules that linux/vmwalk.h states
 * and without code of the module. @vmas are those of the range, in order.
 */
void runs_join(struct runs *runs, const struct vmas *vmas);

/**
 * struct tables - the answer to TABLES for a whole range
 * @table: the tables, freed by tables_free()
 * @nr: number of tables
 * @calls: number of calls made
 * @redacted: OR of the @redacted masks of all calls
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
