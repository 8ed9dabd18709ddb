// SPDX-License-Identifier: GPL-2.0
/* An access as the kernel's events tell it, held against what is predicted of it. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "access_events.h"
#include "machine.h"

#define DEADLINE	20000	/* ms; the emulated machine is slow, and shared */
#define RECORDS		64

void why_add(char *why, size_t size, const char *format, ...)
{
	size_t used = strlen(why);
	va_list args;

	va_start(args, format);
	vsnprintf(why + used, size - used, format, args);
	va_end(args);
}

/* The page alone: the thread has a stack and code, which fault as they like. */
int access_events_begin(struct access_events *observed, pid_t pid, uint64_t address)
{
	struct wanted wanted = {
		.records = RECORDS,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT) | VMWALK_BIT(VMWALK_EVENT_SIGNAL),
	};

	memset(observed, 0, sizeof(*observed));
	observed->watch.fd = -1;
	observed->page = address & -(uint64_t)PAGE_SIZE;
	wanted.start = observed->page;
	wanted.end = observed->page + PAGE_SIZE;
	return watch_process(&observed->watch, pid, &wanted);
}

static void take_fault(struct access_events *observed, const struct event *event)
{
	if (observed->nr < OBSERVED_MAX)
		observed->fault[observed->nr].event = *event;
	observed->nr++;
}

/* Signals come whatever they are for. */
static void take_signal(struct access_events *observed, const struct event *event)
{
	if (event->address - observed->page >= PAGE_SIZE)
		return;
	observed->signals++;
	observed->signal = *event;
}

static void take(struct access_events *observed, const struct event *event)
{
	if (event->kind == VMWALK_EVENT_FAULT)
		take_fault(observed, event);
	else if (event->kind == VMWALK_EVENT_SIGNAL)
		take_signal(observed, event);
	else if (event->kind == VMWALK_EVENT_END)
		observed->lost = event->lost + event->missed;
}

/* As vmwalk watch does: by the record, and the version of the kernel. */
static void decide(struct access_events_fault *fault, const struct vmwalk_caps *caps,
		   uint32_t kernel)
{
	const struct vmwalk_around around = { .kernel = kernel };
	const struct event *event = &fault->event;
	const struct vmwalk_fault_event record = {
		.got = event->has_detail, .access = event->access, .flags = event->flags,
		.outcome = event->outcome, .result = event->result, .tries = event->tries,
		.signal = event->signal, .sigcode = event->sigcode,
		.address = event->address, .ip = event->ip, .code = event->code,
		.ns = event->ns, .redacted = event->redacted, .before = event->before,
		.after = event->after, .vma = event->vma,
	};

	vmwalk_fault_cause(caps, &around, &record, &fault->decision);
}

int access_events_end(struct access_events *observed, const struct vmwalk_caps *caps,
		      uint32_t kernel)
{
	int err = watch_stop(&observed->watch);
	struct event event = { .kind = 0 };
	size_t i;

	while (!err && event.kind != VMWALK_EVENT_END) {
		err = watch_next(&observed->watch, &event, DEADLINE);
		if (!err)
			take(observed, &event);
	}
	watch_close(&observed->watch);
	for (i = 0; i < observed->nr && i < OBSERVED_MAX; i++)
		decide(&observed->fault[i], caps, kernel);
	return err;
}

static bool sees_exceptions(const struct access_events *observed)
{
	return observed->watch.sources & VMWALK_SOURCE_EXCEPTION;
}

/* The check before the handler refuses it. Of a guard region the handler says SEGV_MAPERR. */
static bool is_refused(const struct vmwalk_ending *ending)
{
	return ending->signal == SIGSEGV && !(ending->cause == VMWALK_CAUSE_SEGV_ACCERR &&
					      ending->code == SEGV_MAPERR);
}

/* Where exceptions are not seen, what comes to no handler is no event. */
static bool is_told(const struct access_events *observed, const struct vmwalk_ending *ending)
{
	if (ending->cause == VMWALK_CAUSE_NONE)
		return false;
	return !is_refused(ending) || sees_exceptions(observed);
}

const char *access_events_lacks(const struct access_events *observed,
				const struct vmwalk_prediction *story)
{
	const struct vmwalk_ending *ending = &vmwalk_cause_final(story)->ending[0];

	if (sees_exceptions(observed))
		return NULL;
	if (ending->cause == VMWALK_CAUSE_STACK_GROWTH)
		return "no tracepoint of page faults: that the stack grew is not told";
	if (!is_refused(ending))
		return NULL;
	if (observed->watch.sources & VMWALK_SOURCE_SIGNAL)
		return "no tracepoint of page faults: the signal alone tells of it";
	return "no tracepoint of page faults, and none of signals: no event tells of it";
}

unsigned int access_events_class(const struct access_events_fault *fault)
{
	const struct vmwalk_decision *decision = &fault->decision;
	unsigned int i;

	for (i = 1; i < decision->nr_endings; i++)
		if (decision->ending[i].cause != decision->ending[0].cause)
			return VMWALK_CAUSE_MAX;
	return decision->ending[0].cause;
}

/* Who waits is counted in the end, as one or the other. */
static bool outcome_is(uint32_t ended, unsigned int predicted)
{
	switch (predicted) {
	case VMWALK_OUTCOME_MINOR:
		return ended == VMWALK_ENDED_MINOR;
	case VMWALK_OUTCOME_MAJOR:
		return ended == VMWALK_ENDED_MAJOR;
	case VMWALK_OUTCOME_WAIT:
		return ended == VMWALK_ENDED_MINOR || ended == VMWALK_ENDED_MAJOR;
	case VMWALK_OUTCOME_SIGSEGV:
		return ended == VMWALK_ENDED_SEGV;
	case VMWALK_OUTCOME_SIGBUS:
		return ended == VMWALK_ENDED_BUS;
	default:
		return false;
	}
}

