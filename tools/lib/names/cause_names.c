// SPDX-License-Identifier: GPL-2.0
/* Scripts read the names in this file: never change one. */
#include "libvmwalk.h"
#include "name_of.h"

const char *vmwalk_cause_name(unsigned int cause)
{
	static const char * const names[] = {
		[VMWALK_CAUSE_UNKNOWN] = "unknown",
		[VMWALK_CAUSE_NONE] = "none",
		[VMWALK_CAUSE_ANON_ZERO] = "anon-zero",
		[VMWALK_CAUSE_ANON_NEW] = "anon-new",
		[VMWALK_CAUSE_ANON_HUGE] = "anon-huge",
		[VMWALK_CAUSE_COW] = "cow",
		[VMWALK_CAUSE_REUSE] = "reuse",
		[VMWALK_CAUSE_FILE_READ] = "file-read",
		[VMWALK_CAUSE_FILE_COW] = "file-cow",
		[VMWALK_CAUSE_FILE_SHARED] = "file-shared",
		[VMWALK_CAUSE_HUGETLB] = "hugetlb",
		[VMWALK_CAUSE_SWAP_IN] = "swap-in",
		[VMWALK_CAUSE_NUMA_HINT] = "numa-hint",
		[VMWALK_CAUSE_USERFAULT] = "userfault",
		[VMWALK_CAUSE_STACK_GROWTH] = "stack-growth",
		[VMWALK_CAUSE_MIGRATION_WAIT] = "migration-wait",
		[VMWALK_CAUSE_SPURIOUS] = "spurious",
		[VMWALK_CAUSE_SEGV_MAPERR] = "segv-maperr",
		[VMWALK_CAUSE_SEGV_ACCERR] = "segv-accerr",
		[VMWALK_CAUSE_SEGV_PKUERR] = "segv-pkuerr",
		[VMWALK_CAUSE_SIGBUS] = "sigbus",
		[VMWALK_CAUSE_HWPOISON] = "hwpoison",
		[VMWALK_CAUSE_SPECIAL] = "special",
		[VMWALK_CAUSE_OOM] = "oom",
	};

	return name_of(names, ARRAY_SIZE(names), cause);
}

const char *vmwalk_outcome_name(unsigned int outcome)
{
	static const char * const names[] = {
		[VMWALK_OUTCOME_UNKNOWN] = "unknown",
		[VMWALK_OUTCOME_NONE] = "none",
		[VMWALK_OUTCOME_MINOR] = "minor",
		[VMWALK_OUTCOME_MAJOR] = "major",
		[VMWALK_OUTCOME_WAIT] = "wait",
		[VMWALK_OUTCOME_SIGSEGV] = "SIGSEGV",
		[VMWALK_OUTCOME_SIGBUS] = "SIGBUS",
	};

	return name_of(names, ARRAY_SIZE(names), outcome);
}

const char *vmwalk_access_name(unsigned int access)
{
	static const char * const names[] = {
		[VMWALK_ACCESS_READ] = "read",
		[VMWALK_ACCESS_WRITE] = "write",
		[VMWALK_ACCESS_EXEC] = "exec",
	};

	return name_of(names, ARRAY_SIZE(names), access);
}

