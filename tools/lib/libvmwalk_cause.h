/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Part of libvmwalk.h: causes of page faults, found by a decision tree of yes-or-no
 * facts, each with the kernel function that checks it. From current facts, the tree
 * predicts an access; from recorded facts, it explains a fault.
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
 * @VMWALK_CAUSE_UNKNOWN: the facts do not suffice, or contradict the recorded result
 * @VMWALK_CAUSE_NONE: there is no fault
 * @VMWALK_CAUSE_ANON_ZERO: a read of untouched anonymous memory maps the (huge) zero page
 * @VMWALK_CAUSE_ANON_NEW: a new zeroed page is mapped, also for a write to the zero page
 * @VMWALK_CAUSE_ANON_HUGE: a new THP is mapped, also for a write to the huge zero page
 * @VMWALK_CAUSE_COW: a write copies a page that may have other users
 * @VMWALK_CAUSE_REUSE: a write makes the entry writable without a copy
 * @VMWALK_CAUSE_FILE_READ: a page of a file or of shared memory is mapped for reading
 * @VMWALK_CAUSE_FILE_COW: a private copy is made of a page of a file or of shared memory
 * @VMWALK_CAUSE_FILE_SHARED: a page of a file or of shared memory is mapped for writing
 * @VMWALK_CAUSE_HUGETLB: a hugetlb page is mapped
 * @VMWALK_CAUSE_SWAP_IN: the page is read back from swap, or found in the swap cache
 * @VMWALK_CAUSE_NUMA_HINT: a NUMA hinting fault
 * @VMWALK_CAUSE_USERFAULT: the fault is handed to userfaultfd
 * @VMWALK_CAUSE_STACK_GROWTH: the VMA of the stack grows, and a new page is mapped
 * @VMWALK_CAUSE_MIGRATION_WAIT: the thread waits until the page has been migrated
 * @VMWALK_CAUSE_SPURIOUS: the entry permitted the access already, or lacked only the
 *	accessed or dirty bit; or a stale uffd-wp marker is removed
 * @VMWALK_CAUSE_SEGV_MAPERR: there is no VMA
 * @VMWALK_CAUSE_SEGV_ACCERR: the VMA forbids the access; or the address is in a guard
 *	region, for which the kernel sends SEGV_MAPERR: see &vmwalk_ending.code
 * @VMWALK_CAUSE_SEGV_PKUERR: the protection key forbids the access
 * @VMWALK_CAUSE_SIGBUS: no page can be provided: for example, the address is past the end
 *	of the file, or no hugetlb page is left
 * @VMWALK_CAUSE_HWPOISON: the page has a memory error, or a poison marker simulates one
 * @VMWALK_CAUSE_SPECIAL: a driver or the kernel ([vdso], [vvar]) maps its own page, or
 *	the page migrates back from a device
 * @VMWALK_CAUSE_OOM: the handler returned VM_FAULT_OOM. Never predicted
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
 * enum vmwalk_outcome - effect of a fault that the process can observe
 * @VMWALK_OUTCOME_UNKNOWN: not known
 * @VMWALK_OUTCOME_NONE: no fault
 * @VMWALK_OUTCOME_MINOR: the fault is counted in min_flt
 * @VMWALK_OUTCOME_MAJOR: the fault is counted in maj_flt: it read a page or was retried
 * @VMWALK_OUTCOME_WAIT: the thread waits for a migration, the pager of a userfaultfd, or
 *	I/O that another thread started
 * @VMWALK_OUTCOME_SIGSEGV: SIGSEGV is sent
 * @VMWALK_OUTCOME_SIGBUS: SIGBUS is sent
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
 * struct vmwalk_step - a check on the way to the decision
 * @fact: &enum vmwalk_fact
 * @yes: the fact holds
 * @function: kernel function that checks it, or "the processor"; static string
 * @lock: lock held in @function; static string
 */
struct vmwalk_step {
	__u8 fact;
	bool yes;
	const char *function;
	const char *lock;
};

