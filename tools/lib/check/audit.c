// SPDX-License-Identifier: GPL-2.0
/*
 * A whole process, held against all the books: the order of the parts, and the
 * part that is about the process as a whole.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"
#include "proc/read.h"

const char *vmwalk_book_counts(unsigned int book)
{
	switch (book) {
	case VMWALK_BOOK_MAPS:
	case VMWALK_BOOK_SMAPS:
		return "VMAs";
	case VMWALK_BOOK_STATUS:
	case VMWALK_BOOK_STAT:
		return "numbers";
	default:
		return "pages";
	}
}

/**
 * struct whole - the process as a whole, and the VMA that its sums are at
 * @says: what vmwalk says
 * @vmas: the VMAs, ascending
 * @nr: of @vmas
 * @room: at @vmas
 * @at: the VMA that the last run lay in
 * @page_shift: of a base page
 */
struct whole {
	struct vmwalk_whole says;
	struct vmwalk_vma *vmas;
	size_t nr;
	size_t room;
	size_t at;
	unsigned int page_shift;
};

static int take_vma(const struct vmwalk_vma *vma, const char *name, void *arg)
{
	struct whole *whole = arg;
	struct vmwalk_vma *bigger;

	(void)name;
	if (whole->nr == whole->room) {
		whole->room = 2 * whole->room + 64;
		bigger = realloc(whole->vmas, whole->room * sizeof(*bigger));
		if (!bigger) {
			whole->says.sums.incomplete = true;
			return 1;
		}
		whole->vmas = bigger;
	}
	whole->vmas[whole->nr++] = *vma;
	whole->says.vma_bytes += vma->end - vma->start;
	whole->says.vmas++;
	return 0;
}

static int take_run(const struct vmwalk_run *run, void *arg)
{
	struct whole *whole = arg;

	while (whole->at < whole->nr && whole->vmas[whole->at].end <= run->start)
		whole->at++;
	/* A VMA that was not there when they were listed. */
	if (whole->at == whole->nr || whole->vmas[whole->at].start > run->start)
		whole->says.sums.incomplete = true;
	else
		vmwalk_sums_add(&whole->says.sums, run, &whole->vmas[whole->at],
				whole->page_shift);
	return 0;
}

/* Those that VmPTE counts: mm_inc_nr_ptes(), mm_inc_nr_pmds(), mm_inc_nr_puds(). */
static int take_table(const struct vmwalk_table *table, void *arg)
{
	struct whole *whole = arg;

	if (table->level >= VMWALK_LEVEL_PUD)
		whole->says.tables++;
	return 0;
}

static enum vmwalk_error read_whole(struct auditing *auditing, struct whole *whole)
{
	const struct vmwalk_scan_request request = {
		.end = ~0ULL, .flags = AUDIT_SCAN_FLAGS,
	};
	enum vmwalk_error error;

	memset(&whole->says, 0, sizeof(whole->says));
	whole->nr = 0;
	whole->at = 0;
	whole->page_shift = auditing->page_shift;
	whole->says.page_size = 1U << auditing->page_shift;
	/* A table is a page on every architecture that there is a module for. */
	whole->says.table_bytes = whole->says.page_size;
	error = vmwalk_device_vmas(auditing->dev, 0, ~0ULL, take_vma, whole);
	if (error == VMWALK_OK)
		error = vmwalk_device_scan(auditing->dev, &request, take_run, whole);
	if (error == VMWALK_OK)
		error = vmwalk_device_tables(auditing->dev, 0, ~0ULL, take_table, whole);
	if (error == VMWALK_OK)
		error = vmwalk_device_mm(auditing->dev, &whole->says.mm);
	return error;
}

/* What others do to it, such as open and attach it, does not count as a change. */
static bool same_whole(const struct vmwalk_whole *a, const struct vmwalk_whole *b)
{
	struct vmwalk_whole left = *a, right = *b;

	left.mm.users = right.mm.users;
	left.mm.count = right.mm.count;
	return !memcmp(&left, &right, sizeof(left));
}

/**
 * struct numbers - comparisons of one book about the whole
 * @book: which
 * @nr: of @check
 * @check: of the last try
 * @open: those that have not agreed in any try yet
 * @noisy: those that were made while something changed, at least once
 */
struct numbers {
	unsigned int book;
	unsigned int nr;
	struct vmwalk_check check[VMWALK_WHOLE_MAX];
	bool open[VMWALK_WHOLE_MAX];
	bool noisy[VMWALK_WHOLE_MAX];
};

