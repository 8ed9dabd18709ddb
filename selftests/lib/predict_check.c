// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "predict_check.h"

#define FACT(fact)	VMWALK_FACT_BIT(VMWALK_FACT_##fact)

/*
 * In some states no interface shows these facts: whether the page is in the swap cache,
 * whether it has other references, whether the processor sets the accessed and dirty
 * bits, and whether arm64 can read an execute-only page.
 */
#define UNKNOWABLE	(FACT(SWAP_CACHED) | FACT(ALONE) | FACT(FLAGS_SET) | FACT(VMA_ALLOWS) | \
			 FACT(HANDLER_SERVES))

bool predict_check_start(struct predict_check *check, const struct state *state)
{
	memset(check, 0, sizeof(*check));
	if (!held_start(&check->target, state))
		return false;
	if (!check->target.shared->ok)
		return true;
	/* The access may be a jump: instructions of arm64 and riscv must be aligned. */
	check->address = check->target.shared->made.address & ~0xfULL;
	if (vmwalk_device_open(&check->dev) ||
	    vmwalk_device_attach(check->dev, check->target.pid) ||
	    vmwalk_device_walk(check->dev, check->address, &check->before, check->name,
			       sizeof(check->name))) {
		vmwalk_device_close(check->dev);
		check->dev = NULL;
	}
	return true;
}

void predict_check_end(struct predict_check *check)
{
	vmwalk_device_close(check->dev);
	check->dev = NULL;
	held_end(&check->target);
}

static void predict(struct predict_check *check, unsigned int access)
{
	struct vmwalk_facts facts;

	vmwalk_around_read(check->dev, &check->before, check->name, &check->around);
	vmwalk_facts_of(vmwalk_device_caps(check->dev), &check->before, &check->around, access,
			&facts);
	if (check->key_forbids && !(facts.known & FACT(KEY_FORBIDS)))
		vmwalk_facts_set(&facts, VMWALK_FACT_KEY_FORBIDS, true);
	vmwalk_cause_predict(&facts, &check->prediction);
}

static unsigned int outcome_of(const struct held_shared *did)
{
	if (did->signal)
		return did->signal == SIGSEGV ? VMWALK_OUTCOME_SIGSEGV : VMWALK_OUTCOME_SIGBUS;
	if (did->major)
		return VMWALK_OUTCOME_MAJOR;
	return did->minor ? VMWALK_OUTCOME_MINOR : VMWALK_OUTCOME_NONE;
}

/* A fault that waits is counted as minor or major when it ends. */
static bool has_outcome(const struct held_shared *did, unsigned int outcome)
{
	if (outcome == VMWALK_OUTCOME_WAIT)
		return !did->signal && did->faults;
	return outcome == outcome_of(did);
}

static bool result_fits(unsigned int cause, const struct vmwalk_address *before,
			const struct vmwalk_address *after)
{
	bool same = before->call.pfn == after->call.pfn;
	bool anon = after->page.traits & VMWALK_PAGE_ANON;
	bool zero = after->call.kind == VMWALK_KIND_ZERO ||
		    after->call.kind == VMWALK_KIND_HUGE_ZERO;
	bool writable = after->call.effective & VMWALK_PERM_W;

	switch (cause) {
	case VMWALK_CAUSE_NONE:
		return same;
	case VMWALK_CAUSE_ANON_ZERO:
		return zero;
	case VMWALK_CAUSE_ANON_NEW:
		return anon && writable && !same && after->call.kind != VMWALK_KIND_THP;
	case VMWALK_CAUSE_ANON_HUGE:
		return anon && writable && !same && after->call.kind == VMWALK_KIND_THP;
	case VMWALK_CAUSE_COW:
	case VMWALK_CAUSE_FILE_COW:
		return anon && writable && !same;
	case VMWALK_CAUSE_REUSE:
		return writable && same;
	case VMWALK_CAUSE_FILE_READ:
		return !anon && after->call.effective;
	case VMWALK_CAUSE_FILE_SHARED:
		return !anon && writable;
	case VMWALK_CAUSE_HUGETLB:
		return after->call.kind == VMWALK_KIND_HUGETLB;
	case VMWALK_CAUSE_STACK_GROWTH:
		return !(before->call.got & VMWALK_GOT_VMA) && after->call.got & VMWALK_GOT_VMA &&
		       (anon || zero);
	case VMWALK_CAUSE_SWAP_IN:
	case VMWALK_CAUSE_USERFAULT:
	case VMWALK_CAUSE_NUMA_HINT:
		return after->call.effective;
	default:
		return true;
	}
}

