// SPDX-License-Identifier: GPL-2.0
/*
 * Find the cause of a recorded fault, without I/O: decide by the entry before the fault
 * and by what the event tells of its handling, then drop endings that contradict the
 * result.
 */
#include <signal.h>
#include <string.h>

#include "libvmwalk.h"

/* enum x86_pf_error_code of arch/x86/include/asm/trap_pf.h */
#define X86_PF_PROT	(1ULL << 0)
#define X86_PF_PK	(1ULL << 5)

static bool has(const struct vmwalk_fault_event *fault, unsigned int got)
{
	return fault->got & got;
}

/* @tries counts calls of handle_mm_fault(), which follow the architecture's checks. */
static bool was_handled(const struct vmwalk_fault_event *fault)
{
	return fault->tries;
}

static bool is_entry(const struct vmwalk_fault_event *fault, unsigned int got,
		     const struct vmwalk_event_leaf *leaf)
{
	return has(fault, got) && leaf->state.absent == VMWALK_ABSENT_NOT &&
	       leaf->state.got & VMWALK_GOT_ENTRIES && leaf->entry.level < VMWALK_LEVELS;
}

void vmwalk_fault_walk(const struct vmwalk_fault_event *fault, struct vmwalk_address *walk)
{
	const struct vmwalk_event_leaf *before = &fault->before;

	memset(walk, 0, sizeof(*walk));
	walk->call.size = sizeof(walk->call);
	walk->call.address = fault->address;
	walk->call.redacted = fault->redacted;
	walk->call.leaf_level = VMWALK_LEVEL_NONE;
	memset(walk->call.withheld, VMWALK_LEVEL_NONE, sizeof(walk->call.withheld));
	if (has(fault, VMWALK_FAULT_GOT_VMA)) {
		walk->vma = fault->vma;
		walk->call.got |= VMWALK_GOT_VMA;
	}
	if (!is_entry(fault, VMWALK_FAULT_GOT_BEFORE, before))
		return;
	walk->call.got |= before->state.got;
	walk->call.leaf_level = before->entry.level;
	walk->entry[walk->call.leaf_level] = before->entry;
	walk->call.kind = before->state.kind;
	walk->call.pfn = before->state.pfn;
	walk->call.swap_type = before->state.swap_type;
	walk->call.swap_offset = before->state.swap_offset;
	walk->call.marker = before->state.marker;
	walk->page = before->page;
}

static void forget(struct vmwalk_facts *facts, enum vmwalk_fact fact)
{
	const __u64 bit = VMWALK_FACT_BIT(fact);

	facts->known &= ~bit;
	facts->yes &= ~bit;
	facts->assumed &= ~bit;
}

/* Call if the stack grew: the address was in no VMA, and all checks passed. */
static void set_grown(struct vmwalk_facts *facts)
{
	vmwalk_facts_set(facts, VMWALK_FACT_IN_VMA, false);
	vmwalk_facts_set(facts, VMWALK_FACT_NEXT_GROWS, true);
	vmwalk_facts_set(facts, VMWALK_FACT_ABOVE_MIN, true);
	vmwalk_facts_set(facts, VMWALK_FACT_GAP_KEPT, true);
	vmwalk_facts_set(facts, VMWALK_FACT_IN_LIMIT, true);
}

/*
 * Set the facts of a fault for which handle_mm_fault() was not called. The event then has
 * no VMA, but the signal tells if there was one. Without a signal, a protection error on
 * x86 means that an entry, and so a VMA, was there.
 */
static void set_refused(const struct vmwalk_caps *caps, const struct vmwalk_fault_event *fault,
			struct vmwalk_facts *facts)
{
	bool segv = fault->signal == SIGSEGV;

