// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "event_info.h"
#include "output/words.h"

const struct vmwalk_fault_event *info_fault(const struct event_info *info)
{
	return info->event->kind == VMWALK_EVENT_FAULT ? &info->event->fault : NULL;
}

const struct vmwalk_fault_event *info_access(const struct event_info *info)
{
	return info->event->kind == VMWALK_EVENT_EXCEPTION ? &info->event->fault :
							     info_fault(info);
}

bool info_got(const struct event_info *info, unsigned int got)
{
	const struct vmwalk_fault_event *fault = info_access(info);

	return fault && fault->got & got;
}

const struct vmwalk_task_event *info_task(const struct event_info *info)
{
	switch (info->event->kind) {
	case VMWALK_EVENT_FORK:
	case VMWALK_EVENT_EXEC:
	case VMWALK_EVENT_EXIT:
		return &info->event->task;
	default:
		return NULL;
	}
}

bool info_is_call(unsigned int event)
{
	switch (event) {
	case VMWALK_EVENT_MMAP:
	case VMWALK_EVENT_MUNMAP:
	case VMWALK_EVENT_MPROTECT:
	case VMWALK_EVENT_MREMAP:
	case VMWALK_EVENT_BRK:
	case VMWALK_EVENT_MADVISE:
		return true;
	default:
		return false;
	}
}

const struct vmwalk_call_event *info_call(const struct event_info *info)
{
	return info_is_call(info->event->kind) ? &info->event->call : NULL;
}

bool info_signal_address(const struct event_info *info)
{
	const struct vmwalk_signal_event *signal = &info->event->signal;

	return info->event->kind == VMWALK_EVENT_SIGNAL && signal->code != SI_KERNEL;
}

bool info_entry(const struct vmwalk_event_leaf *leaf)
{
	return leaf->state.absent == VMWALK_ABSENT_NOT && leaf->state.got & VMWALK_GOT_ENTRIES;
}

const char *info_state(const struct vmwalk_event_leaf *leaf)
{
	return leaf->entry.type == VMWALK_CLASS_LEAF ? "present" :
							 vmwalk_class_name(leaf->entry.type);
}

static void set_class(struct event_info *info)
{
	struct words words = words_begin(info->class, sizeof(info->class));
	const char *name, *before = "";
	unsigned int i;

	for (i = 0; i < info->kinds.nr; i++) {
		name = vmwalk_cause_name(info->kinds.ending[i]->cause);
		if (!i || strcmp(name, before))
			words_add(&words, "%s%s", i ? "|" : "", name);
		before = name;
	}
}

/* The kernel refuses by a VMA: by its rights, its protection key, a tag of its memory... */
static bool is_in_vma(unsigned int signal, int code)
{
	return signal == SIGSEGV && code > SEGV_MAPERR && code != SI_KERNEL;
}

bool info_in_vma(const struct event_info *info)
{
	const struct vmwalk_fault_event *fault = info_fault(info);

	return info_got(info, VMWALK_FAULT_GOT_VMA) ||
	       (fault && is_in_vma(fault->signal, fault->sigcode));
}

static void set_region(struct event_info *info, struct watched_process *process)
{
	const struct vmwalk_fault_event *fault = info_access(info);
	const struct vmwalk_signal_event *signal = &info->event->signal;

	if (info_got(info, VMWALK_FAULT_GOT_VMA))
		watched_process_region(process, fault->address, &fault->vma, info->region,
				       sizeof(info->region));
	else if (info_fault(info) && is_in_vma(fault->signal, fault->sigcode))
		watched_process_region_at(process, fault->address, info->region,
					  sizeof(info->region));
	else if (info_signal_address(info) && is_in_vma(signal->number, signal->code))
		watched_process_region_at(process, signal->address, info->region,
					  sizeof(info->region));
}

void info_take(struct event_info *info, const struct vmwalk_watch_event *event,
	       const struct vmwalk_around *around, struct watched_process *process)
{
	const struct vmwalk_fault_event *fault;

	info->event = event;
	info->class[0] = '\0';
	info->region[0] = '\0';
	info->symbol[0] = '\0';
	set_region(info, process);
	fault = info_access(info);
	if (!fault)
		return;
	if (info_fault(info)) {
		vmwalk_fault_cause(info->caps, around, fault, &info->decision);
		predict_kinds(&info->decision, &info->kinds);
		set_class(info);
	}
	/* In kernel mode, the ip is in the kernel: the process has no symbol there. */
	if (info_got(info, VMWALK_FAULT_GOT_IP) && !(fault->flags & VMWALK_FAULT_KERNEL))
		snprintf(info->symbol, sizeof(info->symbol), "%s",
			 watched_process_symbol(process, fault->ip));
}
