// SPDX-License-Identifier: GPL-2.0
/*
 * Follow a page fault from its exception to its end.
 *
 * If the architecture has the tracepoints page_fault_user and page_fault_kernel, the
 * exception is seen first. handle_mm_fault() is then entered and returns, several times
 * if it asks for a retry. If the kernel refuses the access before that, a signal or a
 * fixup ends the fault. Between two of these steps a slot keeps the fault for its thread
 * (pending_fault.c). While handle_mm_fault() runs, the probe on it keeps the fault from
 * the entry to the return (compat/call_probe.h), so that a nested fault can use the slot.
 *
 * Lock rule: everything but vmwalk_fault_missed() runs in a probe. A VMA is dereferenced
 * only while the faulting thread holds its lock or the mmap lock: when handle_mm_fault()
 * is entered, and when it returns neither RETRY nor COMPLETED.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "events.h"
#include "walk/raw_entry.h"

static atomic64_t missed_nmi, missed_slot;

static void begin(struct vmwalk_fault *fault, const struct mm_struct *mm,
		  unsigned long address)
{
	memset(fault, 0, VMWALK_FAULT_HEAD);
	fault->begun = ktime_get_ns();
	fault->mm = (unsigned long)mm;
	fault->address = address;
	if (address >= mm->task_size)
		fault->flags |= VMWALK_FAULT_BEYOND;
	fault->slept = current->nvcsw;
	fault->stack_vm = READ_ONCE(mm->stack_vm);
	if (mm != current->mm)
		fault->flags |= VMWALK_FAULT_REMOTE;
}

static void begin_exception(struct vmwalk_fault *fault, unsigned long address,
			    struct pt_regs *regs, unsigned long code)
{
	begin(fault, current->mm, address);
	fault->flags |= VMWALK_FAULT_EXCEPTION;
	if (!user_mode(regs))
		fault->flags |= VMWALK_FAULT_KERNEL;
	fault->ip = instruction_pointer(regs);
	fault->has_ip = true;
	fault->code = code;
	fault->access = vmwalk_arch_access(code);
}

static void begin_call(struct vmwalk_fault *fault, const struct mm_struct *mm,
		       unsigned long address, unsigned int flags, struct pt_regs *regs)
{
	begin(fault, mm, address);
	if (!(flags & FAULT_FLAG_USER))
		fault->flags |= VMWALK_FAULT_KERNEL;
	if (regs) {
		fault->ip = instruction_pointer(regs);
		fault->has_ip = true;
	} else {
		fault->flags |= VMWALK_FAULT_CALLED;
	}
	if (flags & FAULT_FLAG_INSTRUCTION)
		fault->access = VMWALK_TRIED_EXEC;
	else if (flags & FAULT_FLAG_WRITE)
		fault->access = VMWALK_TRIED_WRITE;
}

static void record(struct vmwalk_fault *fault)
{
	if (fault->slept != current->nvcsw)
		fault->flags |= VMWALK_FAULT_WAITED;
	if (fault->tries > 1)
		fault->flags |= VMWALK_FAULT_RETRIED;
	vmwalk_record_fault(fault);
}

static void leave_out(struct vmwalk_glance *glance, u32 absent)
{
	memset(glance, 0, sizeof(*glance));
	glance->absent = absent;
}

/*
 * End a fault whose last step is no return of handle_mm_fault(): a signal, a fixup, or an
 * end that no probe saw.
 */
static void end(struct vmwalk_fault *fault, u8 outcome)
{
	fault->outcome = outcome;
	if (fault->tries) {
		leave_out(&fault->after, VMWALK_ABSENT_DROPPED);
		if (outcome == VMWALK_ENDED_UNKNOWN)
			fault->outcome = VMWALK_ENDED_INTERRUPTED;
		record(fault);
		return;
	}
	leave_out(&fault->before, VMWALK_ABSENT_UNHANDLED);
	leave_out(&fault->after, VMWALK_ABSENT_UNHANDLED);
	if (current->mm && fault->mm == (unsigned long)current->mm &&
	    fault->address < current->mm->task_size) {
		vmwalk_glance_read(&fault->before, current->mm, fault->address, NULL);
		/* Only the VMA tells the kind, and PROT_NONE from a NUMA hint. */
		fault->before.kind = VMWALK_KIND_NONE;
		if (fault->before.entry.flags & VMWALK_E_PROTNONE)
			fault->before.entry.type = VMWALK_CLASS_UNKNOWN;
		fault->flags |= VMWALK_FAULT_UNLOCKED;
	}
	record(fault);
}