static const struct {
	const char *name;
	const char *question;
} facts[] = {
	[VMWALK_FACT_WRITE] = { "write", "is it a write?" },
	[VMWALK_FACT_JUMP] = { "exec", "is it an execution?" },
	[VMWALK_FACT_FAULTED] = { "faulted", "was there a fault?" },
	[VMWALK_FACT_X86] = { "x86", "is it an x86?" },
	[VMWALK_FACT_PERMITTED] = { "permitted", "do the entries permit it?" },
	[VMWALK_FACT_FLAGS_SET] = { "flags-set", "accessed, dirty: set by hardware?" },
	[VMWALK_FACT_KEY_FORBIDS] = { "key-forbids", "does the protection key forbid?" },
	[VMWALK_FACT_IN_VMA] = { "in-vma", "is there a VMA?" },
	[VMWALK_FACT_NEXT_GROWS] = { "next-grows", "does the VMA above grow down?" },
	[VMWALK_FACT_ABOVE_MIN] = { "above-min", "above vm.mmap_min_addr?" },
	[VMWALK_FACT_GAP_KEPT] = { "gap-kept", "is the guard gap below kept?" },
	[VMWALK_FACT_IN_LIMIT] = { "in-limit", "within the stack's limit?" },
	[VMWALK_FACT_VMA_ALLOWS] = { "vma-allows", "does the access fit the VMA?" },
	[VMWALK_FACT_VMA_EXEC] = { "vma-exec", "is the VMA executable?" },
	[VMWALK_FACT_HUGETLB] = { "hugetlb", "a VMA of hugetlb pages?" },
	[VMWALK_FACT_SHARED] = { "shared", "is the mapping shared?" },
	[VMWALK_FACT_ANON_VMA] = { "anonymous", "anonymous memory?" },
	[VMWALK_FACT_PMD_EMPTY] = { "pmd-empty", "no page table here yet?" },
	[VMWALK_FACT_THP_ENABLED] = { "thp-enabled", "huge page: is the tunable on?" },
	[VMWALK_FACT_THP_WANTED] = { "thp-wanted", "huge page: always, or advised?" },
	[VMWALK_FACT_THP_FORBIDDEN] = { "thp-forbidden", "huge page: advised against?" },
	[VMWALK_FACT_THP_FITS] = { "thp-fits", "huge page: aligned, in the VMA?" },
	[VMWALK_FACT_THP_ZERO] = { "thp-zero", "huge zero page in use?" },
	[VMWALK_FACT_THP_FREE] = { "thp-free", "huge page: is one free?" },
	[VMWALK_FACT_HUGE_ENTRY] = { "huge-entry", "a huge entry?" },
	[VMWALK_FACT_ENTRY_NONE] = { "entry-none", "is the entry empty?" },
	[VMWALK_FACT_ENTRY_SWAP] = { "entry-swap", "a swap entry?" },
	[VMWALK_FACT_ENTRY_MIGRATION] = { "entry-migration", "is the page being migrated?" },
	[VMWALK_FACT_ENTRY_POISON] = { "entry-poison", "is the memory broken?" },
	[VMWALK_FACT_ENTRY_DEVICE] = { "entry-device", "in device memory?" },
	[VMWALK_FACT_ENTRY_MARKER] = { "entry-marker", "a marker?" },
	[VMWALK_FACT_ENTRY_HINT] = { "entry-hint", "a NUMA hint?" },
	[VMWALK_FACT_ENTRY_WRITE] = { "entry-write", "is the entry writable?" },
	[VMWALK_FACT_ENTRY_KNOWN] = { "entry-known", "is the type of the entry known?" },
	[VMWALK_FACT_UFFD_PROTECTED] = { "uffd-protected", "protected by userfaultfd?" },
	[VMWALK_FACT_MARKER_POISON] = { "marker-poison", "a poison marker?" },
	[VMWALK_FACT_MARKER_GUARD] = { "marker-guard", "a guard region?" },
	[VMWALK_FACT_POISON_HARDWARE] = { "poison-hardware", "does poison count as broken?" },
	[VMWALK_FACT_UFFD_MISSING] = { "uffd-missing", "userfaultfd: missing pages?" },
	[VMWALK_FACT_UFFD_MINOR] = { "uffd-minor", "userfaultfd: minor faults?" },
	[VMWALK_FACT_UFFD_WP] = { "uffdwp", "userfaultfd: write protection?" },
	[VMWALK_FACT_UFFD_SIGBUS] = { "uffd-sigbus", "does the pager ask for SIGBUS?" },
	[VMWALK_FACT_UFFD_ASYNC] = { "uffd-async", "does the kernel resolve it alone?" },
	[VMWALK_FACT_HAS_FAULT] = { "has-fault", "is there a fault handler?" },
	[VMWALK_FACT_SPECIAL] = { "special", "a driver's or the kernel's own?" },
	[VMWALK_FACT_PAST_END] = { "past-end", "past the end of the file?" },
	[VMWALK_FACT_CACHED] = { "cached", "is the page in the page cache?" },
	[VMWALK_FACT_UNDER_READ] = { "under-read", "is I/O on the page under way?" },
	[VMWALK_FACT_SHMEM] = { "shmem", "shared memory (tmpfs)?" },
	[VMWALK_FACT_FILE_HOLE] = { "file-hole", "not even in swap?" },
	[VMWALK_FACT_SWAP_CACHED] = { "swap-cached", "still in the swap cache?" },
	[VMWALK_FACT_ZERO_PAGE] = { "zero-page", "is it the zero page?" },
	[VMWALK_FACT_ZERO_TO_HUGE] = { "zero-to-huge", "huge page for huge zero page?" },
	[VMWALK_FACT_STRUCT_PAGE] = { "struct-page", "a page that is managed?" },
	[VMWALK_FACT_PAGE_ANON] = { "page-anon", "is the page anonymous?" },
	[VMWALK_FACT_EXCLUSIVE] = { "exclusive", "exclusive to this process?" },
	[VMWALK_FACT_KSM] = { "ksm", "merged by KSM?" },
	[VMWALK_FACT_ALONE] = { "alone", "is this the last user?" },
	[VMWALK_FACT_POOL_FREE] = { "pool-free", "hugetlb page: pool, cgroup, node?" },
	[VMWALK_FACT_MAPPED_ONCE] = { "mapped-once", "anonymous, and mapped once?" },
	[VMWALK_FACT_HANDLER_SERVES] = { "handler-serves", "does its handler provide a page?" },
};

const char *vmwalk_fact_name(unsigned int fact)
{
	return fact < ARRAY_SIZE(facts) ? facts[fact].name : "?";
}

const char *vmwalk_fact_question(unsigned int fact)
{
	return fact < ARRAY_SIZE(facts) ? facts[fact].question : "?";
}
