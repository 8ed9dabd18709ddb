// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "view_event.h"

static const struct vmwalk_fault_event *fault_of(const void *row)
{
	return info_fault(row);
}

static const struct vmwalk_fault_event *access_of(const void *row)
{
	return info_access(row);
}

static const struct vmwalk_watch_event *event_of(const void *row)
{
	return ((const struct event_info *)row)->event;
}

static void get_event(const void *row, struct value *value)
{
	value_text(value, vmwalk_event_name(event_of(row)->kind));
}

static void get_time(const void *row, struct value *value)
{
	value_number(value, event_of(row)->time);
}

static void get_seq(const void *row, struct value *value)
{
	if (event_of(row)->seq)
		value_number(value, event_of(row)->seq);
}

static void get_pid(const void *row, struct value *value)
{
	if (event_of(row)->seq)
		value_number(value, event_of(row)->tgid);
}

static void get_tid(const void *row, struct value *value)
{
	if (event_of(row)->seq)
		value_number(value, event_of(row)->tid);
}

static void get_address(const void *row, struct value *value)
{
	const struct vmwalk_watch_event *event = event_of(row);

	if (event->kind == VMWALK_EVENT_SIGNAL) {
		if (info_signal_address(row))
			value_hex(value, event->signal.address);
	} else if (access_of(row)) {
		value_hex(value, event->fault.address);
	}
}

/* In kernel mode the ip can be withheld; without an exception there is none. */
static void get_ip(const void *row, struct value *value)
{
	const struct vmwalk_fault_event *fault = access_of(row);

	if (info_got(row, VMWALK_FAULT_GOT_IP))
		value_hex(value, fault->ip);
	else if (fault && fault->redacted & VMWALK_REDACTED_SYMBOLS)
		value_hidden_kernel(value);
}

static void get_symbol(const void *row, struct value *value)
{
	const struct event_info *info = row;

	if (*info->symbol)
		value_text(value, info->symbol);
}

static void get_access(const void *row, struct value *value)
{
	if (access_of(row))
		value_text(value, vmwalk_access_name(access_of(row)->access));
}

/* That of an access to the kernel's half can be withheld. */
static bool has_code(const void *row, struct value *value)
{
	const struct vmwalk_fault_event *fault = access_of(row);

	if (info_got(row, VMWALK_FAULT_GOT_CODE))
		return true;
	if (fault && fault->flags & VMWALK_FAULT_EXCEPTION &&
	    fault->redacted & VMWALK_REDACTED_SYMBOLS)
		value_hidden_kernel(value);
	return false;
}

static void get_error_code(const void *row, struct value *value)
{
	const struct event_info *info = row;
	__u64 rest;

	if (has_code(row, value))
		value_words(value, vmwalk_code_words(info->caps->arch, access_of(row)->code, &rest),
			    access_of(row)->code);
}

static void get_code(const void *row, struct value *value)
{
	if (has_code(row, value))
		value_hex(value, access_of(row)->code);
}

static void get_outcome(const void *row, struct value *value)
{
	if (fault_of(row))
		value_text(value, vmwalk_ended_name(fault_of(row)->outcome));
}

static void get_class(const void *row, struct value *value)
{
	const struct event_info *info = row;

	if (fault_of(row))
		value_text(value, info->class);
}

static void get_text(const void *row, struct value *value)
{
	const struct event_info *info = row;

	if (fault_of(row) && info->kinds.nr == 1)
		value_text(value, info->kinds.ending[0]->text);
}

static void get_ns(const void *row, struct value *value)
{
	if (fault_of(row))
		value_number(value, fault_of(row)->ns);
	else if (info_call(row))
		value_number(value, info_call(row)->ns);
}

static void get_flags(const void *row, struct value *value)
{
	if (access_of(row))
		value_words(value, vmwalk_fault_words, access_of(row)->flags);
	else if (info_task(row))
		value_words(value, vmwalk_task_words, info_task(row)->flags);
}

static void get_result(const void *row, struct value *value)
{
	if (fault_of(row))
		value_words(value, vmwalk_handled_words, fault_of(row)->result);
}

static void get_tries(const void *row, struct value *value)
{
	if (fault_of(row))
		value_number(value, fault_of(row)->tries);
}

static void get_region(const void *row, struct value *value)
{
	const struct event_info *info = row;

	if (*info->region)
		value_text(value, info->region);
}

static void get_vma(const void *row, struct value *value)
{
	if (info_got(row, VMWALK_FAULT_GOT_VMA))
		value_range(value, access_of(row)->vma.start, access_of(row)->vma.end);
}