	forget(facts, VMWALK_FACT_IN_VMA);
	/* The event has neither the VMA above the hole nor the check that failed. */
	forget(facts, VMWALK_FACT_NEXT_GROWS);
	forget(facts, VMWALK_FACT_GAP_KEPT);
	forget(facts, VMWALK_FACT_VMA_ALLOWS);
	if (segv && (fault->sigcode == SEGV_ACCERR || fault->sigcode == SEGV_PKUERR)) {
		vmwalk_facts_set(facts, VMWALK_FACT_IN_VMA, true);
		vmwalk_facts_set(facts, VMWALK_FACT_KEY_FORBIDS, fault->sigcode == SEGV_PKUERR);
		vmwalk_facts_set(facts, VMWALK_FACT_VMA_ALLOWS, false);
	} else if (segv && fault->sigcode == SEGV_MAPERR) {
		vmwalk_facts_set(facts, VMWALK_FACT_IN_VMA, false);
		vmwalk_facts_set(facts, VMWALK_FACT_NEXT_GROWS, false);
	} else if (caps->arch == VMWALK_ARCH_X86_64 && has(fault, VMWALK_FAULT_GOT_CODE) &&
		   fault->code & X86_PF_PROT) {
		vmwalk_facts_set(facts, VMWALK_FACT_IN_VMA, true);
		vmwalk_facts_set(facts, VMWALK_FACT_VMA_ALLOWS, false);
	}
}

/*
 * Find out if the kernel asked the pager of the userfaultfd: handle_userfault() then
 * drops the locks and sleeps, which sets VMWALK_FAULT_HELD_UP. Take the flag as evidence,
 * except for write protection of a swap entry, where the fault may have slept for I/O.
 */
static void set_pager(const struct vmwalk_fault_event *fault, struct vmwalk_facts *facts)
{
	bool missing = fault->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_UM);
	bool minor = fault->vma.flags & VMWALK_VMA_BIT(VMWALK_VMA_UI);
	bool asked = fault->flags & VMWALK_FAULT_HELD_UP;

	if (fault->outcome != VMWALK_ENDED_MINOR && fault->outcome != VMWALK_ENDED_MAJOR)
		return;
	/* The pager may have answered before the thread slept. */
	if (!asked && fault->tries > 1)
		return;
	if (!asked || !(facts->yes & VMWALK_FACT_BIT(VMWALK_FACT_ENTRY_SWAP)))
		vmwalk_facts_set(facts, VMWALK_FACT_UFFD_ASYNC, !asked);
	if (!missing && !minor)
		return;
	/*
	 * Missing and minor faults of files are reported only for shared memory and
	 * hugetlbfs: vma_can_userfault().
	 */
	vmwalk_facts_set(facts, VMWALK_FACT_SHMEM, true);
	vmwalk_facts_set(facts, VMWALK_FACT_FILE_HOLE, missing == asked);
	if (asked ? missing != minor : minor)
		vmwalk_facts_set(facts, VMWALK_FACT_CACHED, asked && minor);
}

/* Override what the entry suggests by what the processor and the handler did. */
static void set_recorded(const struct vmwalk_caps *caps, const struct vmwalk_fault_event *fault,
			 struct vmwalk_facts *facts)
{
	bool waited = fault->flags & VMWALK_FAULT_WAITED;

	vmwalk_facts_set(facts, VMWALK_FACT_FAULTED, true);
	/*
	 * The access was refused, even if the entry permits it by now: then the rows that
	 * test the entry end in END_SPURIOUS.
	 */
	vmwalk_facts_set(facts, VMWALK_FACT_PERMITTED, false);
	if (caps->arch == VMWALK_ARCH_X86_64 && has(fault, VMWALK_FAULT_GOT_CODE))
		vmwalk_facts_set(facts, VMWALK_FACT_KEY_FORBIDS, fault->code & X86_PF_PK);
	if (!was_handled(fault)) {
		set_refused(caps, fault, facts);
		return;
	}
	vmwalk_facts_set(facts, VMWALK_FACT_KEY_FORBIDS, false);
	vmwalk_facts_set(facts, VMWALK_FACT_VMA_ALLOWS, true);
	if (fault->flags & VMWALK_FAULT_STACK_GREW)
		set_grown(facts);
	if (fault->result & VMWALK_RESULT_FALLBACK)
		vmwalk_facts_set(facts, VMWALK_FACT_THP_FREE, false);
	if (fault->outcome == VMWALK_ENDED_MINOR)
		vmwalk_facts_set(facts, VMWALK_FACT_PAST_END, false);
	set_pager(fault, facts);
	vmwalk_facts_set(facts, VMWALK_FACT_UNDER_READ, false);
	/* A minor fault that slept may have waited for another thread's I/O. */
	if (waited && fault->outcome == VMWALK_ENDED_MINOR)
		forget(facts, VMWALK_FACT_UNDER_READ);
}

