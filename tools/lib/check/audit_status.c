// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "audit.h"

/* VmPTE counts PTE, PMD and PUD tables only: mm_inc_nr_ptes(), _pmds() and _puds(). */
static int add_table(const struct vmwalk_table *table, void *arg)
{
	struct audit_list *list = arg;

	if (table->level >= VMWALK_LEVEL_PUD)
		list->total.tables += vmwalk_table_bytes(list->caps, table->level);
	return 0;
}

static enum vmwalk_error read_process(struct auditing *auditing, struct vmwalk_process *process)
{
	struct audit_list list;
	enum vmwalk_error error;

	memset(process, 0, sizeof(*process));
	process->page_size = 1U << auditing->page_shift;
	error = audit_list_vmas(auditing, &list, 0, ~0ULL);
	if (error == VMWALK_OK)
		error = audit_list_runs(auditing, &list, 0, ~0ULL);
	if (error == VMWALK_OK)
		error = vmwalk_device_tables(auditing->dev, 0, ~0ULL, add_table, &list);
	if (error == VMWALK_OK)
		error = vmwalk_device_mm(auditing->dev, &process->mm);
	process->account = list.total;
	audit_list_free(&list);
	return error;
}

/* Ignore mm_users and mm_count: readers of /proc/PID can change them for a moment. */
static bool same_process(const struct vmwalk_process *a, const struct vmwalk_process *b)
{
	struct vmwalk_process left = *a, right = *b;

	left.mm.users = right.mm.users;
	left.mm.count = right.mm.count;
	return !memcmp(&left, &right, sizeof(left));
}

struct numbers {
	unsigned int book;
	unsigned int nr;
	struct vmwalk_check check[VMWALK_STATUS_MAX];	/* results of the last try */
	bool open[VMWALK_STATUS_MAX];	/* numbers that differed in every try so far */
	/* numbers that differed in a try during which the process changed */
	bool noisy[VMWALK_STATUS_MAX];
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

static void read_numbers(struct auditing *auditing, const struct vmwalk_process *process,
			 struct numbers *status, struct numbers *stat)
{
	char *text = audit_text(auditing, "status");
	struct vmwalk_slack slack;

	if (text) {
		slack = slack_now(text);
		status->nr = vmwalk_status_check(process, text, &slack, status->check);
	} else {
		audit_unavailable(auditing, status->book, strerror(errno));
	}
	free(text);
	text = audit_text(auditing, "stat");
	if (text)
		stat->nr = vmwalk_stat_check(process, text, stat->check);
	else
		audit_unavailable(auditing, stat->book, strerror(errno));
	free(text);
}

static enum vmwalk_error try_status(struct auditing *auditing, struct vmwalk_process *before,
				    struct vmwalk_process *after, struct numbers *status,
				    struct numbers *stat, bool *open)
{
	bool first = !status->nr && !stat->nr;
	enum vmwalk_error error;
	bool stat_open;

	error = read_process(auditing, before);
	if (error != VMWALK_OK)
		return error;
	read_numbers(auditing, before, status, stat);
	/* No short circuit: still_open() also clears @open of the numbers that agree. */
	stat_open = still_open(stat, first);
	*open = still_open(status, first) || stat_open;
	if (!*open)
		return VMWALK_OK;
	error = read_process(auditing, after);
	if (error == VMWALK_OK && !same_process(before, after)) {
		call_noisy(status);
		call_noisy(stat);
	}
	return error;
}

enum vmwalk_error vmwalk_audit_status(struct auditing *auditing)
{
	struct numbers status = { .book = VMWALK_BOOK_STATUS };
	struct numbers stat = { .book = VMWALK_BOOK_STAT };
	struct vmwalk_process before, after;
	enum vmwalk_error error = VMWALK_OK;
	bool open = true;
	int try;

	for (try = 0; try < AUDIT_TRIES && open && error == VMWALK_OK; try++) {
		audit_wait_before(try);
		error = try_status(auditing, &before, &after, &status, &stat, &open);
	}
	if (error == VMWALK_OK) {
		settle(auditing, &status);
		settle(auditing, &stat);
	}
	return error;
}
