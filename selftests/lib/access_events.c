// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "access_events.h"
#include "machine.h"

#define DEADLINE	20000	/* ms; emulated machines are slow */
#define RECORDS		64

void why_add(char *why, size_t size, const char *format, ...)
{
	size_t used = strlen(why);
	va_list args;

	va_start(args, format);
	vsnprintf(why + used, size - used, format, args);
	va_end(args);
}

/* Watch one page only: faults of the thread's stack and code could come at any time. */
int access_events_begin(struct access_events *events, pid_t pid, uint64_t address)
{
	struct wanted wanted = {
		.records = RECORDS,
		.events = VMWALK_BIT(VMWALK_EVENT_FAULT) | VMWALK_BIT(VMWALK_EVENT_SIGNAL),
	};

	memset(events, 0, sizeof(*events));
	events->watch.fd = -1;
	events->page = address & -(uint64_t)PAGE_SIZE;
	wanted.start = events->page;
	wanted.end = events->page + PAGE_SIZE;
	return watch_process(&events->watch, pid, &wanted);
}

static void take_fault(struct access_events *events, const struct event *event)
{
	if (events->nr < ACCESS_FAULTS_MAX)
		events->fault[events->nr].event = *event;
	events->nr++;
}

/* The address filter does not apply to signals: drop those for other pages here. */
static void take_signal(struct access_events *events, const struct event *event)
{
	if (event->address - events->page >= PAGE_SIZE)
		return;
	events->signals++;
	events->signal = *event;
}

static void take(struct access_events *events, const struct event *event)
{
	if (event->kind == VMWALK_EVENT_FAULT)
		take_fault(events, event);
	else if (event->kind == VMWALK_EVENT_SIGNAL)
		take_signal(events, event);
	else if (event->kind == VMWALK_EVENT_END)
		events->lost = event->lost + event->missed;
}

static struct vmwalk_event_leaf leaf_of(const struct event_leaf *leaf)
{
	return (struct vmwalk_event_leaf) {
		.state = leaf->state, .entry = leaf->entry, .page = leaf->page,
	};
}

/*
 * Pass only what vmwalk watch has (the record, the capabilities and the kernel version),
 * because the test is of the causes that it shows.
 */
static void decide(struct access_events_fault *fault, const struct vmwalk_caps *caps,
		   uint32_t kernel)
{
	const struct vmwalk_around around = { .kernel = kernel };
	const struct event *event = &fault->event;
	const struct vmwalk_fault_event record = {
		.got = event->got, .access = event->access, .flags = event->flags,
		.outcome = event->outcome, .result = event->result, .tries = event->tries,
		.signal = event->signal, .sigcode = event->sigcode,
		.address = event->address, .ip = event->ip, .code = event->code,
		.ns = event->ns, .redacted = event->redacted,
		.before = leaf_of(&event->before), .after = leaf_of(&event->after),
		.vma = event->vma,
	};

	vmwalk_fault_cause(caps, &around, &record, &fault->decision);
}

int access_events_end(struct access_events *events, const struct vmwalk_caps *caps,
		      uint32_t kernel)
{
	int err = watch_stop(&events->watch);
	struct event event = { .kind = 0 };
	size_t i;

	while (!err && event.kind != VMWALK_EVENT_END) {
		err = watch_next(&events->watch, &event, DEADLINE);
		if (!err)
			take(events, &event);
	}
	watch_close(&events->watch);
	for (i = 0; i < events->nr && i < ACCESS_FAULTS_MAX; i++)
		decide(&events->fault[i], caps, kernel);
	return err;
}

static bool sees_exceptions(const struct access_events *events)
{
	return events->watch.sources & VMWALK_SOURCE_EXCEPTION;
}

/*
 * Return true if the architecture refuses the access before it calls handle_mm_fault().
 * A guard region (VMWALK_CAUSE_SEGV_ACCERR with code SEGV_MAPERR) is refused later.
 */
static bool is_refused(const struct vmwalk_ending *ending)
{
	return ending->signal == SIGSEGV && !(ending->cause == VMWALK_CAUSE_SEGV_ACCERR &&
					      ending->code == SEGV_MAPERR);
}

/*
 * A fault that does not reach handle_mm_fault() has an event only if the kernel has the
 * exception tracepoint.
 */
static bool is_reported(const struct access_events *events, const struct vmwalk_ending *ending)
{
	if (ending->cause == VMWALK_CAUSE_NONE)
		return false;
	return !is_refused(ending) || sees_exceptions(events);
}