static bool find_ending(const struct predict_check *check)
{
	const struct vmwalk_decision *decision = vmwalk_cause_final(&check->prediction);
	const struct held_shared *did = check->target.shared;
	const struct vmwalk_ending *ending;
	unsigned int i;

	for (i = 0; i < decision->nr_endings; i++) {
		ending = &decision->ending[i];
		if (has_outcome(did, ending->outcome) && ending->signal == did->signal &&
		    ending->code == did->code &&
		    result_fits(ending->cause, &check->before, &check->after))
			return true;
	}
	return false;
}

/*
 * The counters of a thread leave out faults that end in a signal. After an uncertain
 * fault, the number of further ones cannot be predicted: any count fits.
 */
static bool are_counted(const struct predict_check *check)
{
	long minor = 0, major = 0;
	unsigned int i;

	for (i = 0; i < check->prediction.nr; i++) {
		if (!is_certain(&check->prediction.fault[i]))
			return true;
		minor += check->prediction.fault[i].ending[0].outcome == VMWALK_OUTCOME_MINOR;
		major += check->prediction.fault[i].ending[0].outcome == VMWALK_OUTCOME_MAJOR;
	}
	return minor == check->target.shared->minor && major == check->target.shared->major;
}

static void describe(const struct predict_check *check, char *why, size_t size)
{
	const struct held_shared *did = check->target.shared;
	const struct vmwalk_decision *decision;
	unsigned int i, j;

	for (i = 0; i < check->prediction.nr; i++) {
		decision = &check->prediction.fault[i];
		for (j = 0; j < decision->nr_endings; j++)
			why_add(why, size, "%s%s %s %u", j ? " or " : i ? ", then " : "predicted: ",
				vmwalk_cause_name(decision->ending[j].cause),
				vmwalk_outcome_name(decision->ending[j].outcome),
				decision->ending[j].code);
		if (decision->depends)
			why_add(why, size, " (%#llx)", (unsigned long long)decision->depends);
	}
	why_add(why, size, "; happened: signal %d %d, %ld minor, %ld major; ", did->signal,
		did->code, did->minor, did->major);
	access_events_words(&check->events, why, size);
	why_add(why, size, "; %s %#llx, then %s %#llx",
		vmwalk_kind_name(check->before.call.kind),
		(unsigned long long)check->before.call.pfn,
		vmwalk_kind_name(check->after.call.kind),
		(unsigned long long)check->after.call.pfn);
}

static bool access_run(struct predict_check *check, unsigned int access, char *why, size_t size)
{
	bool alive;
	int err = access_events_begin(&check->events, check->target.pid, check->address);

	if (err) {
		why_add(why, size, "no subscription: %s", strerror(-err));
		return false;
	}
	alive = held_access(&check->target, "rwx"[access], check->address);
	err = access_events_end(&check->events, vmwalk_device_caps(check->dev),
				check->around.kernel);
	if (!alive)
		why_add(why, size, "the process died of it");
	else if (err)
		why_add(why, size, "the events did not end: %s", strerror(-err));
	else if (vmwalk_device_walk(check->dev, check->address, &check->after, check->name,
				    sizeof(check->name)))
		why_add(why, size, "it could not be walked afterwards");
	return !why[0];
}

static bool is_as_predicted(const struct predict_check *check, unsigned int access, char *why,
			    size_t size)
{
	const struct vmwalk_decision *decision = vmwalk_cause_final(&check->prediction);

	if (!find_ending(check))
		why_add(why, size, "the end of it was not predicted; ");
	if (!are_counted(check))
		why_add(why, size, "other faults were counted than predicted; ");
	if (decision->hidden || decision->depends & ~UNKNOWABLE)
		why_add(why, size, "a fact that could be known was not known; ");
	access_events_compare(&check->events, &check->prediction, access, why, size);
	return !why[0];
}

bool predict_check_holds(struct predict_check *check, unsigned int access, char *why, size_t size)
{
	bool holds;

	why[0] = '\0';
	predict(check, access);
	if (!access_run(check, access, why, size))
		return false;
	holds = is_as_predicted(check, access, why, size);
	describe(check, why, size);
	return holds;
}
