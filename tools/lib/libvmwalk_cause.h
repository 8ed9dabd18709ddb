/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Part of libvmwalk.h: the cause of a page fault. One tree of yes-or-no facts, each with
 * the kernel function that asks, ends in what becomes of the access. Facts of now give
 * what an access would do; facts that were recorded give what a fault was.
 */
#ifndef LIBVMWALK_CAUSE_H
#define LIBVMWALK_CAUSE_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum vmwalk_cause - the classes of page faults
 * @VMWALK_CAUSE_UNKNOWN: the facts do not say, or say what cannot be
 * @VMWALK_CAUSE_NONE: no fault
 * @VMWALK_CAUSE_ANON_ZERO: first read of anonymous memory: the (huge) zero page mapped
 * @VMWALK_CAUSE_ANON_NEW: a new zeroed frame, also for a write to the zero page
 * @VMWALK_CAUSE_ANON_HUGE: a THP mapped at fault
 * @VMWALK_CAUSE_COW: a shared frame copied
 * @VMWALK_CAUSE_REUSE: no copy needed: made writable
 * @VMWALK_CAUSE_FILE_READ: a page of a file, or of shared memory, mapped to be read
 * @VMWALK_CAUSE_FILE_COW: a private copy of such a page made
 * @VMWALK_CAUSE_FILE_SHARED: such a page written in place
 * @VMWALK_CAUSE_HUGETLB: a hugetlb page mapped
 * @VMWALK_CAUSE_SWAP_IN: read back from swap, or found in the swap cache
 * @VMWALK_CAUSE_NUMA_HINT: a hinting fault
 * @VMWALK_CAUSE_USERFAULT: handed to userfaultfd
 * @VMWALK_CAUSE_STACK_GROWTH: the stack's VMA grows, then as anonymous memory
 * @VMWALK_CAUSE_MIGRATION_WAIT: waits for a migration
 * @VMWALK_CAUSE_SPURIOUS: the entry permits it already, or lacked no more than its
 *	accessed or dirty bit; or a stale marker was removed
 * @VMWALK_CAUSE_SEGV_MAPERR: no VMA
 * @VMWALK_CAUSE_SEGV_ACCERR: the VMA forbids it, or a guard region. Of a guard region the
 *	kernel says SEGV_MAPERR all the same: see &vmwalk_ending.code
 * @VMWALK_CAUSE_SEGV_PKUERR: the protection key forbids it
 * @VMWALK_CAUSE_SIGBUS: past the end of the file, or nobody provides the page
 * @VMWALK_CAUSE_HWPOISON: the page is poisoned
 * @VMWALK_CAUSE_SPECIAL: what a driver, or the kernel itself, maps ([vdso], [vvar]), or
 *	what has to come back from a device
 * @VMWALK_CAUSE_OOM: no memory: the OOM killer is called. Never predicted
 * @VMWALK_CAUSE_MAX: number of classes
 */
enum vmwalk_cause {
	VMWALK_CAUSE_UNKNOWN,
	VMWALK_CAUSE_NONE,
	VMWALK_CAUSE_ANON_ZERO,
	VMWALK_CAUSE_ANON_NEW,
	VMWALK_CAUSE_ANON_HUGE,
	VMWALK_CAUSE_COW,
	VMWALK_CAUSE_REUSE,
	VMWALK_CAUSE_FILE_READ,
	VMWALK_CAUSE_FILE_COW,
	VMWALK_CAUSE_FILE_SHARED,
	VMWALK_CAUSE_HUGETLB,
	VMWALK_CAUSE_SWAP_IN,
	VMWALK_CAUSE_NUMA_HINT,
	VMWALK_CAUSE_USERFAULT,
	VMWALK_CAUSE_STACK_GROWTH,
	VMWALK_CAUSE_MIGRATION_WAIT,
	VMWALK_CAUSE_SPURIOUS,
	VMWALK_CAUSE_SEGV_MAPERR,
	VMWALK_CAUSE_SEGV_ACCERR,
	VMWALK_CAUSE_SEGV_PKUERR,
	VMWALK_CAUSE_SIGBUS,
	VMWALK_CAUSE_HWPOISON,
	VMWALK_CAUSE_SPECIAL,
	VMWALK_CAUSE_OOM,
	VMWALK_CAUSE_MAX,
};

/**
 * enum vmwalk_outcome - what the process notices
 * @VMWALK_OUTCOME_UNKNOWN: cannot be told
 * @VMWALK_OUTCOME_NONE: nothing: there is no fault
 * @VMWALK_OUTCOME_MINOR: counted in min_flt
 * @VMWALK_OUTCOME_MAJOR: counted in maj_flt: something had to be read
 * @VMWALK_OUTCOME_WAIT: waits for somebody else: a migration, a pager, a read under way
 * @VMWALK_OUTCOME_SIGSEGV: the signal
 * @VMWALK_OUTCOME_SIGBUS: the signal
 * @VMWALK_OUTCOME_MAX: number of outcomes
 */
enum vmwalk_outcome {
	VMWALK_OUTCOME_UNKNOWN,
	VMWALK_OUTCOME_NONE,
	VMWALK_OUTCOME_MINOR,
	VMWALK_OUTCOME_MAJOR,
	VMWALK_OUTCOME_WAIT,
	VMWALK_OUTCOME_SIGSEGV,
	VMWALK_OUTCOME_SIGBUS,
	VMWALK_OUTCOME_MAX,
};