const char *access_events_lacks(const struct access_events *events,
				const struct vmwalk_prediction *prediction)
{
	const struct vmwalk_ending *ending = &vmwalk_cause_final(prediction)->ending[0];

	if (sees_exceptions(events))
		return NULL;
	if (ending->cause == VMWALK_CAUSE_STACK_GROWTH)
		return "no tracepoint of page faults: stack growth is not reported";
	if (!is_refused(ending))
		return NULL;
	if (events->watch.sources & VMWALK_SOURCE_SIGNAL)
		return "no tracepoint of page faults: only the signal is reported";
	return "no tracepoint of page faults, and none of signals: nothing is reported";
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

/* A fault that waits is counted as minor or major when it ends. */
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

/*
 * The stack is extended before handle_mm_fault() is called: without the exception event,
 * the fault looks like one of anonymous memory.
 */
static bool class_is(const struct access_events *events, const struct access_events_fault *fault,
		     unsigned int predicted)
{
	unsigned int class = access_events_class(fault);

	if (predicted == VMWALK_CAUSE_STACK_GROWTH && !sees_exceptions(events))
		return class == VMWALK_CAUSE_ANON_NEW || class == VMWALK_CAUSE_ANON_ZERO;
	return class == predicted;
}

static bool ends_as(const struct access_events *events, const struct access_events_fault *fault,
		    const struct vmwalk_ending *ending)
{
	const struct event *event = &fault->event;

	if (!class_is(events, fault, ending->cause) ||
	    !outcome_is(event->outcome, ending->outcome))
		return false;
	return !event->signal ||
	       (event->signal == ending->signal && event->sigcode == ending->code);
}

static bool is_predicted(const struct access_events *events,
			 const struct access_events_fault *fault,
			 const struct vmwalk_decision *decision)
{
	unsigned int i;

	for (i = 0; i < decision->nr_endings; i++)
		if (ends_as(events, fault, &decision->ending[i]))
			return true;
	return false;
}

static bool may_be_unreported(const struct access_events *events,
			      const struct vmwalk_decision *decision)
{
	unsigned int i;

	for (i = 0; i < decision->nr_endings; i++)
		if (!is_reported(events, &decision->ending[i]))
			return true;
	return false;
}

bool is_certain(const struct vmwalk_decision *decision)
{
	return decision->nr_endings == 1 && decision->ending[0].outcome != VMWALK_OUTCOME_WAIT;
}

/*
 * If the last predicted fault was reported and its end is uncertain, the access may fault
 * again: further faults are then allowed.
 */
static void compare_faults(const struct access_events *events,
			   const struct vmwalk_prediction *prediction, char *why, size_t size)
{
	size_t next = 0, nr = events->nr < ACCESS_FAULTS_MAX ? events->nr : ACCESS_FAULTS_MAX;
	const struct vmwalk_decision *decision = NULL;
	bool seen = false;
	unsigned int i;

	for (i = 0; i < prediction->nr; i++) {
		decision = &prediction->fault[i];
		seen = next < nr && is_predicted(events, &events->fault[next], decision);
		if (!seen && !may_be_unreported(events, decision)) {
			why_add(why, size, "fault %u was not reported as predicted; ", i + 1);
			return;
		}
		next += seen;
	}
	if (next < events->nr && (!seen || is_certain(decision)))
		why_add(why, size, "fault %zu of %zu was reported, and not predicted; ", next + 1,
			events->nr);
}

static void compare_access(const struct access_events *events, unsigned int access, char *why,
			   size_t size)
{
	static const uint32_t tried[] = {
		[VMWALK_ACCESS_READ] = VMWALK_TRIED_READ,
		[VMWALK_ACCESS_WRITE] = VMWALK_TRIED_WRITE,
		[VMWALK_ACCESS_EXEC] = VMWALK_TRIED_EXEC,
	};
	size_t i;

	for (i = 0; i < events->nr && i < ACCESS_FAULTS_MAX; i++)
		if (events->fault[i].event.access != tried[access])
			why_add(why, size, "fault %zu was reported as another access; ", i + 1);
}

/* Without a signal, both the ending and events->signal have a signal and a code of 0. */
static void compare_signal(const struct access_events *events,
			   const struct vmwalk_prediction *prediction, char *why, size_t size)
{
	const struct vmwalk_decision *decision = vmwalk_cause_final(prediction);
	const struct event *signal = &events->signal;
	const struct vmwalk_ending *ending;
	unsigned int i;

	if (!(events->watch.sources & VMWALK_SOURCE_SIGNAL))
		return;
	for (i = 0; i < decision->nr_endings && events->signals < 2; i++) {
		ending = &decision->ending[i];
		if (ending->signal == signal->signal && ending->code == signal->sigcode)
			return;
	}
	why_add(why, size, "another signal was reported than predicted; ");
}

void access_events_compare(const struct access_events *events,
			   const struct vmwalk_prediction *prediction,
			   unsigned int access, char *why, size_t size)
{
	if (events->lost)
		why_add(why, size, "%llu events were lost; ", (unsigned long long)events->lost);
	compare_faults(events, prediction, why, size);
	compare_access(events, access, why, size);
	compare_signal(events, prediction, why, size);
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

void access_events_words(const struct access_events *events, char *why, size_t size)
{
	size_t i;

	why_add(why, size, "reported: ");
	for (i = 0; i < events->nr && i < ACCESS_FAULTS_MAX; i++) {
		why_add(why, size, "%s", i ? ", then " : "");
		fault_words(&events->fault[i], why, size);
	}
	if (!events->nr)
		why_add(why, size, "no fault");
	if (events->signals)
		why_add(why, size, ", signal %u %d", events->signal.signal,
			(int)events->signal.sigcode);
}
