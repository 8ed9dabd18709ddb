/* SPDX-License-Identifier: GPL-2.0 */
/* A comparison of a whole process with /proc, private to the library. */
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
 * A difference counts if it is there in every one of these tries. Other processes that
 * share pages with the target change their counts at any time, and with few tries that
 * can hit each of them by chance.
 */
#define AUDIT_TRIES	12

/*
 * Wait before try @nr, counted from 0, so that a page that is between two states can
 * settle. The waits get longer, and are not regular, so that they do not run in step with
 * the target; two thirds of a second in all.
 */
void audit_wait_before(unsigned int nr);

/* Each is one part. Return: as vmwalk_audit(). */
enum vmwalk_error vmwalk_audit_vmas(struct auditing *auditing);
enum vmwalk_error vmwalk_audit_pages(struct auditing *auditing);
enum vmwalk_error vmwalk_audit_status(struct auditing *auditing);

/* A VMA that the module listed */
struct audit_area {
	struct vmwalk_vma vma;
	char *name;
	struct vmwalk_account account;
};

/* VMAs that the module listed */
struct audit_list {
	struct audit_area *area;	/* ascending */
	size_t nr;
	size_t room;	/* allocated for @area */
	size_t at;	/* belongs to the last run, line or part of smaps */
	const struct vmwalk_caps *caps;
	struct vmwalk_account total;
	bool no_memory;	/* some are missing */
};

/* audit_list_vmas() - list the VMAs of a range; @list is for audit_list_free() */
enum vmwalk_error audit_list_vmas(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end);

/* audit_list_runs() - scan a range, and account for it */
enum vmwalk_error audit_list_runs(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end);

void audit_list_free(struct audit_list *list);

/*
 * vmwalk_audit_empty() - compare an empty part of a VMA with pagemap, without a record a page
 * @vma: the VMA
 * @start: first address
 * @least: leave parts alone that are smaller, bytes
 * @end: set to the first address that is not empty, or does not agree
 */
enum vmwalk_error vmwalk_audit_empty(struct auditing *auditing, const struct pagebooks *books,
				     const struct vmwalk_vma *vma, __u64 start, __u64 least,
				     __u64 *end);

/* audit_raced() - count something that kept changing */
void audit_raced(struct auditing *auditing, unsigned int book);

/* audit_mismatch() - count a mismatch and report it */
void audit_mismatch(struct auditing *auditing, unsigned int book, __u64 address,
		    const char *reason);

/* audit_unavailable() - nothing of this book can be compared */
void audit_unavailable(struct auditing *auditing, unsigned int book, const char *why);

/* audit_text() - the text of a file of /proc/PID, or NULL with errno set; from malloc(3) */
char *audit_text(struct auditing *auditing, const char *file);

/* One record for each entry, with its page and all of its flags */
#define AUDIT_SCAN_FLAGS	(VMWALK_SCAN_EACH | VMWALK_SCAN_PAGE)
#define AUDIT_ENTRY_FLAGS	((VMWALK_E_READ << 1) - 1)

#endif /* VMWALK_AUDIT_H */