/**
 * struct vmwalk_ending - a possible end of the fault
 * @cause: &enum vmwalk_cause
 * @outcome: &enum vmwalk_outcome
 * @signal: number of the signal sent, or 0
 * @code: si_code of @signal, or 0
 * @function: kernel function that ends the fault; static string
 * @lock: lock held in @function; static string
 * @text: description for people; static string
 * @if_yes: mask of unknown facts that must be true for this ending
 * @if_no: mask of unknown facts that must be false for this ending
 * @row: row of vmwalk_cause_ends[], private to the library
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
 * struct vmwalk_decision - the decision on one fault
 * @nr_steps: elements of @step
 * @nr_endings: elements of @ending, at least 1
 * @step: checks in the order of the kernel, up to the first unknown fact that matters
 * @ending: all possible endings, which differ by the facts in @depends. If there is no
 *	room for all, one with VMWALK_CAUSE_UNKNOWN replaces those that are left out
 * @depends: mask of unknown facts that decide between the endings
 * @hidden: part of @depends that is redacted for this caller
 * @assumes: mask of assumed facts that the decision used
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
 * vmwalk_cause_decide() - find the possible endings of one access; pure
 * @facts: known facts
 * @decision: filled
 *
 * Follow both branches of an unknown fact if they lead to different endings.
 */
void vmwalk_cause_decide(const struct vmwalk_facts *facts, struct vmwalk_decision *decision);

/**
 * struct vmwalk_fault_result - the recorded result of a fault
 * @outcome: &enum vmwalk_outcome; VMWALK_OUTCOME_UNKNOWN: not recorded
 * @signal: signal sent; 0: none, or not known, or the fault was in a system call, which
 *	returns EFAULT instead
 * @code: si_code of @signal
 * @oom: handle_mm_fault() returned VM_FAULT_OOM
 * @type: &enum vmwalk_class of the entry afterwards; VMWALK_CLASS_UNREAD: not recorded
 * @kind: &enum vmwalk_page_kind of the entry afterwards
 * @flags: &enum vmwalk_entry_flags of the entry afterwards
 * @same_pfn: the entry maps the same frame as before: 1 yes, 0 no, -1 not known
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
 * vmwalk_cause_settle() - drop endings that contradict the recorded result; pure
 * @decision: decided by the facts from before the fault
 * @result: recorded by the module
 *
 * If all endings contradict the result, the facts changed during the fault: replace the
 * endings by VMWALK_CAUSE_UNKNOWN with the recorded outcome. If @result->oom is set,
 * replace them by VMWALK_CAUSE_OOM.
 */
void vmwalk_cause_settle(struct vmwalk_decision *decision,
			 const struct vmwalk_fault_result *result);

#define VMWALK_FAULTS_MAX	3

/**
 * struct vmwalk_prediction - the faults of one access; it is retried after each fault
 * @nr: elements of @fault, at least 1
 * @fault: in order. If the access does not fault, the only element has VMWALK_CAUSE_NONE.
 *	No fault is predicted after one whose endings leave different states behind
 */
struct vmwalk_prediction {
	unsigned int nr;
	struct vmwalk_decision fault[VMWALK_FAULTS_MAX];
};

/** vmwalk_cause_predict() - predict up to VMWALK_FAULTS_MAX faults of one access; pure */
void vmwalk_cause_predict(const struct vmwalk_facts *facts, struct vmwalk_prediction *prediction);

/**
 * vmwalk_cause_outside() - predict an access to an address that no VMA can have; pure
 * @caps: answer to VMWALK_IOC_CAPS
 * @range: VMWALK_RANGE_KERNEL, NONCANONICAL or BEYOND of vmwalk_arch_range()
 * @access: &enum vmwalk_access
 * @prediction: filled
 */
void vmwalk_cause_outside(const struct vmwalk_caps *caps, unsigned int range, unsigned int access,
			  struct vmwalk_prediction *prediction);

/**
 * vmwalk_cause_final() - the fault that characterises the whole access; pure
 * @prediction: from vmwalk_cause_predict()
 *
 * Return: the last fault if its only ending sends a signal, else the first; owned by
 * @prediction.
 */
const struct vmwalk_decision *vmwalk_cause_final(const struct vmwalk_prediction *prediction);

/** vmwalk_cause_name() - return "anon-zero", …; "?" if invalid */
const char *vmwalk_cause_name(unsigned int cause);

/** vmwalk_outcome_name() - return "none", "minor", …; "?" if invalid */
const char *vmwalk_outcome_name(unsigned int outcome);

#ifdef __cplusplus
}
#endif

#endif