/* That a stack has grown for it is told where the exception is seen. */
static bool class_is(const struct access_events *observed, const struct access_events_fault *fault,
		     unsigned int predicted)
{
	unsigned int class = access_events_class(fault);

	if (predicted == VMWALK_CAUSE_STACK_GROWTH && !sees_exceptions(observed))
		return class == VMWALK_CAUSE_ANON_NEW || class == VMWALK_CAUSE_ANON_ZERO;
	return class == predicted;
}

static bool ends_as(const struct access_events *observed, const struct access_events_fault *fault,
		    const struct vmwalk_ending *ending)
{
	const struct event *event = &fault->event;

	if (!class_is(observed, fault, ending->cause) ||
	    !outcome_is(event->outcome, ending->outcome))
		return false;
	return !event->signal ||
	       (event->signal == ending->signal && event->sigcode == ending->code);
}

static bool is_foretold(const struct access_events *observed,
			const struct access_events_fault *fault,
			const struct vmwalk_decision *decision)
{
	unsigned int i;

	for (i = 0; i < decision->nr_endings; i++)
		if (ends_as(observed, fault, &decision->ending[i]))
			return true;
	return false;
}

/* Whether this fault of the story may be one of which no event tells. */
static bool may_be_untold(const struct access_events *observed,
			  const struct vmwalk_decision *decision)
{
	unsigned int i;

	for (i = 0; i < decision->nr_endings; i++)
		if (!is_told(observed, &decision->ending[i]))
			return true;
	return false;
}

bool is_certain(const struct vmwalk_decision *decision)
{
	return decision->nr_endings == 1 && decision->ending[0].outcome != VMWALK_OUTCOME_WAIT;
}

/*
 * Each fault of the story has its event, and there is no event besides; but a story ends
 * where it is not certain what a fault leaves behind.
 */
static void compare_faults(const struct access_events *observed,
			   const struct vmwalk_prediction *story, char *why, size_t size)
{
	size_t next = 0, nr = observed->nr < OBSERVED_MAX ? observed->nr : OBSERVED_MAX;
	const struct vmwalk_decision *decision = NULL;
	bool told = false;
	unsigned int i;

	for (i = 0; i < story->nr; i++) {
		decision = &story->fault[i];
		told = next < nr && is_foretold(observed, &observed->fault[next], decision);
		if (!told && !may_be_untold(observed, decision)) {
			why_add(why, size, "fault %u was not told as predicted; ", i + 1);
			return;
		}
		next += told;
	}
	if (next < observed->nr && (!told || is_certain(decision)))
		why_add(why, size, "fault %zu of %zu was told, and not predicted; ", next + 1,
			observed->nr);
}

static void compare_access(const struct access_events *observed, unsigned int access, char *why,
			   size_t size)
{
	static const uint32_t tried[] = {
		[VMWALK_ACCESS_READ] = VMWALK_TRIED_READ,
		[VMWALK_ACCESS_WRITE] = VMWALK_TRIED_WRITE,
		[VMWALK_ACCESS_EXEC] = VMWALK_TRIED_EXEC,
	};
	size_t i;

	for (i = 0; i < observed->nr && i < OBSERVED_MAX; i++)
		if (observed->fault[i].event.access != tried[access])
			why_add(why, size, "fault %zu was told to be another access; ", i + 1);
}

/* Where signals are shown: the one that the access as a whole ends in, or none. */
static void compare_signal(const struct access_events *observed,
			   const struct vmwalk_prediction *story, char *why, size_t size)
{
	const struct vmwalk_decision *decision = vmwalk_cause_final(story);
	const struct event *signal = &observed->signal;
	const struct vmwalk_ending *ending;
	unsigned int i;

	if (!(observed->watch.sources & VMWALK_SOURCE_SIGNAL))
		return;
	for (i = 0; i < decision->nr_endings && observed->signals < 2; i++) {
		ending = &decision->ending[i];
		if (ending->signal == signal->signal && ending->code == signal->sigcode)
			return;
	}
	why_add(why, size, "another signal was told than predicted; ");
}

void access_events_compare(const struct access_events *observed,
			   const struct vmwalk_prediction *story,
			   unsigned int access, char *why, size_t size)
{
	if (observed->lost)
		why_add(why, size, "%llu events were lost; ", (unsigned long long)observed->lost);
	compare_faults(observed, story, why, size);
	compare_access(observed, access, why, size);
	compare_signal(observed, story, why, size);
}

static void fault_words(const struct access_events_fault *fault, char *why, size_t size)
{
	const struct vmwalk_decision *decision = &fault->decision;
	unsigned int i;

	for (i = 0; i < decision->nr_endings; i++)
		why_add(why, size, "%s%s", i ? "|" : "",
			vmwalk_cause_name(decision->ending[i].cause));
	why_add(why, size, " %s %u", vmwalk_ended_name(fault->event.outcome),
		fault->event.sigcode);
}

void access_events_words(const struct access_events *observed, char *why, size_t size)
{
	size_t i;

	why_add(why, size, "told: ");
	for (i = 0; i < observed->nr && i < OBSERVED_MAX; i++) {
		why_add(why, size, "%s", i ? ", then " : "");
		fault_words(&observed->fault[i], why, size);
	}
	if (!observed->nr)
		why_add(why, size, "no fault");
	if (observed->signals)
		why_add(why, size, ", signal %u %d", observed->signal.signal,
			(int)observed->signal.sigcode);
}