static void get_perms(const void *row, struct value *value)
{
	char perms[5];

	if (info_got(row, VMWALK_FAULT_GOT_VMA))
		value_format(value, "%s", vmwalk_vma_perms(access_of(row)->vma.flags, perms));
}

static void get_signal(const void *row, struct value *value)
{
	const struct vmwalk_watch_event *event = event_of(row);
	unsigned int signal = 0;

	if (event->kind == VMWALK_EVENT_SIGNAL)
		signal = event->signal.number;
	else if (fault_of(row))
		signal = event->fault.signal;
	if (signal)
		value_format(value, "SIG%s", sigabbrev_np(signal) ?: "?");
}

static void get_sigcode(const void *row, struct value *value)
{
	const struct vmwalk_watch_event *event = event_of(row);

	if (event->kind == VMWALK_EVENT_SIGNAL)
		value_text(value, vmwalk_sigcode_name(event->signal.number, event->signal.code));
	else if (fault_of(row) && event->fault.signal)
		value_text(value, vmwalk_sigcode_name(event->fault.signal, event->fault.sigcode));
}

static void get_pkey(const void *row, struct value *value)
{
	const struct vmwalk_watch_event *event = event_of(row);

	if (event->kind == VMWALK_EVENT_SIGNAL &&
	    event->signal.got & VMWALK_SIGNAL_GOT_PKEY)
		value_number(value, event->signal.pkey);
	else if (info_got(row, VMWALK_FAULT_GOT_VMA) && access_of(row)->vma.pkey)
		value_number(value, access_of(row)->vma.pkey);
}

static void get_child_pid(const void *row, struct value *value)
{
	if (event_of(row)->kind == VMWALK_EVENT_FORK)
		value_number(value, event_of(row)->task.child_tgid);
}

static void get_child_tid(const void *row, struct value *value)
{
	if (event_of(row)->kind == VMWALK_EVENT_FORK)
		value_number(value, event_of(row)->task.child_tid);
}

static void get_status(const void *row, struct value *value)
{
	int status = event_of(row)->task.status;

	if (event_of(row)->kind != VMWALK_EVENT_EXIT)
		return;
	if (WIFEXITED(status))
		value_number(value, WEXITSTATUS(status));
	else
		value_format(value, "SIG%s", sigabbrev_np(WTERMSIG(status)) ?: "?");
}

static void get_left(const void *row, struct value *value)
{
	if (event_of(row)->kind == VMWALK_EVENT_EXEC || event_of(row)->kind == VMWALK_EVENT_EXIT)
		value_number(value, event_of(row)->task.left);
}

static void get_count(const void *row, struct value *value)
{
	if (event_of(row)->kind == VMWALK_EVENT_LOST)
		value_number(value, event_of(row)->lost.count);
}

static void get_reason(const void *row, struct value *value)
{
	if (event_of(row)->kind == VMWALK_EVENT_LOST)
		value_text(value, vmwalk_lost_name(event_of(row)->lost.reason));
	else if (event_of(row)->kind == VMWALK_EVENT_TLB)
		value_text(value, vmwalk_flush_name(event_of(row)->tlb.reason));
}

/* A full flush has no number of pages: leave the cell empty. */
static void get_pages(const void *row, struct value *value)
{
	const struct vmwalk_watch_event *event = event_of(row);

	if (event->kind == VMWALK_EVENT_TLB && event->tlb.pages != ~0ULL)
		value_number(value, event->tlb.pages);
	else if (event->kind == VMWALK_EVENT_COLLAPSE)
		value_number(value, 1ULL << (event->collapse.order & 63));
}

static void get_done(const void *row, struct value *value)
{
	if (event_of(row)->kind == VMWALK_EVENT_COLLAPSE)
		value_number(value, event_of(row)->collapse.done);
}

/* Write the entry in letters; JSON has its fields as well, see view_event_json.c. */
static void leaf_line(const void *row, unsigned int got,
		      const struct vmwalk_event_leaf *leaf, struct value *value)
{
	if (info_got(row, got))
		value_text(value, view_leaf(row, leaf, value->own, sizeof(value->own)));
}

static void get_before(const void *row, struct value *value)
{
	leaf_line(row, VMWALK_FAULT_GOT_BEFORE, &event_of(row)->fault.before, value);
}

static void get_after(const void *row, struct value *value)
{
	leaf_line(row, VMWALK_FAULT_GOT_AFTER, &event_of(row)->fault.after, value);
}

