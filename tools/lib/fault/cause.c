// SPDX-License-Identifier: GPL-2.0
/*
 * Walk the rows of tree.c by the known facts, without I/O. An unknown fact makes
 * alternatives only if its two answers lead to different endings.
 */
#include <signal.h>
#include <string.h>

#include "tree.h"

#define BIT(fact)	VMWALK_FACT_BIT(VMWALK_FACT_##fact)

void vmwalk_facts_set(struct vmwalk_facts *facts, enum vmwalk_fact fact, bool yes)
{
	const __u64 bit = VMWALK_FACT_BIT(fact);

	facts->known |= bit;
	facts->hidden &= ~bit;
	facts->assumed &= ~bit;
	facts->yes = yes ? facts->yes | bit : facts->yes & ~bit;
}

void vmwalk_facts_hide(struct vmwalk_facts *facts, enum vmwalk_fact fact)
{
	const __u64 bit = VMWALK_FACT_BIT(fact);

	facts->known &= ~bit;
	facts->yes &= ~bit;
	facts->assumed &= ~bit;
	facts->hidden |= bit;
}

void vmwalk_facts_assume(struct vmwalk_facts *facts, enum vmwalk_fact fact, bool yes)
{
	const __u64 bit = VMWALK_FACT_BIT(fact);

	if (facts->known & bit)
		return;
	vmwalk_facts_set(facts, fact, yes);
	facts->assumed |= bit;
}

static const char *architecture_handler(const struct vmwalk_facts *facts)
{
	switch (facts->arch) {
	case VMWALK_ARCH_X86_64:
		return "do_user_addr_fault()";
	case VMWALK_ARCH_ARM64:
		return "do_page_fault()";
	default:
		return "handle_page_fault()";
	}
}

static const char *function_of(const struct vmwalk_node *node, const struct vmwalk_facts *facts)
{
	if (!node->function)
		return architecture_handler(facts);
	return node->old && facts->kernel && facts->kernel < node->since ? node->old :
									   node->function;
}

/* The kinds of access are those that do_fault() of mm/memory.c distinguishes. */
static void resolve_file(struct vmwalk_ending *ending, const struct vmwalk_facts *facts)
{
	static const char * const texts[3][4] = {
		{ "a page of the file is mapped", "a page of the file is read, and mapped",
		  "waits for the page to be read",
		  "a new page of shared memory is mapped" },
		{ "a private copy of the file's page",
		  "a page of the file is read, and copied",
		  "waits for the page to be read", "a private copy of a new page" },
		{ "a page of the file is mapped writable",
		  "a page of the file is read, and mapped writable",
		  "waits for the page to be read",
		  "a new page of shared memory is mapped writable" },
	};
	static const char * const functions[] = {
		"do_read_fault()", "do_cow_fault()", "do_shared_fault()",
	};
	static const __u8 causes[] = {
		VMWALK_CAUSE_FILE_READ, VMWALK_CAUSE_FILE_COW, VMWALK_CAUSE_FILE_SHARED,
	};
	static const char * const swapped[3] = {
		"read back from swap, and mapped",
		"read back from swap, and copied",
		"read back from swap, mapped writable",
	};
	unsigned int kind = 0;

	if (is_so(facts, BIT(WRITE)))
		kind = is_so(facts, BIT(SHARED)) ? 2 : 1;
	ending->cause = causes[kind];
	ending->function = functions[kind];
	ending->text = texts[kind][ending->row - END_FILE_MINOR];
	/* It has no other place than memory and swap. */
	if (ending->row == END_FILE_MAJOR && is_so(facts, BIT(SHMEM)))
		ending->text = swapped[kind];
}

static void add_ending(struct vmwalk_decision *decision, unsigned int row,
		       const struct vmwalk_facts *facts)
{
	struct vmwalk_ending *ending = &decision->ending[decision->nr_endings++];

	*ending = vmwalk_cause_ends[row].ending;
	ending->lock = vmwalk_cause_lock(vmwalk_cause_ends[row].lock, facts);
	if (row >= END_FILE_MINOR && row <= END_FILE_NEW)
		resolve_file(ending, facts);
	if (!ending->function)
		ending->function = architecture_handler(facts);
	/* mm_fault_error() of riscv sends BUS_ADRERR for poisoned pages, too. */
	if (ending->code == BUS_MCEERR_AR && ending->signal == SIGBUS &&
	    facts->arch == VMWALK_ARCH_RISCV64)
		ending->code = BUS_ADRERR;
}

/*
 * VMWALK_FACT_X86 and VMWALK_FACT_FAULTED are no checks of the kernel: they only choose
 * between rows.
 */
static void add_step(struct vmwalk_decision *decision, const struct vmwalk_node *node,
		     const struct vmwalk_facts *facts, unsigned int next)
{
	struct vmwalk_step *step;
	unsigned int i;

	if (node->fact == VMWALK_FACT_X86 || node->fact == VMWALK_FACT_FAULTED ||
	    (node->silent && next >= END_MAX) || decision->nr_steps == VMWALK_STEPS_MAX)
		return;
	for (i = 0; i < decision->nr_steps; i++)
		if (decision->step[i].fact == node->fact)
			return;
	step = &decision->step[decision->nr_steps++];
	step->fact = node->fact;
	step->yes = is_so(facts, VMWALK_FACT_BIT(node->fact));
	step->function = function_of(node, facts);
	step->lock = vmwalk_cause_lock(node->lock, facts);
}

