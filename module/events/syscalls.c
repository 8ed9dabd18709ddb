// SPDX-License-Identifier: GPL-2.0
/*
 * Record system calls that change an address space, with the VMAs before and after.
 *
 * Lock rule: the handlers run as kprobes.c describes. They read at most VMWALK_EXTENTS
 * VMAs, and only if they get the mmap lock of current's own mm without waiting. Releasing
 * it may wake a waiter, which is safe at the beginning and the end of a system call,
 * where no lock is held. Attaching and detaching run under the lock of kprobes.c;
 * @missed_lock serializes detaching with readers of the loss counters.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/timekeeping.h>
#include <asm/syscall.h>

#include "compat/compat.h"
#include "events.h"

/* Limit of concurrent calls of each system call; those beyond it are counted as lost. */
#define CALLS	128

enum where {
	AT_RANGE,		/* start and length are the first two arguments */
	AT_RESULT,		/* start is returned, length is the second argument */
	AT_BREAK,		/* between the old break and the new one */
};

static const struct call_kind {
	const char *symbol;
	u32 kind;		/* enum vmwalk_event */
	u8 nr_args;
	u8 where;
} kinds[] = {
	{ VMWALK_ARCH_SYSCALL "mmap",	    VMWALK_EVENT_MMAP,	   6, AT_RESULT },
	{ VMWALK_ARCH_SYSCALL "munmap",	    VMWALK_EVENT_MUNMAP,   2, AT_RANGE },
	{ VMWALK_ARCH_SYSCALL "mprotect",   VMWALK_EVENT_MPROTECT, 3, AT_RANGE },
	{ VMWALK_ARCH_SYSCALL "pkey_mprotect", VMWALK_EVENT_MPROTECT, 4, AT_RANGE },
	{ VMWALK_ARCH_SYSCALL "mremap",	    VMWALK_EVENT_MREMAP,   5, AT_RANGE },
	{ VMWALK_ARCH_SYSCALL "brk",	    VMWALK_EVENT_BRK,	   1, AT_BREAK },
	{ VMWALK_ARCH_SYSCALL "madvise",    VMWALK_EVENT_MADVISE,  3, AT_RANGE },
};

static struct kretprobe probes[ARRAY_SIZE(kinds)];
static bool attached[ARRAY_SIZE(kinds)];
/*
 * Losses of detached probes. @missed_lock keeps readers from counting a probe's losses
 * twice or not at all while it is detached.
 */
static u64 missed_before;
static DEFINE_SPINLOCK(missed_lock);

static void add_extent(struct vmwalk_around_call *around, const struct vm_area_struct *vma)
{
	around->extent[around->nr++] = (struct vmwalk_extent) {
		.start = vma->vm_start,
		.end = vma->vm_end,
		.flags = vmwalk_vma_flags(vma->vm_flags),
	};
}

static void look_around(struct vmwalk_around_call *around, struct mm_struct *mm)
{
	unsigned long at = around->start;
	struct vm_area_struct *vma;

	around->map_count = mm->map_count;
	while (around->nr < VMWALK_EXTENTS && at < around->end) {
		vma = find_vma(mm, at);
		if (!vma || vma->vm_start >= around->end)
			break;
		add_extent(around, vma);
		at = vma->vm_end;
	}
}

/* Include a page on either side: the call may merge the range with adjacent VMAs. */
static void set_range(struct vmwalk_around_call *around, u64 start, u64 len)
{
	u64 end = PAGE_ALIGN(start + len);

	if (!len || end < start)
		return;
	start &= PAGE_MASK;
	around->start = start ? start - PAGE_SIZE : 0;
	around->end = end + PAGE_SIZE;
}

static void read_around(struct vmwalk_around_call *around)
{
	struct mm_struct *mm = current->mm;

	/*
	 * A kprobe that is a breakpoint counts as an NMI, where waking is not allowed;
	 * and with PREEMPT_RT mmap_read_unlock() may enable interrupts.
	 */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || in_nmi() || !mmap_read_trylock(mm)) {
		around->unread = 1;
		return;
	}
	look_around(around, mm);
	mmap_read_unlock(mm);
}

static void begin(struct vmwalk_call *call, const struct call_kind *kind)
{
	struct mm_struct *mm = current->mm;

	call->begun = ktime_get_ns();
	if (kind->where == AT_RANGE)
		set_range(&call->before, call->args[0], call->args[1]);
	else if (kind->where == AT_BREAK && call->args[0] > READ_ONCE(mm->brk))
		set_range(&call->before, mm->brk, call->args[0] - mm->brk);
	else if (kind->where == AT_BREAK && call->args[0])
		set_range(&call->before, call->args[0], mm->brk - call->args[0]);
	else if (kind->where == AT_RESULT &&
		 call->args[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE))
		set_range(&call->before, call->args[0], call->args[1]);
	read_around(&call->before);
}

