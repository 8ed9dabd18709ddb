/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of an audit, private to the library. */
#ifndef VMWALK_AUDIT_H
#define VMWALK_AUDIT_H

#include "check.h"
#include "device/call.h"
#include "proc/page_files.h"
#include "smaps.h"
#include "status.h"

/**
 * struct auditing - an audit that is being made
 * @dev: an attached device
 * @auditor: who is to hear of it
 * @audit: the outcome
 * @page_shift: of a base page
 * @total: pages that there are to do
 */
struct auditing {
	struct vmwalk_device *dev;
	const struct vmwalk_auditor *auditor;
	struct vmwalk_audit *audit;
	unsigned int page_shift;
	__u64 total;
};

/*
 * Tries of a comparison until a difference counts. Other processes come and go and
 * change what is shared with them between two readings of the target that agree, so
 * that a few in a row can be chance.
 */
#define AUDIT_TRIES	12

/*
 * Wait before try @nr, counted from 0: what is on its way from one state to another for
 * a moment is no mismatch. Not at all at first, then longer each time, and never in step
 * with somebody else; two thirds of a second in all.
 */
void audit_wait_before(unsigned int nr);

/* Each is one part. Return: as vmwalk_audit(). */
enum vmwalk_error vmwalk_audit_vmas(struct auditing *auditing);
enum vmwalk_error vmwalk_audit_pages(struct auditing *auditing);
enum vmwalk_error vmwalk_audit_status(struct auditing *auditing);

/**
 * struct audit_area - a VMA that the module listed
 * @vma: the record
 * @name: raw
 * @account: the memory behind it
 */
struct audit_area {
	struct vmwalk_vma vma;
	char *name;
	struct vmwalk_account account;
};

/**
 * struct audit_list - VMAs that the module listed
 * @area: ascending
 * @nr: of @area
 * @room: at @area
 * @at: the one that the last run, line or part of smaps belongs to
 * @caps: of the module
 * @total: the memory behind all of them
 * @no_memory: it is not all of them
 */
struct audit_list {
	struct audit_area *area;
	size_t nr;
	size_t room;
	size_t at;
	const struct vmwalk_caps *caps;
	struct vmwalk_account total;
	bool no_memory;
};

/* audit_list_vmas() - list the VMAs of a range; @list is for audit_list_free() */
enum vmwalk_error audit_list_vmas(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end);

/* audit_list_runs() - scan a range, and account for it */
enum vmwalk_error audit_list_runs(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end);

void audit_list_free(struct audit_list *list);

/*
 * vmwalk_audit_empty() - hold a part in which there is nothing against the books of pages
 * @vma: that it lies in
 * @start: where it may begin
 * @least: bytes that are worth it
 * @end: set to how far all agree; @start if there is something
 */
enum vmwalk_error vmwalk_audit_empty(struct auditing *auditing, const struct pagebooks *books,
				     const struct vmwalk_vma *vma, __u64 start, __u64 least,
				     __u64 *end);

/* audit_raced() - count something that kept changing */
void audit_raced(struct auditing *auditing, unsigned int book);

/* audit_mismatch() - count a mismatch and tell of it */
void audit_mismatch(struct auditing *auditing, unsigned int book, __u64 address,
		    const char *reason);

/* audit_unavailable() - nothing of this book can be compared */
void audit_unavailable(struct auditing *auditing, unsigned int book, const char *why);

/* audit_text() - a file of the process as a whole, or NULL with errno set; from malloc(3) */
char *audit_text(struct auditing *auditing, const char *file);

/* How a range is scanned for a comparison: an entry a record, all there is to know. */
#define AUDIT_SCAN_FLAGS	(VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE)
#define AUDIT_ENTRY_FLAGS	((VMWALK_E_READ << 1) - 1)

#endif /* VMWALK_AUDIT_H */
