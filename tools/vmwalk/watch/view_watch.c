// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "output/escape.h"
#include "output/format.h"
#include "output/words.h"
#include "view_event.h"

#define INDENT	12
/*
 * Width of the screen, characters: from WIDE on, a fault takes one line instead of two;
 * below NARROW, the region moves to the second line and the cause is only its class.
 */
#define WIDE	160
#define NARROW	100

/* Write the error code; x86 has a place for each of the bits 0 to 4: "[- W U - -]". */
static char *error_code(const struct event_info *info, char *buf, size_t size)
{
	const struct vmwalk_word *word;
	struct words words = words_begin(buf, size);
	const char *blank = "";
	__u64 code, rest;

	if (!info_got(info, VMWALK_FAULT_GOT_CODE))
		return buf;
	code = info_access(info)->code;
	words_add(&words, "[");
	for (word = vmwalk_code_words(info->caps->arch, code, &rest); word->mask; word++) {
		if ((code & word->mask) == word->mask)
			words_add(&words, "%s%s", blank, word->word);
		else if (word->mask <= 1 << 4)
			words_add(&words, "%s-", blank);
		blank = " ";
	}
	if (rest)
		words_add(&words, "%s%#llx", blank, (unsigned long long)rest);
	words_add(&words, "]");
	return buf;
}

static enum ink ink_of(const struct vmwalk_fault_event *fault)
{
	switch (fault->outcome) {
	case VMWALK_ENDED_MINOR:
		return INK_GOOD;
	case VMWALK_ENDED_MAJOR:
	case VMWALK_ENDED_UNKNOWN:
	case VMWALK_ENDED_INTERRUPTED:
		return INK_WARN;
	default:
		return INK_BAD;
	}
}

static const char *short_name(const char *region)
{
	const char *slash = strrchr(region, '/');

	return region[0] == '/' && slash[1] ? slash + 1 : region;
}

static char *region_of(const struct screen *screen, const struct event_info *info, char *buf,
		       size_t size)
{
	return escape_text(buf, size, *info->region ? short_name(info->region) : "-",
			   screen->ascii);
}

static void draw_access(struct screen *screen, const struct event_info *info)
{
	static const char * const tried[] = { "read", "write", "exec" };
	const struct vmwalk_fault_event *fault = info_access(info);
	char code[64], address[32];

	snprintf(address, sizeof(address), "%#llx", (unsigned long long)fault->address);
	screen_word(screen, "tid %-6u %-5s %-14s %-11s", info->event->tid,
		    fault->access < 3 ? tried[fault->access] : "?", address,
		    error_code(info, code, sizeof(code)));
}

static void draw_where(struct screen *screen, const struct event_info *info)
{
	const struct vmwalk_fault_event *fault = info_fault(info);
	char duration[32], region[1024];

	draw_access(screen, info);
	screen_ink(screen, ink_of(fault));
	screen_word(screen, "%-7s", vmwalk_ended_name(fault->outcome));
	screen_ink(screen, INK_PLAIN);
	screen_word(screen, "%s", format_duration(fault->ns, duration, sizeof(duration)));
	if (screen->width >= NARROW)
		screen_word(screen, "%s", region_of(screen, info, region, sizeof(region)));
}

static void draw_entries(struct screen *screen, const struct event_info *info)
{
	const struct vmwalk_fault_event *fault = info_fault(info);
	char before[128] = "-", after[128] = "-";

	if (info_got(info, VMWALK_FAULT_GOT_BEFORE))
		view_leaf(info, &fault->before, before, sizeof(before));
	if (info_got(info, VMWALK_FAULT_GOT_AFTER))
		view_leaf(info, &fault->after, after, sizeof(after));
	if (strcmp(after, "-"))
		screen_part(screen, "%s → %s", before, after);
	else if (strcmp(before, "-"))
		screen_part(screen, "%s", before);
	if (fault->flags & VMWALK_FAULT_SAME_PAGE)
		screen_word(screen, " same frame");
	if (fault->after.state.got & VMWALK_GOT_PFN)
		screen_word(screen, " pfn %#llx", (unsigned long long)fault->after.state.pfn);
	else if (fault->redacted & VMWALK_REDACTED_PFN && info_entry(&fault->after) &&
		 fault->after.state.kind)
		screen_word(screen, " pfn hidden");
}