static void end(struct vmwalk_call *call, const struct call_kind *kind)
{
	call->after.start = call->before.start;
	call->after.end = call->before.end;
	if (kind->where == AT_RESULT && !IS_ERR_VALUE(call->result))
		set_range(&call->after, call->result, call->args[1]);
	else if (kind->kind == VMWALK_EVENT_MREMAP && !IS_ERR_VALUE(call->result))
		set_range(&call->after, call->result, call->args[2]);
	read_around(&call->after);
	vmwalk_record_call(call, kind->kind);
}

static const struct call_kind *kind_of(const struct kretprobe *probe)
{
	return &kinds[probe - probes];
}

static void arguments_get(struct vmwalk_call *call, const struct call_kind *kind,
			  struct pt_regs *user)
{
	unsigned long args[6];
	int i;

	memset(call, 0, sizeof(*call));
	syscall_get_arguments(current, user, args);
	for (i = 0; i < kind->nr_args; i++)
		call->args[i] = args[i];
	if (kind->kind == VMWALK_EVENT_MPROTECT && kind->nr_args == 3)
		call->args[3] = -1;
}

static int call_enter(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct call_kind *kind = kind_of(get_kretprobe(instance));
	struct vmwalk_call *call = (struct vmwalk_call *)instance->data;
	struct pt_regs *user = (struct pt_regs *)regs_get_kernel_argument(regs, 0);
	bool watched = false;
	unsigned long flags;

	local_irq_save(flags);
	if (current->mm)
		watched = vmwalk_watched(current->mm) & VMWALK_CALLS;
	if (watched) {
		arguments_get(call, kind, user);
		begin(call, kind);
	}
	local_irq_restore(flags);
	return !watched;
}

static int call_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct kretprobe *probe = get_kretprobe(instance);
	struct vmwalk_call *call = (struct vmwalk_call *)instance->data;
	unsigned long flags;

	/* The probe may have been unregistered while the system call ran. */
	if (!probe || !current->mm)
		return 0;
	local_irq_save(flags);
	call->result = regs_return_value(regs);
	end(call, kind_of(probe));
	local_irq_restore(flags);
	return 0;
}

/**
 * vmwalk_calls_attach() - attach probes to the system calls in @kinds
 *
 * Return: false if the kernel refused one, but for pkey_mprotect() where it has no
 * protection keys; the others are attached.
 */
bool vmwalk_calls_attach(void)
{
	bool all = true;
	int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		probes[i] = (struct kretprobe) {
			.kp.symbol_name	= kinds[i].symbol,
			.entry_handler	= call_enter,
			.handler	= call_return,
			.data_size	= sizeof(struct vmwalk_call),
			.maxactive	= CALLS,
		};
		attached[i] = !register_kretprobe(&probes[i]);
		/* Kernels without protection keys have no pkey_mprotect(). */
		if (!attached[i] && (kinds[i].nr_args != 4 || IS_ENABLED(CONFIG_ARCH_HAS_PKEYS)))
			all = false;
	}
	return all;
}

static u64 missed_now(void)
{
	u64 missed = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (READ_ONCE(attached[i]))
			missed += probes[i].nmissed + probes[i].kp.nmissed;
	return missed;
}

/**
 * vmwalk_calls_detach() - detach the probes that vmwalk_calls_attach() attached
 *
 * A system call that has not returned by then is not recorded.
 *
 * Context: Process context; waits for a grace period.
 */
void vmwalk_calls_detach(void)
{
	struct kretprobe *going[ARRAY_SIZE(kinds)];
	int nr = 0, i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (attached[i])
			going[nr++] = &probes[i];
	/* Unregister all kretprobes at once: they share one grace period. */
	unregister_kretprobes(going, nr);
	spin_lock(&missed_lock);
	missed_before += missed_now();
	memset(attached, 0, sizeof(attached));
	spin_unlock(&missed_lock);
}

/**
 * vmwalk_calls_missed() - count the system calls that the kretprobes missed
 *
 * Return: their number since the module was loaded, of all processes.
 */
u64 vmwalk_calls_missed(void)
{
	u64 missed;

	spin_lock(&missed_lock);
	missed = missed_before + missed_now();
	spin_unlock(&missed_lock);
	return missed;
}
