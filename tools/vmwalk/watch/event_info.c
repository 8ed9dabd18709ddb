// SPDX-License-Identifier: GPL-2.0
/*
 * An event, with what it means and what its addresses are called.
 */
#include <stdio.h>
#include <string.h>

#include "event_info.h"
#include "output/words.h"

const struct vmwalk_fault_event *seen_fault(const struct seen *seen)
{
	return seen->event->kind == VMWALK_EVENT_FAULT ? &seen->event->fault : NULL;
}

const struct vmwalk_fault_event *seen_access(const struct seen *seen)
{
	return seen->event->kind == VMWALK_EVENT_EXCEPTION ? &seen->event->fault :
							     seen_fault(seen);
}

bool seen_got(const struct seen *seen, unsigned int attribute)
{
	const struct vmwalk_fault_event *fault = seen_access(seen);

	return fault && fault->got & VMWALK_BIT(attribute);
}

const struct vmwalk_task_event *seen_task(const struct seen *seen)
{
	switch (seen->event->kind) {
	case VMWALK_EVENT_FORK:
	case VMWALK_EVENT_EXEC:
	case VMWALK_EVENT_EXIT:
		return &seen->event->task;
	default:
		return NULL;
	}
}

bool seen_is_call(unsigned int event)
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

const struct vmwalk_call_event *seen_call(const struct seen *seen)
{
	return seen_is_call(seen->event->kind) ? &seen->event->call : NULL;
}

bool seen_entry(const struct vmwalk_glance *glance)
{
	return glance->absent == VMWALK_ABSENT_NOT && glance->got & VMWALK_GOT_ENTRIES;
}

const char *seen_state(const struct vmwalk_glance *glance)
{
	return glance->entry.type == VMWALK_CLASS_LEAF ? "present" :
							 vmwalk_class_name(glance->entry.type);
}

static void set_class(struct seen *seen)
{
	struct words words = words_begin(seen->class, sizeof(seen->class));
	const char *name, *before = "";
	unsigned int i;

	for (i = 0; i < seen->kinds.nr; i++) {
		name = vmwalk_cause_name(seen->kinds.ending[i]->cause);
		if (!i || strcmp(name, before))
			words_add(&words, "%s%s", i ? "|" : "", name);
		before = name;
	}
}

void seen_take(struct seen *seen, const struct vmwalk_watch_event *event,
	       const struct vmwalk_around *around, struct peer *peer)
{
	const struct vmwalk_fault_event *fault;

	seen->event = event;
	seen->class[0] = '\0';
	seen->region[0] = '\0';
	seen->symbol[0] = '\0';
	fault = seen_access(seen);
	if (!fault)
		return;
	if (seen_fault(seen)) {
		vmwalk_fault_cause(seen->caps, around, fault, &seen->decision);
		predict_kinds(&seen->decision, &seen->kinds);
		set_class(seen);
	}
	if (seen_got(seen, VMWALK_A_FAULT_VMA))
		peer_region(peer, fault->address, &fault->vma, seen->region,
			    sizeof(seen->region));
	/* What the kernel did, it did for a system call: no symbol of the process. */
	if (seen_got(seen, VMWALK_A_FAULT_IP) && !(fault->flags & VMWALK_FAULT_KERNEL))
		snprintf(seen->symbol, sizeof(seen->symbol), "%s",
			 peer_symbol(peer, fault->ip));
}