static void end_pending(u8 outcome, u32 signal, u32 sigcode)
{
	struct vmwalk_fault *fault = vmwalk_slot_find();

	if (!fault)
		return;
	fault->signal = signal;
	fault->sigcode = sigcode;
	end(fault, outcome);
	vmwalk_slot_release(fault);
}

/**
 * vmwalk_fault_end() - end current's pending fault, if any, outside the handler
 * @outcome: enum vmwalk_ended
 * @signal: signal that ends the fault, or 0
 * @sigcode: si_code of @signal
 *
 * A fault that is stale is dropped: its subscriber has gone.
 *
 * Context: In a probe of a signal, of exec or of exit.
 */
void vmwalk_fault_end(u8 outcome, u32 signal, u32 sigcode)
{
	end_pending(outcome, signal, sigcode);
	vmwalk_slots_drop(current);
}

/*
 * With page faults disabled a fixup is that of a nested access, which may be one of an NMI
 * that has interrupted the owner of the slot: do not even look there.
 */
static const struct vmwalk_fault *pending(void)
{
	return pagefault_disabled() ? NULL : vmwalk_slot_find();
}

/**
 * vmwalk_fault_fixup() - end current's fault when the kernel jumps to its fixup code
 * @address: address of the access; where fixup_exception() does not know it, that of
 *	current's pending fault
 *
 * Context: In a probe.
 */
void vmwalk_fault_fixup(unsigned long address)
{
	const struct vmwalk_fault *fault = pending();

	if (fault && fault->address == address)
		end_pending(VMWALK_ENDED_FIXUP, 0, 0);
}

/**
 * vmwalk_fault_pending() - find the address of current's pending fault, for its fixup
 *
 * Context: In a probe.
 * Return: the address, which may be 0; 0 also if no fault is pending.
 */
unsigned long vmwalk_fault_pending(void)
{
	const struct vmwalk_fault *fault = pending();

	return fault ? fault->address : 0;
}

static void tell_exception(unsigned long address, struct pt_regs *regs, unsigned long code)
{
	struct vmwalk_fault fault;

	begin_exception(&fault, address, regs, code);
	vmwalk_record_exception(&fault);
}

/* Use no slot: with page faults disabled this may nest in the fault that has it. */
static void tell_at_once(unsigned long address, struct pt_regs *regs, unsigned long code)
{
	struct vmwalk_fault fault;

	begin_exception(&fault, address, regs, code);
	end(&fault, VMWALK_ENDED_FIXUP);
}

/**
 * vmwalk_fault_exception() - handle a page fault that the processor has raised
 * @address: faulting address
 * @regs: registers of the interrupted context
 * @code: the hardware's error code
 *
 * Context: In a probe, or in an NMI. A fault in an NMI is only counted, because the NMI
 * may have interrupted this file while it used the slot.
 */
void vmwalk_fault_exception(unsigned long address, struct pt_regs *regs, unsigned long code)
{
	const struct mm_struct *mm = current->mm;
	u32 wanted = mm ? vmwalk_watched(mm) : 0;
	struct vmwalk_fault *fault;

	if (!wanted)
		return;
	if (in_nmi()) {
		atomic64_inc(&missed_nmi);
		return;
	}
	if (!user_mode(regs) && address >= mm->task_size)
		return;
	if (wanted & VMWALK_BIT(VMWALK_EVENT_EXCEPTION))
		tell_exception(address, regs, code);
	if (!(wanted & VMWALK_BIT(VMWALK_EVENT_FAULT)))
		return;
	if (!user_mode(regs) && pagefault_disabled()) {
		tell_at_once(address, regs, code);
		return;
	}
	/* The end of an earlier pending fault was not seen: end it and reuse its slot. */
	fault = vmwalk_slot_find();
	if (fault)
		end(fault, VMWALK_ENDED_UNKNOWN);
	else
		fault = vmwalk_slot_claim();
	if (fault)
		begin_exception(fault, address, regs, code);
	else
		atomic64_inc(&missed_slot);
}