static unsigned int outcome_of(const struct vmwalk_fault_event *fault)
{
	const __u32 bus = VMWALK_RESULT_SIGBUS | VMWALK_RESULT_HWPOISON |
			  VMWALK_RESULT_HWPOISON_LARGE;

	switch (fault->outcome) {
	case VMWALK_ENDED_MINOR:
		return VMWALK_OUTCOME_MINOR;
	case VMWALK_ENDED_MAJOR:
		return VMWALK_OUTCOME_MAJOR;
	case VMWALK_ENDED_SEGV:
		return VMWALK_OUTCOME_SIGSEGV;
	case VMWALK_ENDED_BUS:
		return VMWALK_OUTCOME_SIGBUS;
	case VMWALK_ENDED_FIXUP:
		if (fault->result & bus)
			return VMWALK_OUTCOME_SIGBUS;
		return fault->result & VMWALK_RESULT_SIGSEGV ? VMWALK_OUTCOME_SIGSEGV :
							       VMWALK_OUTCOME_UNKNOWN;
	default:
		return VMWALK_OUTCOME_UNKNOWN;
	}
}

/*
 * Return true if the kernel continued at its exception fixup without calling
 * handle_mm_fault(): either the access was refused or page faults were disabled, and the
 * event does not tell which.
 */
static bool is_undecided(const struct vmwalk_fault_event *fault)
{
	return fault->outcome == VMWALK_ENDED_FIXUP && !was_handled(fault);
}

static void take_result(const struct vmwalk_fault_event *fault, struct vmwalk_fault_result *result)
{
	bool mapped = is_entry(fault, VMWALK_FAULT_GOT_BEFORE, &fault->before) &&
		      fault->before.state.kind;
	bool known = is_entry(fault, VMWALK_FAULT_GOT_AFTER, &fault->after);

	memset(result, 0, sizeof(*result));
	result->outcome = outcome_of(fault);
	result->signal = fault->signal;
	result->code = fault->sigcode;
	result->oom = fault->outcome == VMWALK_ENDED_OOM;
	result->type = VMWALK_CLASS_UNREAD;
	result->same_pfn = -1;
	if (!known)
		return;
	result->type = fault->after.entry.type;
	result->kind = fault->after.state.kind;
	result->flags = fault->after.entry.flags;
	if (fault->flags & VMWALK_FAULT_SAME_PAGE)
		result->same_pfn = 1;
	else if (mapped && fault->after.state.kind)
		result->same_pfn = 0;
}

void vmwalk_fault_cause(const struct vmwalk_caps *caps, const struct vmwalk_around *around,
			const struct vmwalk_fault_event *fault, struct vmwalk_decision *decision)
{
	static const __u8 accesses[] = {
		[VMWALK_TRIED_READ] = VMWALK_ACCESS_READ,
		[VMWALK_TRIED_WRITE] = VMWALK_ACCESS_WRITE,
		[VMWALK_TRIED_EXEC] = VMWALK_ACCESS_EXEC,
	};
	struct vmwalk_fault_result result;
	struct vmwalk_facts facts;
	struct vmwalk_address walk;

	vmwalk_fault_walk(fault, &walk);
	vmwalk_facts_of(caps, &walk, around,
			fault->access < sizeof(accesses) ? accesses[fault->access] :
							   VMWALK_ACCESS_READ, &facts);
	set_recorded(caps, fault, &facts);
	vmwalk_cause_decide(&facts, decision);
	take_result(fault, &result);
	if (is_undecided(fault))
		result.outcome = VMWALK_OUTCOME_NONE;
	vmwalk_cause_settle(decision, &result);
	/* No ending of a fault has OUTCOME_NONE, so only the unknown one is left. */
	if (is_undecided(fault))
		decision->ending[0].outcome = VMWALK_OUTCOME_UNKNOWN;
}
