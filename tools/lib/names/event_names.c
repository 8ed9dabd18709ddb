// SPDX-License-Identifier: GPL-2.0
/* Scripts read these words: never change one. */
#include <signal.h>

#include "libvmwalk.h"
#include "name_of.h"

const char *vmwalk_event_name(unsigned int kind)
{
	static const char * const names[] = {
		[VMWALK_EVENT_FAULT] = "fault",
		[VMWALK_EVENT_SIGNAL] = "signal",
		[VMWALK_EVENT_FORK] = "fork",
		[VMWALK_EVENT_EXEC] = "exec",
		[VMWALK_EVENT_EXIT] = "exit",
		[VMWALK_EVENT_LOST] = "lost",
		[VMWALK_EVENT_END] = "end",
		[VMWALK_EVENT_MMAP] = "mmap",
		[VMWALK_EVENT_MUNMAP] = "munmap",
		[VMWALK_EVENT_MPROTECT] = "mprotect",
		[VMWALK_EVENT_MREMAP] = "mremap",
		[VMWALK_EVENT_BRK] = "brk",
		[VMWALK_EVENT_MADVISE] = "madvise",
		[VMWALK_EVENT_COLLAPSE] = "collapse",
		[VMWALK_EVENT_TLB] = "tlb",
		[VMWALK_EVENT_EXCEPTION] = "exception",
	};

	return name_of(names, ARRAY_SIZE(names), kind);
}

const char *vmwalk_ended_name(unsigned int ended)
{
	static const char * const names[] = {
		[VMWALK_ENDED_UNKNOWN] = "unknown",
		[VMWALK_ENDED_MINOR] = "minor",
		[VMWALK_ENDED_MAJOR] = "major",
		[VMWALK_ENDED_SEGV] = "SIGSEGV",
		[VMWALK_ENDED_BUS] = "SIGBUS",
		[VMWALK_ENDED_OOM] = "oom",
		[VMWALK_ENDED_FIXUP] = "fixup",
		[VMWALK_ENDED_INTERRUPTED] = "interrupted",
	};

	return name_of(names, ARRAY_SIZE(names), ended);
}

const char *vmwalk_lost_name(unsigned int reason)
{
	static const char * const names[] = {
		[VMWALK_LOST_RING] = "ring",
		[VMWALK_LOST_PROBE] = "probe",
		[VMWALK_LOST_NMI] = "nmi",
		[VMWALK_LOST_SLOT] = "slot",
	};

	return name_of(names, ARRAY_SIZE(names), reason);
}

const char *vmwalk_flush_name(unsigned int reason)
{
	static const char * const names[] = {
		[VMWALK_FLUSH_UNKNOWN] = "unknown",
		[VMWALK_FLUSH_LOCAL] = "local",
		[VMWALK_FLUSH_LOCAL_MM] = "local-mm",
		[VMWALK_FLUSH_REMOTE] = "remote",
		[VMWALK_FLUSH_SEND] = "send",
	};

	return name_of(names, ARRAY_SIZE(names), reason);
}

const char *vmwalk_sigcode_name(unsigned int signal, int code)
{
	/*
	 * Codes that sigaction(2) does not list, such as SEGV_MTESERR, have no name here.
	 */
	static const char * const segv[] = {
		[SEGV_MAPERR] = "SEGV_MAPERR", [SEGV_ACCERR] = "SEGV_ACCERR",
		[SEGV_BNDERR] = "SEGV_BNDERR", [SEGV_PKUERR] = "SEGV_PKUERR",
	};
	static const char * const bus[] = {
		[BUS_ADRALN] = "BUS_ADRALN", [BUS_ADRERR] = "BUS_ADRERR",
		[BUS_OBJERR] = "BUS_OBJERR", [BUS_MCEERR_AR] = "BUS_MCEERR_AR",
		[BUS_MCEERR_AO] = "BUS_MCEERR_AO",
	};
	const char *name = "?";

	/* force_sig(): of another exception than a page fault, for instance */
	if (code == SI_KERNEL)
		return "SI_KERNEL";
	if (code > 0 && signal == SIGSEGV)
		name = name_of(segv, ARRAY_SIZE(segv), code);
	else if (code > 0 && signal == SIGBUS)
		name = name_of(bus, ARRAY_SIZE(bus), code);
	return *name == '?' ? "" : name;
}