static void draw_cause(struct screen *screen, const struct event_info *info)
{
	const struct vmwalk_ending *ending = info->kinds.ending[0];

	if (info->kinds.nr == 1 && screen->width >= NARROW)
		screen_part(screen, "%s: %s", info->class, ending->text);
	else
		screen_part(screen, "%s", info->class);
	if (info_fault(info)->signal)
		screen_part(screen, "%s", vmwalk_sigcode_name(info_fault(info)->signal,
							      info_fault(info)->sigcode));
}

static void draw_marks(struct screen *screen, const struct event_info *info)
{
	const struct vmwalk_fault_event *fault = info_access(info);
	char symbol[1024];

	/* The usual case has no mark: the process itself, in user mode. */
	if (fault->flags & VMWALK_FAULT_REMOTE)
		screen_part(screen, "taken by another process");
	else if (fault->flags & VMWALK_FAULT_CALLED)
		screen_part(screen, "called by the kernel");
	else if (fault->flags & VMWALK_FAULT_KERNEL)
		screen_part(screen, "in the kernel");
	if (fault->flags & VMWALK_FAULT_WAITED)
		screen_part(screen, "waited");
	if (fault->tries > 1)
		screen_part(screen, "%u tries", fault->tries);
	escape_text(symbol, sizeof(symbol), info->symbol, screen->ascii);
	if (*symbol)
		screen_part(screen, "at %s", symbol);
	else if (info_got(info, VMWALK_FAULT_GOT_IP))
		screen_part(screen, "at %#llx", (unsigned long long)fault->ip);
}

static void draw_fault(struct screen *screen, const struct event_info *info)
{
	char region[1024];

	draw_where(screen, info);
	if (screen->width < WIDE) {
		screen_end(screen);
		screen_row(screen, "", INDENT);
	}
	if (screen->width < NARROW)
		screen_part(screen, "%s", region_of(screen, info, region, sizeof(region)));
	draw_entries(screen, info);
	draw_cause(screen, info);
	draw_marks(screen, info);
}

/* An EXCEPTION event has no outcome: the module does not follow the fault. */
static void draw_exception(struct screen *screen, const struct event_info *info)
{
	draw_access(screen, info);
	draw_marks(screen, info);
}

static void draw_signal(struct screen *screen, const struct event_info *info)
{
	const struct vmwalk_signal_event *signal = &info->event->signal;
	char region[1024];

	screen_ink(screen, INK_BAD);
	screen_word(screen, "tid %-6u SIG%s (%s)", info->event->tid,
		    sigabbrev_np(signal->number) ?: "?",
		    vmwalk_sigcode_name(signal->number, signal->code));
	screen_ink(screen, INK_PLAIN);
	if (info_signal_address(info))
		screen_word(screen, "at %#llx", (unsigned long long)signal->address);
	else
		screen_part(screen, "%s", info->caps->arch == VMWALK_ARCH_X86_64 ?
			    "no address is told, as of one that is not canonical" :
			    "no address is told");
	if (*info->region)
		screen_word(screen, "in %s", region_of(screen, info, region, sizeof(region)));
	if (signal->got & VMWALK_SIGNAL_GOT_PKEY)
		screen_part(screen, "protection key %u", signal->pkey);
}

static void draw_exit(struct screen *screen, const struct vmwalk_task_event *task)
{
	int status = task->status;

	screen_word(screen, "exit");
	if (task->flags & VMWALK_TASK_THREAD)
		screen_part(screen, "a thread; the process goes on");
	if (WIFSIGNALED(status))
		screen_part(screen, "killed by SIG%s", sigabbrev_np(WTERMSIG(status)) ?: "?");
	else
		screen_part(screen, "status %d", WEXITSTATUS(status));
}

static void draw_fork(struct screen *screen, const struct vmwalk_task_event *task)
{
	bool shared = task->flags & VMWALK_TASK_SHARED;

	if (task->flags & VMWALK_TASK_THREAD) {
		screen_word(screen, "fork  a thread, tid %u", task->child_tid);
		return;
	}
	screen_word(screen, "fork  process %u%s", task->child_tgid,
		    shared ? " with the same address space" : "");
	if (!shared)
		screen_part(screen, "%s", task->flags & VMWALK_TASK_FOLLOWED ? "watched" :
			    task->flags & VMWALK_TASK_FULL ? "not watched: no room" :
			    "not watched");
}

