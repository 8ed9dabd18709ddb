// SPDX-License-Identifier: GPL-2.0
#include "tree.h"

#define BIT(fact)	VMWALK_FACT_BIT(VMWALK_FACT_##fact)

/* An entry that was not recorded, or is not VMWALK_CLASS_LEAF, excludes no ending. */
static bool matches_entry(const struct vmwalk_ending *ending,
			  const struct vmwalk_fault_result *result)
{
	if (result->type != VMWALK_CLASS_LEAF)
		return true;
	switch (vmwalk_cause_ends[ending->row].leaves) {
	case LEAVES_ZERO:
		return result->kind == VMWALK_KIND_ZERO;
	case LEAVES_HUGE_ZERO:
		return result->kind == VMWALK_KIND_HUGE_ZERO ||
		       result->kind == VMWALK_KIND_CHANGED;
	case LEAVES_THP:
		return result->kind == VMWALK_KIND_THP || result->kind == VMWALK_KIND_CHANGED;
	case LEAVES_NEW:
		return result->kind != VMWALK_KIND_THP && result->kind != VMWALK_KIND_ZERO;
	case LEAVES_OTHER_FRAME:
		return result->same_pfn != 1;
	case LEAVES_SAME_FRAME:
		return result->same_pfn != 0;
	default:
		return true;
	}
}

static bool matches(const struct vmwalk_ending *ending,
		    const struct vmwalk_fault_result *result)
{
	if (result->outcome == VMWALK_OUTCOME_UNKNOWN || ending->row == END_UNKNOWN)
		return matches_entry(ending, result);
	if (result->outcome != ending->outcome) {
		/* The kernel counts a fault that waited as minor or major. */
		if (ending->outcome != VMWALK_OUTCOME_WAIT ||
		    (result->outcome != VMWALK_OUTCOME_MINOR &&
		     result->outcome != VMWALK_OUTCOME_MAJOR))
			return false;
	}
	if (result->signal && (result->signal != ending->signal || result->code != ending->code))
		return false;
	return matches_entry(ending, result);
}

static void take_result(struct vmwalk_ending *ending, const struct vmwalk_fault_result *result)
{
	ending->outcome = result->outcome;
	ending->signal = result->signal;
	ending->code = result->code;
}

static void settle_as(struct vmwalk_decision *decision, unsigned int row,
		      const struct vmwalk_fault_result *result)
{
	decision->ending[0] = vmwalk_cause_ends[row].ending;
	decision->ending[0].lock = "-";
	take_result(&decision->ending[0], result);
	decision->nr_endings = 1;
}

void vmwalk_cause_settle(struct vmwalk_decision *decision,
			 const struct vmwalk_fault_result *result)
{
	unsigned int i, left = 0;

	for (i = 0; i < decision->nr_endings; i++)
		if (matches(&decision->ending[i], result))
			decision->ending[left++] = decision->ending[i];
	decision->nr_endings = left;
	for (i = 0; i < left; i++)
		if (decision->ending[i].row == END_UNKNOWN)
			take_result(&decision->ending[i], result);
	if (result->oom)
		settle_as(decision, END_OOM, result);
	else if (!left)
		settle_as(decision, END_UNKNOWN, result);
	if (decision->nr_endings > 1)
		return;
	decision->depends = 0;
	decision->hidden = 0;
}

static void set_permitted(struct vmwalk_facts *facts, bool yes)
{
	vmwalk_facts_set(facts, VMWALK_FACT_PERMITTED, yes);
	vmwalk_facts_set(facts, VMWALK_FACT_FLAGS_SET, true);
	vmwalk_facts_set(facts, VMWALK_FACT_ENTRY_WRITE, yes && is_so(facts, BIT(WRITE)));
}

