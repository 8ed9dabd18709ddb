/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_AUDIT_H
#define VMWALK_AUDIT_H

#include "check.h"
#include "device/call.h"
#include "proc/page_files.h"
#include "smaps.h"
#include "status.h"

struct auditing {
	struct vmwalk_device *dev;
	const struct vmwalk_auditor *auditor;
	struct vmwalk_audit *audit;
	unsigned int page_shift;
	__u64 total;	/* base pages of all VMAs when the audit began */
};

/*
 * Only a difference that every try finds is a mismatch. Other processes change the
 * mapcounts of shared pages at any time: with few tries, such a change could hit every
 * try by chance.
 */
#define AUDIT_TRIES	12

/*
 * Wait before try @nr, unless it is 0, so that a page that is changing can settle. The
 * waits grow and have jitter, so that the tries do not run in step with a periodic change
 * of the target. AUDIT_TRIES tries wait 0.6 to 0.9 s in all.
 */
void audit_wait_before(unsigned int nr);

/* Each returns VMWALK_OK with mismatches, too: they are counted in @auditing->audit. */
enum vmwalk_error vmwalk_audit_vmas(struct auditing *auditing);
enum vmwalk_error vmwalk_audit_pages(struct auditing *auditing);
enum vmwalk_error vmwalk_audit_status(struct auditing *auditing);

struct audit_area {
	struct vmwalk_vma vma;
	char *name;
	struct vmwalk_account account;
};

/* Free with audit_list_free(), also after an error. @total is the sum over @area. */
struct audit_list {
	struct audit_area *area;	/* by ascending address */
	size_t nr;
	size_t room;
	size_t at;	/* index in @area of the first VMA for the next run or line */
	const struct vmwalk_caps *caps;
	struct vmwalk_account total;
	bool no_memory;	/* an allocation failed, so @area is incomplete */
};

enum vmwalk_error audit_list_vmas(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end);

/*
 * Add the runs of a range to the sums. Runs that begin outside the listed VMAs set
 * @list->total.incomplete instead.
 */
enum vmwalk_error audit_list_runs(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end);

void audit_list_free(struct audit_list *list);

/*
 * vmwalk_audit_empty() - compare an empty part of a VMA with pagemap and PAGEMAP_SCAN,
 * without a record per page
 * @vma: the whole VMA
 * @start: first address to compare
 * @least: bytes; if the empty part is smaller, it is not compared
 * @end: with VMWALK_OK, set to the end of the part that is empty and agrees; to @start if
 *	there is none
 */
enum vmwalk_error vmwalk_audit_empty(struct auditing *auditing, const struct pagebooks *books,
				     const struct vmwalk_vma *vma, __u64 start, __u64 least,
				     __u64 *end);

/* Count a difference that proves nothing, because the process changed meanwhile. */
void audit_raced(struct auditing *auditing, unsigned int book);

/* @address: 0 if the file is about the whole process */
void audit_mismatch(struct auditing *auditing, unsigned int book, __u64 address,
		    const char *reason);

/* @why is copied. */
void audit_unavailable(struct auditing *auditing, unsigned int book, const char *why);

/* Read a file of /proc/PID. Return a string from malloc(3), or NULL with errno set. */
char *audit_text(struct auditing *auditing, const char *file);

/*
 * Scan each entry by itself (empty ones as runs), with its page and all flags, of which
 * VMWALK_E_READ is the last.
 */
#define AUDIT_SCAN_FLAGS	(VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE)
#define AUDIT_ENTRY_FLAGS	((VMWALK_E_READ << 1) - 1)

#endif