static bool still_open(struct numbers *numbers, bool first)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < numbers->nr; i++) {
		if (first)
			numbers->open[i] = true;
		if (numbers->check[i].result == VMWALK_CHECK_OK)
			numbers->open[i] = false;
		any |= numbers->open[i];
	}
	return any;
}

static void call_noisy(struct numbers *numbers)
{
	unsigned int i;

	for (i = 0; i < numbers->nr; i++)
		numbers->noisy[i] |= numbers->open[i];
}

static void settle(struct auditing *auditing, const struct numbers *numbers)
{
	struct vmwalk_audit_book *outcome = &auditing->audit->book[numbers->book];
	unsigned int i;

	outcome->compared = numbers->nr;
	for (i = 0; i < numbers->nr; i++) {
		if (!numbers->open[i])
			outcome->ok++;
		else if (numbers->noisy[i])
			audit_raced(auditing, numbers->book);
		else
			audit_mismatch(auditing, numbers->book, 0, numbers->check[i].reason);
	}
}

static struct vmwalk_slack slack_now(const char *status)
{
	struct utsname name;
	__u64 threads = 1;
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	uname(&name);
	vmwalk_status_number(status, "Threads", &threads);
	return vmwalk_slack_of(name.release, threads, cpus > 0 ? cpus : 1);
}

static void read_numbers(struct auditing *auditing, const struct vmwalk_whole *says,
			 struct numbers *status, struct numbers *stat)
{
	char *text = audit_text(auditing, "status");
	struct vmwalk_slack slack;

	if (text) {
		slack = slack_now(text);
		status->nr = vmwalk_whole_check_status(says, text, &slack, status->check);
	} else {
		audit_unavailable(auditing, status->book, strerror(errno));
	}
	free(text);
	text = audit_text(auditing, "stat");
	if (text)
		stat->nr = vmwalk_whole_check_stat(says, text, stat->check);
	else
		audit_unavailable(auditing, stat->book, strerror(errno));
	free(text);
}

static enum vmwalk_error try_whole(struct auditing *auditing, struct whole *before,
				   struct whole *after, struct numbers *status,
				   struct numbers *stat, bool *open)
{
	bool first = !status->nr && !stat->nr;
	enum vmwalk_error error;
	bool stat_open;

	error = read_whole(auditing, before);
	if (error != VMWALK_OK)
		return error;
	read_numbers(auditing, &before->says, status, stat);
	/* Both have to be gone through: what agrees is closed. */
	stat_open = still_open(stat, first);
	*open = still_open(status, first) || stat_open;
	if (!*open)
		return VMWALK_OK;
	error = read_whole(auditing, after);
	if (error == VMWALK_OK && !same_whole(&before->says, &after->says)) {
		call_noisy(status);
		call_noisy(stat);
	}
	return error;
}

enum vmwalk_error vmwalk_audit_whole(struct auditing *auditing)
{
	struct numbers status = { .book = VMWALK_BOOK_STATUS };
	struct numbers stat = { .book = VMWALK_BOOK_STAT };
	struct whole before = { 0 }, after = { 0 };
	enum vmwalk_error error = VMWALK_OK;
	bool open = true;
	int try;

	for (try = 0; try < AUDIT_TRIES && open && error == VMWALK_OK; try++) {
		audit_wait_before(try);
		error = try_whole(auditing, &before, &after, &status, &stat, &open);
	}
	if (error == VMWALK_OK) {
		settle(auditing, &status);
		settle(auditing, &stat);
	}
	free(before.vmas);
	free(after.vmas);
	return error;
}

enum vmwalk_error vmwalk_audit(struct vmwalk_device *dev, const struct vmwalk_auditor *auditor,
			       struct vmwalk_audit *audit)
{
	struct auditing auditing = { .dev = dev, .auditor = auditor, .audit = audit };
	enum vmwalk_error error;
	struct vmwalk_mm mm;

	memset(audit, 0, sizeof(*audit));
	auditing.page_shift = __builtin_ctz(vmwalk_device_caps(dev)->page_size);
	error = vmwalk_device_mm(dev, &mm);
	auditing.total = mm.total_vm;
	if (error == VMWALK_OK)
		error = vmwalk_audit_vmas(&auditing);
	if (error == VMWALK_OK)
		error = vmwalk_audit_pages(&auditing);
	if (error == VMWALK_OK)
		error = vmwalk_audit_whole(&auditing);
	return error;
}