static void set_mapped(struct vmwalk_facts *facts)
{
	static const __u8 gone[] = {
		VMWALK_FACT_PMD_EMPTY, VMWALK_FACT_ENTRY_NONE, VMWALK_FACT_ENTRY_SWAP,
		VMWALK_FACT_ENTRY_MIGRATION, VMWALK_FACT_ENTRY_POISON, VMWALK_FACT_ENTRY_DEVICE,
		VMWALK_FACT_ENTRY_MARKER, VMWALK_FACT_ENTRY_HINT, VMWALK_FACT_MARKER_POISON,
		VMWALK_FACT_MARKER_GUARD,
	};
	unsigned int i;

	for (i = 0; i < sizeof(gone); i++)
		vmwalk_facts_set(facts, gone[i], false);
	vmwalk_facts_set(facts, VMWALK_FACT_IN_VMA, true);
	vmwalk_facts_set(facts, VMWALK_FACT_ENTRY_KNOWN, true);
}

/*
 * Change @facts to those that the retry after a fault finds. Return false, with @facts
 * undefined, if the access is not retried, or if they cannot be predicted.
 */
static bool facts_after(struct vmwalk_facts *facts, const struct vmwalk_ending *ending)
{
	bool hint = ending->row == END_HINT;

	if (!vmwalk_cause_ends[ending->row].more)
		return false;
	if (ending->row == END_CLEARED) {
		vmwalk_facts_set(facts, VMWALK_FACT_ENTRY_MARKER, false);
		vmwalk_facts_set(facts, VMWALK_FACT_ENTRY_NONE, true);
		vmwalk_facts_set(facts, VMWALK_FACT_UFFD_PROTECTED, false);
		return true;
	}
	set_mapped(facts);
	if (is_so(facts, BIT(JUMP))) {
		set_permitted(facts, is_so(facts, BIT(VMA_EXEC)));
		/* access_error() of x86 refuses a fetch that faults on a present page. */
		if (is_so(facts, BIT(X86)))
			vmwalk_facts_set(facts, VMWALK_FACT_VMA_ALLOWS, false);
		return facts->known & BIT(VMA_EXEC);
	}
	if (!is_so(facts, BIT(WRITE))) {
		set_permitted(facts, true);
		return true;
	}
	/* do_numa_page() makes a private entry writable only if its page is exclusive. */
	if (hint && (is_so(facts, BIT(SHARED)) || !(facts->known & BIT(EXCLUSIVE))))
		return false;
	if (hint)
		set_permitted(facts, is_so(facts, BIT(EXCLUSIVE)));
	else
		set_permitted(facts, !is_so(facts, BIT(UFFD_PROTECTED)) ||
			      !is_so(facts, BIT(UFFD_WP)) || is_so(facts, BIT(UFFD_ASYNC)));
	return true;
}

/*
 * Change @facts to those after the fault, if all its endings lead to the same ones.
 * Otherwise return false, with @facts unchanged.
 */
static bool all_after(struct vmwalk_facts *facts, const struct vmwalk_decision *decision)
{
	struct vmwalk_facts first = *facts, other;
	unsigned int i;

	if (!facts_after(&first, &decision->ending[0]))
		return false;
	for (i = 1; i < decision->nr_endings; i++) {
		other = *facts;
		if (!facts_after(&other, &decision->ending[i]) || other.known != first.known ||
		    other.yes != first.yes)
			return false;
	}
	*facts = first;
	return true;
}

void vmwalk_cause_predict(const struct vmwalk_facts *facts, struct vmwalk_prediction *prediction)
{
	struct vmwalk_facts now = *facts;
	struct vmwalk_decision *decision;

	prediction->nr = 0;
	do {
		decision = &prediction->fault[prediction->nr];
		vmwalk_cause_decide(&now, decision);
		if (prediction->nr && decision->nr_endings == 1 &&
		    decision->ending[0].cause == VMWALK_CAUSE_NONE)
			return;
		prediction->nr++;
	} while (prediction->nr < VMWALK_FAULTS_MAX && all_after(&now, decision));
}

const struct vmwalk_decision *vmwalk_cause_final(const struct vmwalk_prediction *prediction)
{
	const struct vmwalk_decision *last = &prediction->fault[prediction->nr - 1];

	return last->nr_endings == 1 && last->ending[0].signal ? last : &prediction->fault[0];
}