static bool same_end(const struct vmwalk_ending *a, const struct vmwalk_ending *b)
{
	return a->row == b->row && a->cause == b->cause && a->if_yes == b->if_yes &&
	       a->if_no == b->if_no;
}

static bool same_endings(const struct vmwalk_decision *a, const struct vmwalk_decision *b)
{
	unsigned int i;

	if (a->nr_endings != b->nr_endings)
		return false;
	for (i = 0; i < a->nr_endings; i++)
		if (!same_end(&a->ending[i], &b->ending[i]))
			return false;
	return true;
}

static void give_up(struct vmwalk_decision *decision)
{
	decision->ending[0] = vmwalk_cause_ends[END_UNKNOWN].ending;
	decision->ending[0].lock = "-";
	decision->nr_endings = 1;
}

static void add_alternatives(struct vmwalk_decision *into, const struct vmwalk_decision *from,
			     __u64 fact, bool yes)
{
	struct vmwalk_ending *ending;
	unsigned int i;

	if (into->nr_endings + from->nr_endings > VMWALK_ENDINGS_MAX)
		give_up(into);
	for (i = 0; i < from->nr_endings && into->nr_endings < VMWALK_ENDINGS_MAX; i++) {
		ending = &into->ending[into->nr_endings++];
		*ending = from->ending[i];
		*(yes ? &ending->if_yes : &ending->if_no) |= fact;
	}
	into->depends |= from->depends | fact;
	into->hidden |= from->hidden;
	into->assumes |= from->assumes;
}

static void descend(const struct vmwalk_facts *given, unsigned int row,
		    struct vmwalk_decision *decision);

/* Return false, with @decision unchanged, if both answers have the same endings. */
static bool both_ways(const struct vmwalk_facts *facts, const struct vmwalk_node *node,
		      struct vmwalk_decision *decision)
{
	const __u64 bit = VMWALK_FACT_BIT(node->fact);
	struct vmwalk_decision so = { 0 }, not = { 0 };
	struct vmwalk_facts other = *facts;

	vmwalk_facts_set(&other, node->fact, true);
	descend(&other, node->yes, &so);
	vmwalk_facts_set(&other, node->fact, false);
	descend(&other, node->no, &not);
	if (same_endings(&so, &not))
		return false;
	add_alternatives(decision, &so, bit, true);
	add_alternatives(decision, &not, bit, false);
	decision->hidden |= facts->hidden & bit;
	return true;
}

/*
 * This terminates: a row leads to later rows, to endings, or to ASK_SIGBUS or
 * ASK_UNDER_READ, which lead only to endings.
 */
static void descend(const struct vmwalk_facts *given, unsigned int row,
		    struct vmwalk_decision *decision)
{
	struct vmwalk_facts facts = *given;
	const struct vmwalk_node *node;
	unsigned int next;
	__u64 bit;

	while (row >= END_MAX) {
		node = &vmwalk_cause_tree[row - END_MAX];
		bit = VMWALK_FACT_BIT(node->fact);
		if (!(facts.known & bit)) {
			if (both_ways(&facts, node, decision))
				return;
			/*
			 * Both answers have the same endings: the fact decides
			 * nothing, and is no step.
			 */
			vmwalk_facts_set(&facts, node->fact, false);
			row = node->no;
			continue;
		}
		decision->assumes |= facts.assumed & bit;
		next = is_so(&facts, bit) ? node->yes : node->no;
		add_step(decision, node, &facts, next);
		row = next;
	}
	add_ending(decision, row, &facts);
}

void vmwalk_cause_decide(const struct vmwalk_facts *facts, struct vmwalk_decision *decision)
{
	memset(decision, 0, sizeof(*decision));
	descend(facts, ASK_FAULTED, decision);
}

/*
 * The handlers refuse an address that no VMA can have without looking for one. On x86 an
 * address that is not canonical raises no page fault, but #GP, or #SS if an instruction gets
 * it from a register of the stack.
 */
void vmwalk_cause_outside(const struct vmwalk_caps *caps, unsigned int range, unsigned int access,
			  struct vmwalk_prediction *prediction)
{
	const struct vmwalk_facts facts = { .arch = caps->arch };
	struct vmwalk_decision *decision = &prediction->fault[0];

	memset(decision, 0, sizeof(*decision));
	prediction->nr = 1;
	if (caps->arch == VMWALK_ARCH_X86_64 && range == VMWALK_RANGE_NONCANONICAL) {
		add_ending(decision, END_NOT_CANONICAL, &facts);
		if (access != VMWALK_ACCESS_EXEC)
			add_ending(decision, END_STACK_SEGMENT, &facts);
		return;
	}
	add_ending(decision, END_OUTSIDE, &facts);
	if (caps->arch == VMWALK_ARCH_X86_64)
		decision->ending[0].function = "bad_area_nosemaphore()";
	else if (caps->arch == VMWALK_ARCH_ARM64)
		decision->ending[0].function = "do_bad_area()";
}