/*
 * Take current's pending fault out of its slot if the handler is called for it. Return
 * false if the caller must fill @fault as a new one.
 */
static bool resume(struct vmwalk_fault *fault, const struct mm_struct *mm,
		   unsigned long address)
{
	struct vmwalk_fault *waiting = vmwalk_slot_find();

	if (!waiting)
		return false;
	if (waiting->mm != (unsigned long)mm || (waiting->address ^ address) & PAGE_MASK) {
		/* Another mm or page: the end of the pending fault was not seen. */
		end_pending(VMWALK_ENDED_UNKNOWN, 0, 0);
		return false;
	}
	if (waiting->tries)
		*fault = *waiting;
	else
		memcpy(fault, waiting, VMWALK_FAULT_HEAD);
	vmwalk_slot_release(waiting);
	return true;
}

/*
 * Guess whether expand_stack() ran for this fault. Another thread may have increased
 * stack_vm instead.
 */
static bool stack_grew(const struct vmwalk_fault *fault, const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_GROWSDOWN && fault->flags & VMWALK_FAULT_EXCEPTION &&
	       vma->vm_start == (fault->address & PAGE_MASK) &&
	       READ_ONCE(vma->vm_mm->stack_vm) > fault->stack_vm;
}

/**
 * vmwalk_fault_enter() - handle the entry of handle_mm_fault()
 * @fault: filled if the result is true; pass it to vmwalk_fault_return()
 * @vma: first argument; the faulting thread holds its lock or the mmap lock
 * @address: second argument
 * @flags: third argument, enum fault_flag
 * @regs: fourth argument, or NULL
 *
 * Context: In a probe.
 * Return: true if a subscriber watches the faults of this mm.
 */
bool vmwalk_fault_enter(struct vmwalk_fault *fault, struct vm_area_struct *vma,
			unsigned long address, unsigned int flags, struct pt_regs *regs)
{
	struct mm_struct *mm = vma->vm_mm;

	if (!(vmwalk_watched(mm) & VMWALK_BIT(VMWALK_EVENT_FAULT)))
		return false;
	if (!resume(fault, mm, address))
		begin_call(fault, mm, address, flags, regs);
	fault->entered = current->nvcsw;
	if (!fault->tries++) {
		vmwalk_glance_read(&fault->before, mm, address, vma);
		memset(&fault->vma, 0, sizeof(fault->vma));
		vmwalk_vma_fill(&fault->vma, vma);
		fault->has_vma = true;
		if (stack_grew(fault, vma))
			fault->flags |= VMWALK_FAULT_STACK_GREW;
	}
	return true;
}

static const struct {
	u32 kernel;
	u32 ours;
} results[] = {
	{ (__force u32)VM_FAULT_MAJOR,		VMWALK_RESULT_MAJOR },
	{ (__force u32)VM_FAULT_OOM,		VMWALK_RESULT_OOM },
	{ (__force u32)VM_FAULT_SIGBUS,		VMWALK_RESULT_SIGBUS },
	{ (__force u32)VM_FAULT_SIGSEGV,	VMWALK_RESULT_SIGSEGV },
	{ (__force u32)VM_FAULT_HWPOISON,	VMWALK_RESULT_HWPOISON },
	{ (__force u32)VM_FAULT_HWPOISON_LARGE,	VMWALK_RESULT_HWPOISON_LARGE },
	{ (__force u32)VM_FAULT_NOPAGE,		VMWALK_RESULT_NOPAGE },
	{ (__force u32)VM_FAULT_FALLBACK,	VMWALK_RESULT_FALLBACK },
	{ (__force u32)VM_FAULT_DONE_COW,	VMWALK_RESULT_DONE_COW },
	{ (__force u32)VM_FAULT_NEEDDSYNC,	VMWALK_RESULT_NEEDDSYNC },
	{ (__force u32)VM_FAULT_COMPLETED,	VMWALK_RESULT_COMPLETED },
	{ (__force u32)VM_FAULT_RETRY,		VMWALK_RESULT_RETRY },
	/* Known, but not reported: they must not set VMWALK_RESULT_UNKNOWN. */
	{ (__force u32)VM_FAULT_LOCKED,		0 },
	{ (__force u32)VM_FAULT_HINDEX_MASK,	0 },
	{ VMWALK_COMPAT_VM_FAULT_WRITE,		0 },
};

