// SPDX-License-Identifier: GPL-2.0
/*
 * Compare a process with /proc/PID/status and /proc/PID/stat, by the rules of task_mem()
 * of fs/proc/task_mmu.c and do_task_stat() of fs/proc/array.c. Pure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "status.h"

/*
 * The counters of the mm may lack at most this many faults of a thread. Until 6.1,
 * check_sync_rss_stat() of mm/memory.c adds them at the start of a fault if there have
 * been more than TASK_RSS_EVENTS_THRESH (64).
 */
#define FAULTS_OF_THREAD	66
/*
 * Pages of 4 KiB that a fault in a file can map: fault_around_bytes of mm/memory.c (64
 * KiB)
 */
#define PAGES_AROUND		16
/* The smallest percpu_counter_batch of lib/percpu_counter.c */
#define BATCH_OF_CPU		32

struct vmwalk_slack vmwalk_slack_of(const char *release, unsigned int threads,
				    unsigned int cpus)
{
	unsigned int major = 0, minor = 0, batch = 2 * cpus;
	struct vmwalk_slack slack = { 0, 0 };

	if (sscanf(release, "%u.%u", &major, &minor) != 2)
		return slack;
	if (major > 6 || (major == 6 && minor >= 12))
		return slack;
	if (major == 6 && minor >= 2) {
		slack.alone = (__u64)cpus * (batch > BATCH_OF_CPU ? batch : BATCH_OF_CPU);
		slack.around = slack.alone;
	} else {
		slack.alone = (__u64)threads * FAULTS_OF_THREAD;
		slack.around = slack.alone * PAGES_AROUND;
	}
	return slack;
}

bool vmwalk_status_number(const char *text, const char *name, __u64 *value)
{
	size_t len = strlen(name);
	char *rest;

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, name, len) || text[len] != ':')
			continue;
		*value = strtoull(text + len + 1, &rest, 10);
		if (!strncmp(rest, " kB", 3))
			*value *= 1024;
		return true;
	}
	return false;
}

/* @check has VMWALK_STATUS_MAX elements, of which @nr are filled. */
struct outcomes {
	struct vmwalk_check *check;
	unsigned int nr;
};

static void expect(struct outcomes *outcomes, const char *book, const char *name,
		   __u64 says, __u64 least, __u64 most)
{
	struct vmwalk_check *check;

	if (outcomes->nr == VMWALK_STATUS_MAX)
		return;
	check = &outcomes->check[outcomes->nr++];
	if (says >= least && says <= most)
		vmwalk_agree(check);
	else
		vmwalk_conclude(check, VMWALK_CHECK_MISMATCH, "%s: %s has %llu, vmwalk %llu",
				name, book, (unsigned long long)says, (unsigned long long)least);
}

/* A line of status may be @below less and @above more than @value; bytes */
struct status_line {
	const char *name;
	__u64 value;
	__u64 below;
	__u64 above;
};

static void expect_lines(struct outcomes *outcomes, const char *text,
			 const struct status_line *line, size_t nr)
{
	__u64 says, least;

	for (; nr--; line++) {
		if (!vmwalk_status_number(text, line->name, &says))
			continue;
		least = line->value > line->below ? line->value - line->below : 0;
		expect(outcomes, "status", line->name, says, least, line->value + line->above);
	}
}

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/*
 * Return VmExe as task_mem() computes it, bytes; the rest of executable memory is VmLib.
 */
static __u64 text_bytes(const struct vmwalk_process *process)
{
	const struct vmwalk_mm *mm = &process->mm;
	__u64 mask = process->page_size - 1;
	__u64 text = ((mm->end_code + mask) & ~mask) - (mm->start_code & ~mask);
	__u64 exec = mm->exec_vm * process->page_size;

	return text < exec ? text : exec;
}

static void expect_record(struct outcomes *outcomes, const struct vmwalk_process *process,
			  const char *text)
{
	const struct vmwalk_mm *mm = &process->mm;
	__u64 page = process->page_size, code = text_bytes(process);
	__u64 rss = mm->rss_anon + mm->rss_file + mm->rss_shmem;
	const struct status_line lines[] = {
		{ "VmPeak", larger(mm->hiwater_vm, mm->total_vm) * page, 0, 0 },
		{ "VmSize", mm->total_vm * page, 0, 0 },
		{ "VmLck", mm->locked_vm * page, 0, 0 },
		{ "VmPin", mm->pinned_vm * page, 0, 0 },
		{ "VmHWM", larger(mm->hiwater_rss, rss) * page, 0, 0 },
		{ "VmRSS", rss * page, 0, 0 },
		{ "RssAnon", mm->rss_anon * page, 0, 0 },
		{ "RssFile", mm->rss_file * page, 0, 0 },
		{ "RssShmem", mm->rss_shmem * page, 0, 0 },
		{ "VmData", mm->data_vm * page, 0, 0 },
		{ "VmStk", mm->stack_vm * page, 0, 0 },
		{ "VmExe", code, 0, 0 },
		{ "VmLib", mm->exec_vm * page - code, 0, 0 },
		{ "VmPTE", mm->table_bytes, 0, 0 },
		{ "VmSwap", mm->swap * page, 0, 0 },
		{ "HugetlbPages", mm->hugetlb, 0, 0 },
	};

	expect_lines(outcomes, text, lines, sizeof(lines) / sizeof(lines[0]));
}