/**
 * struct vmwalk_step - a question on the way to the decision
 * @fact: &enum vmwalk_fact
 * @yes: the answer
 * @function: of the kernel, or what else decides; a constant
 * @lock: what is held there; a constant
 */
struct vmwalk_step {
	__u8 fact;
	bool yes;
	const char *function;
	const char *lock;
};

/**
 * struct vmwalk_ending - what becomes of the access
 * @cause: &enum vmwalk_cause
 * @outcome: &enum vmwalk_outcome
 * @signal: that is sent, or 0
 * @code: its si_code, or 0
 * @function: of the kernel, that does it; a constant
 * @lock: what is held there; a constant
 * @text: what happens, in words; a constant
 * @if_yes: the unknown facts that have to be so for it to come to this
 * @if_no: the unknown facts that must not be
 * @row: for the library itself
 */
struct vmwalk_ending {
	__u8 cause;
	__u8 outcome;
	__u8 signal;
	__u8 code;
	const char *function;
	const char *lock;
	const char *text;
	__u64 if_yes;
	__u64 if_no;
	__u8 row;
};

#define VMWALK_STEPS_MAX	48
#define VMWALK_ENDINGS_MAX	16

/**
 * struct vmwalk_decision - of one fault
 * @nr_steps: of @step
 * @nr_endings: of @ending, at least 1
 * @step: the questions that are answered, in the kernel's order, up to the first one
 *	whose answer matters and is not known
 * @ending: the only one, or those between which @depends decides. If there is no room for
 *	all, one of them is of VMWALK_CAUSE_UNKNOWN
 * @depends: mask of the unknown facts that matter
 * @hidden: those of @depends that are withheld
 * @assumes: mask of assumed facts that matter
 */
struct vmwalk_decision {
	unsigned int nr_steps;
	unsigned int nr_endings;
	struct vmwalk_step step[VMWALK_STEPS_MAX];
	struct vmwalk_ending ending[VMWALK_ENDINGS_MAX];
	__u64 depends;
	__u64 hidden;
	__u64 assumes;
};

/**
 * vmwalk_cause_decide() - what one fault is, or would be; pure
 * @facts: what is known
 * @decision: filled
 *
 * A fact that is not known, and matters, is decided both ways; nothing is guessed.
 */
void vmwalk_cause_decide(const struct vmwalk_facts *facts, struct vmwalk_decision *decision);

/**
 * struct vmwalk_fault_result - what a fault came to, as it was recorded
 * @outcome: &enum vmwalk_outcome; VMWALK_OUTCOME_UNKNOWN: not recorded
 * @signal: that was sent; 0: none, or it is not known, or the kernel took the fault for the
 *	process, to whom it then says EFAULT
 * @code: its si_code
 * @oom: there was no memory (VM_FAULT_OOM)
 * @type: &enum vmwalk_class of the entry afterwards; VMWALK_CLASS_UNREAD: not recorded
 * @kind: &enum vmwalk_page_kind of it
 * @flags: &enum vmwalk_entry_flags of it
 * @same_pfn: whether it maps the frame that was mapped before: 1, 0, or -1: not known
 */
struct vmwalk_fault_result {
	__u8 outcome;
	__u8 signal;
	__u8 code;
	bool oom;
	__u8 type;
	__u8 kind;
	__s8 same_pfn;
	__u32 flags;
};

/**
 * vmwalk_cause_settle() - leave the endings that go with a recorded result; pure
 * @decision: of the facts from before the fault
 * @result: what was recorded of it
 *
 * If none goes with it, somebody else changed something meanwhile: one ending is left,
 * of VMWALK_CAUSE_UNKNOWN with the outcome that was recorded.
 */
void vmwalk_cause_settle(struct vmwalk_decision *decision,
			 const struct vmwalk_fault_result *result);

#define VMWALK_FAULTS_MAX	3

/**
 * struct vmwalk_prediction - an access to its end: it can take more than one fault
 * @nr: of @fault, at least 1
 * @fault: one after the other. The first can be of VMWALK_CAUSE_NONE; where endings are
 *	not certain, and would not all leave the same behind, it is the last
 */
struct vmwalk_prediction {
	unsigned int nr;
	struct vmwalk_decision fault[VMWALK_FAULTS_MAX];
};

/** vmwalk_cause_predict() - what an access would do; pure */
void vmwalk_cause_predict(const struct vmwalk_facts *facts, struct vmwalk_prediction *prediction);

/**
 * vmwalk_cause_final() - the ending that names the access as a whole; pure
 * @prediction: of the access
 *
 * That of the signal, if it ends in one, or else that of the first fault.
 *
 * Return: the decision whose endings these are.
 */
const struct vmwalk_decision *vmwalk_cause_final(const struct vmwalk_prediction *prediction);

/** vmwalk_cause_name() - the class: "anon-zero", …; "?" for what is none */
const char *vmwalk_cause_name(unsigned int cause);

/** vmwalk_outcome_name() - "none", "minor", …; "?" for what is none */
const char *vmwalk_outcome_name(unsigned int outcome);


#ifdef __cplusplus
}
#endif

#endif /* LIBVMWALK_CAUSE_H */