const struct vmwalk_word vmwalk_fault_words[] = {
	{ VMWALK_FAULT_EXCEPTION, "exception" },
	{ VMWALK_FAULT_KERNEL, "kernel" },
	{ VMWALK_FAULT_CALLED, "called" },
	{ VMWALK_FAULT_REMOTE, "remote" },
	{ VMWALK_FAULT_RETRIED, "retried" },
	{ VMWALK_FAULT_WAITED, "waited" },
	{ VMWALK_FAULT_SAME_PAGE, "same-page" },
	{ VMWALK_FAULT_UNLOCKED, "unlocked" },
	{ VMWALK_FAULT_STACK_GREW, "stack-grew" },
	{ VMWALK_FAULT_HELD_UP, "held-up" },
	{ VMWALK_FAULT_BEYOND, "beyond" },
	{ 0 }
};

const struct vmwalk_word vmwalk_handled_words[] = {
	{ VMWALK_RESULT_MAJOR, "major" },
	{ VMWALK_RESULT_OOM, "oom" },
	{ VMWALK_RESULT_SIGBUS, "sigbus" },
	{ VMWALK_RESULT_SIGSEGV, "sigsegv" },
	{ VMWALK_RESULT_HWPOISON, "hwpoison" },
	{ VMWALK_RESULT_HWPOISON_LARGE, "hwpoison-large" },
	{ VMWALK_RESULT_NOPAGE, "nopage" },
	{ VMWALK_RESULT_FALLBACK, "fallback" },
	{ VMWALK_RESULT_DONE_COW, "done-cow" },
	{ VMWALK_RESULT_NEEDDSYNC, "needdsync" },
	{ VMWALK_RESULT_COMPLETED, "completed" },
	{ VMWALK_RESULT_RETRY, "retry" },
	{ VMWALK_RESULT_UNKNOWN, "unknown" },
	{ 0 }
};

const struct vmwalk_word vmwalk_source_words[] = {
	{ VMWALK_SOURCE_HANDLER, "handler" },
	{ VMWALK_SOURCE_EXCEPTION, "exception" },
	{ VMWALK_SOURCE_FIXUP, "fixup" },
	{ VMWALK_SOURCE_SIGNAL, "signal" },
	{ VMWALK_SOURCE_TASK, "task" },
	{ VMWALK_SOURCE_CALL, "call" },
	{ VMWALK_SOURCE_COLLAPSE, "collapse" },
	{ VMWALK_SOURCE_TLB, "tlb" },
	{ 0 }
};

const struct vmwalk_word vmwalk_task_words[] = {
	{ VMWALK_TASK_THREAD, "thread" },
	{ VMWALK_TASK_SHARED, "shared" },
	{ VMWALK_TASK_FOLLOWED, "followed" },
	{ VMWALK_TASK_FULL, "full" },
	{ 0 }
};

/* Intel SDM, "Page-Fault Exceptions"; enum x86_pf_error_code of asm/trap_pf.h */
static const struct vmwalk_word x86_code[] = {
	{ 1 << 0, "P" },
	{ 1 << 1, "W" },
	{ 1 << 2, "U" },
	{ 1 << 3, "R" },
	{ 1 << 4, "I" },
	{ 1 << 5, "PK" },
	{ 1 << 6, "SS" },
	{ 1 << 15, "SGX" },
	{ 0 }
};

/* RISC-V privileged architecture, "Supervisor Cause": a number, not a set of bits */
static const struct {
	__u64 cause;
	struct vmwalk_word word[2];
} riscv_code[] = {
	{ 1, { { 1, "instruction-access" } } },
	{ 5, { { 5, "load-access" } } },
	{ 7, { { 7, "store-access" } } },
	{ 12, { { 12, "instruction" } } },
	{ 13, { { 13, "load" } } },
	{ 15, { { 15, "store" } } },
};

const struct vmwalk_word *vmwalk_code_words(__u32 arch, __u64 code, __u64 *rest)
{
	static const struct vmwalk_word none[] = { { 0 } };
	const struct vmwalk_word *word;
	size_t i;

	*rest = code;
	if (arch == VMWALK_ARCH_X86_64) {
		for (word = x86_code; word->mask; word++)
			*rest &= ~word->mask;
		return x86_code;
	}
	for (i = 0; arch == VMWALK_ARCH_RISCV64 && i < ARRAY_SIZE(riscv_code); i++) {
		if (riscv_code[i].cause != code)
			continue;
		*rest = 0;
		return riscv_code[i].word;
	}
	return none;
}