static u32 result_of(u32 ret)
{
	u32 result = 0;
	int i;

	for (i = 0; ret && i < ARRAY_SIZE(results); i++) {
		if (ret & results[i].kernel)
			result |= results[i].ours;
		ret &= ~results[i].kernel;
	}
	return ret ? result | VMWALK_RESULT_UNKNOWN : result;
}

/* MAJOR and MINOR are told apart as by mm_account_fault() in mm/memory.c. */
static u8 outcome_of(u32 ret, unsigned int flags)
{
	if (ret & (__force u32)VM_FAULT_OOM)
		return VMWALK_ENDED_OOM;
	if (ret & (__force u32)(VM_FAULT_SIGBUS | VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE))
		return VMWALK_ENDED_BUS;
	if (ret & (__force u32)VM_FAULT_ERROR)
		return VMWALK_ENDED_SEGV;
	if (ret & (__force u32)VM_FAULT_MAJOR || flags & FAULT_FLAG_TRIED)
		return VMWALK_ENDED_MAJOR;
	return VMWALK_ENDED_MINOR;
}

static bool same_page(const struct vmwalk_glance *a, const struct vmwalk_glance *b)
{
	return vmwalk_class_is_mapped(a->entry.type) && vmwalk_class_is_mapped(b->entry.type) &&
	       a->got & b->got & VMWALK_GOT_PFN && a->pfn == b->pfn;
}

static void fill_after(struct vmwalk_fault *fault, struct vm_area_struct *vma)
{
	vmwalk_glance_read(&fault->after, vma->vm_mm, fault->address, vma);
	if (same_page(&fault->before, &fault->after))
		fault->flags |= VMWALK_FAULT_SAME_PAGE;
}

static void suspend(const struct vmwalk_fault *fault)
{
	const struct mm_struct *mm = (const struct mm_struct *)fault->mm;
	struct vmwalk_fault *waiting;

	/* The handler may have slept for long: nobody may wait for the retry any more. */
	if (!(vmwalk_watched(mm) & VMWALK_BIT(VMWALK_EVENT_FAULT)))
		return;
	/* A fault that was nested in the handler, and whose end was not seen */
	end_pending(VMWALK_ENDED_UNKNOWN, 0, 0);
	waiting = vmwalk_slot_claim();
	/* Without a slot the retry is recorded as a new fault. */
	if (waiting)
		*waiting = *fault;
}

/**
 * vmwalk_fault_return() - handle the return of handle_mm_fault()
 * @fault: as vmwalk_fault_enter() left it
 * @vma: first argument; may be freed if @ret has RETRY or COMPLETED
 * @flags: third argument, enum fault_flag
 * @ret: return value, vm_fault_t
 *
 * Context: In a probe.
 */
void vmwalk_fault_return(struct vmwalk_fault *fault, struct vm_area_struct *vma,
			 unsigned int flags, unsigned int ret)
{
	fault->result = (fault->result & ~VMWALK_RESULT_RETRY) | result_of(ret);
	if (ret & (__force u32)VM_FAULT_RETRY) {
		if (fault->entered != current->nvcsw)
			fault->flags |= VMWALK_FAULT_HELD_UP;
		suspend(fault);
		return;
	}
	if (ret & (__force u32)VM_FAULT_COMPLETED)
		leave_out(&fault->after, VMWALK_ABSENT_DROPPED);
	else
		fill_after(fault, vma);
	fault->outcome = outcome_of(ret, flags);
	record(fault);
}

/**
 * vmwalk_fault_missed() - read the losses that this file counts
 * @missed: VMWALK_LOST_NMI and VMWALK_LOST_SLOT are set to the losses since the module
 *	was loaded
 */
void vmwalk_fault_missed(struct vmwalk_missed *missed)
{
	missed->count[VMWALK_LOST_NMI] = atomic64_read(&missed_nmi);
	missed->count[VMWALK_LOST_SLOT] = atomic64_read(&missed_slot);
}