static void expect_sums(struct outcomes *outcomes, const struct vmwalk_process *process,
			const char *text, const struct vmwalk_slack *slack)
{
	__u64 alone = slack->alone * process->page_size;
	__u64 around = slack->around * process->page_size;
	const struct vmwalk_account *account = &process->account;
	/* try_to_unmap_one() takes poisoned pages out of the counters. */
	__u64 rss = account->resident - account->poisoned;
	__u64 hugetlb = account->hugetlb - account->hugetlb_poisoned;
	const struct status_line lines[] = {
		{ "VmRSS", rss, alone + 2 * around + account->maybe_zero, alone + 2 * around },
		{ "RssAnon", account->anon, alone, alone + account->unknown },
		{ "RssFile", account->file, around, around + account->unknown },
		{ "RssShmem", account->shmem, around, around + account->unknown },
		{ "VmSwap", account->swap, alone, alone },
		{ "VmSize", account->mapped, 0, 0 },
		{ "VmPTE", account->tables, 0, 0 },
		/*
		 * A page in a shared page table counts only for the process that faulted
		 * it in.
		 */
		{ "HugetlbPages", hugetlb, account->table_sharing ? hugetlb : 0, 0 },
	};

	expect_lines(outcomes, text, lines, sizeof(lines) / sizeof(lines[0]));
}

unsigned int vmwalk_status_check(const struct vmwalk_process *process, const char *text,
				 const struct vmwalk_slack *slack, struct vmwalk_check *check)
{
	struct outcomes outcomes = { .check = check };

	expect_record(&outcomes, process, text);
	if (!process->account.incomplete)
		expect_sums(&outcomes, process, text, slack);
	return outcomes.nr;
}

/*
 * Fields are numbered from 1, as in proc_pid_stat(5); field 52 (exit_code) is not used.
 */
#define STAT_FIELDS	52

static unsigned int split_stat(const char *text, __u64 *field)
{
	/* Field 2, the name, may itself contain ")"; field 3 is a letter. */
	const char *at = strrchr(text, ')');
	unsigned int nr = 4;
	char *rest;

	if (!at || strlen(at) < 4)
		return 0;
	for (at += 3; nr < STAT_FIELDS; nr++, at = rest) {
		field[nr] = strtoull(at, &rest, 10);
		if (rest == at)
			break;
	}
	return nr;
}

static void expect_limits(struct outcomes *outcomes, const struct vmwalk_mm *mm,
			  const __u64 *field)
{
	const struct {
		const char *name;
		unsigned int number;
		__u64 value;
	} limits[] = {
		{ "startcode", 26, mm->start_code },
		{ "endcode", 27, mm->end_code },
		{ "startstack", 28, mm->start_stack },
		{ "start_data", 45, mm->start_data },
		{ "end_data", 46, mm->end_data },
		{ "start_brk", 47, mm->start_brk },
		{ "arg_start", 48, mm->arg_start },
		{ "arg_end", 49, mm->arg_end },
		{ "env_start", 50, mm->env_start },
		{ "env_end", 51, mm->env_end },
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		expect(outcomes, "stat", limits[i].name, field[limits[i].number],
		       limits[i].value, limits[i].value);
}

unsigned int vmwalk_stat_check(const struct vmwalk_process *process, const char *text,
			       struct vmwalk_check *check)
{
	struct outcomes outcomes = { .check = check };
	const struct vmwalk_mm *mm = &process->mm;
	__u64 field[STAT_FIELDS];

	if (split_stat(text, field) < STAT_FIELDS)
		return 0;
	expect(&outcomes, "stat", "vsize", field[23], process->mm.total_vm * process->page_size,
	       process->mm.total_vm * process->page_size);
	if (process->mm.got & VMWALK_GOT_PROCESS_FAULTS) {
		expect(&outcomes, "stat", "minflt", field[10], mm->process_minor,
		       mm->process_minor);
		expect(&outcomes, "stat", "majflt", field[12], mm->process_major,
		       mm->process_major);
	}
	/*
	 * Without ptrace access do_task_stat() shows startcode and endcode as 1, and all
	 * other addresses as 0.
	 */
	if (field[26] > 1)
		expect_limits(&outcomes, &process->mm, field);
	return outcomes.nr;
}
