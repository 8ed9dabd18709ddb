/* SPDX-License-Identifier: GPL-2.0 */
/* Compare a whole process with /proc, private to the library. */
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
	unsigned int page_shift;	/* log2 of the base page size */
	__u64 total;	/* pages of all VMAs */
};

/*
 * A difference is a mismatch only if every try finds it. Other processes change the counts of
 * shared pages at any time: with few tries, such changes could hit each try by chance.
 */
#define AUDIT_TRIES	12

/*
 * Wait before try @nr (from 0, which does not wait), so that a page between two states can
 * settle. The waits grow and are jittered, so that they do not run in step with the target;
 * AUDIT_TRIES wait 0.6 to 0.9 s in all.
 */
void audit_wait_before(unsigned int nr);

/* The parts of vmwalk_audit(): results are added to @auditing->audit. Return: as vmwalk_audit(). */
enum vmwalk_error vmwalk_audit_vmas(struct auditing *auditing);
enum vmwalk_error vmwalk_audit_pages(struct auditing *auditing);
enum vmwalk_error vmwalk_audit_status(struct auditing *auditing);

/* A VMA as VMAS reports it, and the memory that its runs map */
struct audit_area {
	struct vmwalk_vma vma;
	char *name;
	struct vmwalk_account account;
};

/* The VMAs of a range, and sums over them; release with audit_list_free() */
struct audit_list {
	struct audit_area *area;	/* by ascending address */
	size_t nr;
	size_t room;	/* allocated for @area */
	size_t at;	/* index in @area: earlier elements are done */
	const struct vmwalk_caps *caps;
	struct vmwalk_account total;
	bool no_memory;	/* an allocation failed, so @area is incomplete */
};

/* audit_list_vmas() - list the VMAs of a range; on error, too, @list needs audit_list_free() */
enum vmwalk_error audit_list_vmas(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end);

/* audit_list_runs() - scan a range, and add its runs to the accounts of @list */
enum vmwalk_error audit_list_runs(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end);

void audit_list_free(struct audit_list *list);

/*
 * vmwalk_audit_empty() - compare an empty part of a VMA with pagemap, without a record per page
 * @vma: not cut
 * @start: first address
 * @least: minimum size, bytes: smaller parts are not compared
 * @end: set to the first address not compared, not empty, or different in pagemap
 */
enum vmwalk_error vmwalk_audit_empty(struct auditing *auditing, const struct pagebooks *books,
				     const struct vmwalk_vma *vma, __u64 start, __u64 least,
				     __u64 *end);

/* audit_raced() - count a difference that proves nothing, since the process kept changing */
void audit_raced(struct auditing *auditing, unsigned int book);

/* audit_mismatch() - count and report a mismatch; @address: 0 if about the whole process */
void audit_mismatch(struct auditing *auditing, unsigned int book, __u64 address,
		    const char *reason);

/* audit_unavailable() - mark a file as not comparable; @why is copied */
void audit_unavailable(struct auditing *auditing, unsigned int book, const char *why);

/* audit_text() - read a file of /proc/PID; from malloc(3), or NULL with errno set */
char *audit_text(struct auditing *auditing, const char *file);

/* One record for each entry, with its page and all of its flags */
#define AUDIT_SCAN_FLAGS	(VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE)
#define AUDIT_ENTRY_FLAGS	((VMWALK_E_READ << 1) - 1)

#endif /* VMWALK_AUDIT_H */