static void draw_task(struct screen *screen, const struct event_info *info)
{
	const struct vmwalk_task_event *task = info_task(info);

	screen_word(screen, "tid %-6u", info->event->tid);
	if (info->event->kind == VMWALK_EVENT_FORK) {
		draw_fork(screen, task);
	} else if (info->event->kind == VMWALK_EVENT_EXIT) {
		draw_exit(screen, task);
	} else {
		screen_word(screen, "exec  a program: new address space");
		screen_part(screen, info->traced ? "watched from its first instruction on" :
			    "not watched from here on, unless it is added again");
	}
}

static void draw_collapse(struct screen *screen, const struct event_info *info)
{
	const struct vmwalk_watch_event *event = info->event;
	char who[32] = "khugepaged ";

	if (event->tid)
		snprintf(who, sizeof(who), "tid %-6u", event->tid);
	screen_word(screen, "%s collapse", who);
	screen_part(screen, event->collapse.done ? "%llu base pages are one huge page now" :
		    "%llu base pages could not be made one huge page",
		    1ULL << (event->collapse.order & 63));
}

static void draw_tlb(struct screen *screen, const struct event_info *info)
{
	static const char * const words[] = {
		[VMWALK_FLUSH_UNKNOWN] = "",
		[VMWALK_FLUSH_LOCAL] = "here, for an unmapped range",
		[VMWALK_FLUSH_LOCAL_MM] = "here, for a change of the address space",
		[VMWALK_FLUSH_REMOTE] = "here, requested by another CPU",
		[VMWALK_FLUSH_SEND] = "requested of other CPUs",
	};
	const struct vmwalk_watch_event *event = info->event;

	screen_word(screen, "tid %-6u TLB flush", event->tid);
	if (event->tlb.pages == ~0ULL)
		screen_part(screen, "all translations");
	else
		screen_part(screen, "%llu page%s", (unsigned long long)event->tlb.pages,
			    event->tlb.pages == 1 ? "" : "s");
	if (event->tlb.reason <= VMWALK_FLUSH_SEND && event->tlb.reason)
		screen_part(screen, "%s", words[event->tlb.reason]);
}

static void draw_lost(struct screen *screen, const struct vmwalk_watch_event *event)
{
	static const char * const words[] = {
		[VMWALK_LOST_RING] = "events lost here: the ring was full",
		[VMWALK_LOST_PROBE] = "calls of handle_mm_fault() not followed: too many at once",
		[VMWALK_LOST_NMI] = "faults in an NMI not recorded",
		[VMWALK_LOST_SLOT] = "exceptions not kept until handle_mm_fault() was called",
	};

	screen_ink(screen, INK_BAD);
	screen_word(screen, "%llu %s", (unsigned long long)event->lost.count,
		    event->lost.reason <= VMWALK_LOST_SLOT ? words[event->lost.reason] : "lost");
	screen_ink(screen, INK_PLAIN);
}

void view_event(struct screen *screen, const struct event_info *info)
{
	char time[32];

	/* Negative for events that ended between the subscription and @begun. */
	snprintf(time, sizeof(time), "%*.6f", INDENT - 2,
		 (double)(__s64)(info->event->time - info->begun) / 1e9);
	screen_row(screen, time, INDENT);
	if (info_fault(info))
		draw_fault(screen, info);
	else if (info_call(info))
		view_call(screen, info);
	else if (info_task(info))
		draw_task(screen, info);
	else if (info->event->kind == VMWALK_EVENT_LOST)
		draw_lost(screen, info->event);
	else if (info->event->kind == VMWALK_EVENT_COLLAPSE)
		draw_collapse(screen, info);
	else if (info->event->kind == VMWALK_EVENT_TLB)
		draw_tlb(screen, info);
	else if (info_access(info))
		draw_exception(screen, info);
	else
		draw_signal(screen, info);
	screen_end(screen);
}