static void get_pfn(const void *row, struct value *value)
{
	const struct vmwalk_fault_event *fault = fault_of(row);

	if (!fault)
		return;
	if (fault->after.state.got & VMWALK_GOT_PFN)
		value_hex(value, fault->after.state.pfn);
	else if (fault->redacted & VMWALK_REDACTED_PFN && info_entry(&fault->after))
		value_hidden(value);
}

static const struct column column[] = {
	{ "EVENT", "event", "event", "fault, mmap, ...", COLUMN_SHOWN, get_event, NULL },
	{ "TIME", "time", "time", "ns of CLOCK_MONOTONIC", COLUMN_SHOWN, get_time, NULL },
	{ "SEQ", "seq", "seq", "sequence number, without gaps", COLUMN_SHOWN, get_seq, NULL },
	{ "PID", "pid", "pid", "process", COLUMN_SHOWN, get_pid, NULL },
	{ "TID", "tid", "tid", "thread", COLUMN_SHOWN, get_tid, NULL },
	{ "ADDRESS", "address", "address", "address accessed", COLUMN_SHOWN, get_address, NULL },
	{ "ACCESS", "access", "access", "read, write or exec", COLUMN_SHOWN, get_access, NULL },
	{ "ERRORCODE", "error code", "error_code", "of the hardware, in letters", COLUMN_SHOWN,
	  get_error_code, NULL },
	{ "CODE", "code", "code", "the same, raw", 0, get_code, NULL },
	{ "OUTCOME", "outcome", "outcome", "minor, major, SIGSEGV, ...", COLUMN_SHOWN,
	  get_outcome, NULL },
	{ "CLASS", "class", "class", "the cause", COLUMN_SHOWN, get_class, NULL },
	{ "TEXT", "text", "text", "the same in words", 0, get_text, NULL },
	{ "NS", "ns", "ns", "duration", COLUMN_SHOWN, get_ns, NULL },
	{ "REGION", "region", "region", "name of the region", COLUMN_SHOWN, get_region,
	  NULL },
	{ "IP", "ip", "ip", "address of the instruction", COLUMN_SHOWN, get_ip, NULL },
	{ "SYMBOL", "symbol", "symbol", "its symbol", COLUMN_SHOWN, get_symbol, NULL },
	{ "BEFORE", "before", "before.entry", "entry before, in letters", COLUMN_SHOWN, get_before,
	  NULL },
	{ "AFTER", "after", "after.entry", "entry after the fault", COLUMN_SHOWN, get_after,
	  NULL },
	{ "PFN", "pfn", "after.pfn", "frame after the fault", COLUMN_SHOWN, get_pfn, NULL },
	{ "FLAGS", "flags", "flags", "kernel, waited, thread, ...", COLUMN_SHOWN, get_flags, NULL },
	{ "RESULT", "result", "result", "VM_FAULT_* of handle_mm_fault()", 0, get_result, NULL },
	{ "TRIES", "tries", "tries", "calls of handle_mm_fault()", 0, get_tries, NULL },
	{ "VMA", "vma", "vma", "address range of the VMA", 0, get_vma, NULL },
	{ "PERMS", "perms", "vma.perms", "permissions of the VMA", 0, get_perms, NULL },
	{ "SIGNAL", "signal", "signal", "SIGSEGV or SIGBUS", COLUMN_SHOWN, get_signal, NULL },
	{ "SIGCODE", "sigcode", "signal_code", "SEGV_MAPERR, ...", COLUMN_SHOWN, get_sigcode,
	  NULL },
	{ "PKEY", "pkey", "pkey", "protection key", COLUMN_SHOWN, get_pkey, NULL },
	{ "CHILDPID", "child", "child_pid", "fork: process of child", COLUMN_SHOWN, get_child_pid,
	  NULL },
	{ "CHILDTID", "child tid", "child_tid", "fork: thread of child", COLUMN_SHOWN,
	  get_child_tid, NULL },
	{ "STATUS", "status", "status", "exit: the status, or the signal", COLUMN_SHOWN,
	  get_status, NULL },
	{ "LEFT", "left", "left", "processes still watched", COLUMN_SHOWN, get_left, NULL },
	{ "COUNT", "count", "count", "lost: number of events", COLUMN_SHOWN, get_count, NULL },
	{ "REASON", "reason", "reason", "lost, tlb: reason", COLUMN_SHOWN, get_reason, NULL },
	{ "PAGES", "pages", "pages", "tlb, collapse: base pages", COLUMN_SHOWN, get_pages,
	  NULL },
	{ "DONE", "done", "done", "collapse: 1 if it succeeded", COLUMN_SHOWN,
	  get_done, NULL },
};

const struct columns event_columns = COLUMNS("events (watch)", column);
