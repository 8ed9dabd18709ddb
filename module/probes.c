// SPDX-License-Identifier: GPL-2.0
/*
 * What is attached to the kernel while somebody subscribes, and only then: a kretprobe
 * on handle_mm_fault(), a kprobe on fixup_exception(), and tracepoints, found by name.
 *
 * Lock rule: @lock is held while probes come and go, which sleeps. The probes themselves
 * turn interrupts off and call on: kprobes run with preemption off at most, and so do
 * tracepoints, from 7.0 not even that.
 *
 * in_nmi() says nothing in a kprobe: where the kernel has no ftrace to hang it on, it is
 * a breakpoint, and exc_int3() counts as a non-maskable interrupt, whatever it came
 * from. But both functions are such that no non-maskable interrupt calls them: one
 * sleeps, and in the other pagefault_disabled() tells. A tracepoint is no breakpoint;
 * there in_nmi() is the truth, and vmwalk_fault_exception() asks.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/tracepoint.h>

#include "compat.h"
#include "watch.h"

/* Threads that can be in the handler at the same time; they may sleep there. */
#define CALLS	1024

/* A call of handle_mm_fault() */
struct call {
	struct vm_area_struct *vma;
	unsigned int flags;
	struct vmwalk_fault fault;
};

static DEFINE_MUTEX(lock);
static unsigned int users;
static u32 attached;			/* enum vmwalk_sources */
static u64 missed_before;		/* by earlier kretprobes */

static int handler_enter(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct call *call = (struct call *)instance->data;
	unsigned long address = regs_get_kernel_argument(regs, 1);
	unsigned long flags;
	bool watched;

	call->vma = (struct vm_area_struct *)regs_get_kernel_argument(regs, 0);
	call->flags = regs_get_kernel_argument(regs, 2);
	local_irq_save(flags);
	watched = vmwalk_fault_enter(&call->fault, call->vma, address, call->flags,
				     (struct pt_regs *)regs_get_kernel_argument(regs, 3));
	local_irq_restore(flags);
	return !watched;
}

static int handler_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct call *call = (struct call *)instance->data;
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_fault_return(&call->fault, call->vma, call->flags, regs_return_value(regs));
	local_irq_restore(flags);
	return 0;
}

static int fixup_enter(struct kprobe *probe, struct pt_regs *regs)
{
	unsigned long flags, address;

	local_irq_save(flags);
	address = vmwalk_fault_pending();
	if (address && vmwalk_arch_fixes_up(regs, &address))
		vmwalk_fault_fixup(address);
	local_irq_restore(flags);
	return 0;
}

static void on_exception(void *data, unsigned long address, struct pt_regs *regs,
			 unsigned long code)
{
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_fault_exception(address, regs, code);
	local_irq_restore(flags);
}

static u8 outcome_of(int sig)
{
	return sig == SIGBUS ? VMWALK_ENDED_BUS : VMWALK_ENDED_SEGV;
}

static void signal_enter(int sig, const struct kernel_siginfo *info)
{
	struct vmwalk_signal signal = {
		.number = sig,
		.code = info->si_code,
		.address = (unsigned long)info->si_addr,
	};

	if (sig == SIGSEGV && info->si_code == SEGV_PKUERR) {
		signal.has_pkey = true;
		signal.pkey = info->si_pkey;
	}
	vmwalk_fault_end(outcome_of(sig), sig, info->si_code);
	vmwalk_record_signal(&signal);
}

/* Only what the kernel sends to current for something that current did. */
static void on_signal_generate(void *data, int sig, struct kernel_siginfo *info,
			       struct task_struct *task, int group, int result)
{
	unsigned long flags;

	if (task != current || (sig != SIGSEGV && sig != SIGBUS) || !in_task())
		return;
	/* The special values are no pointers. */
	if ((unsigned long)info <= (unsigned long)SEND_SIG_PRIV || info->si_code <= 0)
		return;
	local_irq_save(flags);
	signal_enter(sig, info);
	local_irq_restore(flags);
}

/* A fault that gave up its locks, and was left for the signal. */
static void on_signal_deliver(void *data, int sig, struct kernel_siginfo *info,
			      struct k_sigaction *action)
{
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_fault_end(VMWALK_ENDED_UNKNOWN, 0, 0);
	local_irq_restore(flags);
}

static void on_fork(void *data, struct task_struct *parent, struct task_struct *child)
{
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_record_fork(child);
	local_irq_restore(flags);
}

static void on_exec(void *data, struct task_struct *task, pid_t old_pid,
		    struct linux_binprm *bprm)
{
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_fault_end(VMWALK_ENDED_UNKNOWN, 0, 0);
	vmwalk_record_exec();
	local_irq_restore(flags);
}

static void exit_enter(bool group_dead)
{
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_fault_end(VMWALK_ENDED_UNKNOWN, 0, 0);
	vmwalk_record_exit(group_dead);
	local_irq_restore(flags);
}

#ifdef VMWALK_HAVE_EXIT_GROUP_DEAD
static void on_exit(void *data, struct task_struct *task, bool group_dead)
{
	exit_enter(group_dead);
}
#else
static void on_exit(void *data, struct task_struct *task)
{
	/* Of two that are the last at the same time the first one is believed. */
	exit_enter(!atomic_read(&task->signal->live));
}
#endif

/* In the order in which they come; the end of a task is seen before all else is. */
static struct trace {
	const char *name;
	void *probe;
	u32 source;
	struct tracepoint *point;
	bool attached;
} traces[] = {
	{ "sched_process_exit", on_exit, VMWALK_SOURCE_TASK },
	{ "sched_process_exec", on_exec, VMWALK_SOURCE_TASK },
	{ "sched_process_fork", on_fork, VMWALK_SOURCE_TASK },
	{ "signal_deliver", on_signal_deliver, 0 },
	{ "signal_generate", on_signal_generate, VMWALK_SOURCE_SIGNAL },
	{ "mm_collapse_huge_page", vmwalk_on_collapse, VMWALK_SOURCE_COLLAPSE },
	{ VMWALK_ARCH_FLUSH_TRACE, vmwalk_on_tlb_flush, VMWALK_SOURCE_TLB },
	{ "page_fault_user", on_exception, VMWALK_SOURCE_EXCEPTION },
	{ "page_fault_kernel", on_exception, VMWALK_SOURCE_EXCEPTION },
};

static const struct kretprobe handler_template = {
	.kp.symbol_name	= "handle_mm_fault",
	.entry_handler	= handler_enter,
	.handler	= handler_return,
	.data_size	= sizeof(struct call),
	.maxactive	= CALLS,
};

static const struct kprobe fixup_template = {
	.symbol_name	= "fixup_exception",
	.pre_handler	= fixup_enter,
};

static struct kretprobe handler;
static struct kprobe fixup;

static void note_point(struct tracepoint *point, void *data)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(traces); i++)
		if (!strcmp(point->name, traces[i].name))
			traces[i].point = point;
}

static void detach_traces(void)
{
	int i;

	for (i = ARRAY_SIZE(traces) - 1; i >= 0; i--)
		if (traces[i].attached)
			tracepoint_probe_unregister(traces[i].point, traces[i].probe, NULL);
	for (i = 0; i < ARRAY_SIZE(traces); i++)
		traces[i].attached = false;
	tracepoint_synchronize_unregister();
}

/* Whatever else it is, it is that this kernel does not let us. */
static int attach_error(int err)
{
	return err == -ENOMEM ? err : -EOPNOTSUPP;
}

/* Those of tasks are needed; others are as this kernel has them. */
static int attach_traces(void)
{
	int i, err;

	for_each_kernel_tracepoint(note_point, NULL);
	for (i = 0; i < ARRAY_SIZE(traces); i++) {
		err = -EOPNOTSUPP;
		if (traces[i].point)
			err = tracepoint_probe_register(traces[i].point, traces[i].probe, NULL);
		traces[i].attached = !err;
		if (!err)
			attached |= traces[i].source;
		else if (traces[i].source == VMWALK_SOURCE_TASK)
			return attach_error(err);
	}
	return 0;
}

static int attach_probes(void)
{
	int err;

	/* Registering leaves things there that must not be there the next time. */
	handler = handler_template;
	fixup = fixup_template;
	err = register_kretprobe(&handler);
	if (err)
		return attach_error(err);
	attached |= VMWALK_SOURCE_HANDLER;
	if (!register_kprobe(&fixup))
		attached |= VMWALK_SOURCE_FIXUP;
	if (vmwalk_calls_attach())
		attached |= VMWALK_SOURCE_CALL;
	return 0;
}

static int attach_all(void)
{
	int err = vmwalk_fault_init();

	if (err)
		return err;
	attached = 0;
	err = attach_traces();
	if (!err)
		err = attach_probes();
	if (err) {
		detach_traces();
		vmwalk_fault_exit();
	}
	return err;
}

static u64 missed_now(void)
{
	return handler.nmissed + handler.kp.nmissed;
}

static void detach_all(void)
{
	missed_before += vmwalk_calls_missed();
	vmwalk_calls_detach();
	if (attached & VMWALK_SOURCE_FIXUP)
		unregister_kprobe(&fixup);
	unregister_kretprobe(&handler);
	missed_before += missed_now();
	detach_traces();
	vmwalk_fault_exit();
	attached = 0;
}

/**
 * vmwalk_probes_get() - one more subscription needs the probes
 * @sources: set to enum vmwalk_sources, what is attached
 *
 * Context: Process context; sleeps, the first time for long.
 * Return: 0, -EOPNOTSUPP or -ENOMEM.
 */
int vmwalk_probes_get(u32 *sources)
{
	int err = 0;

	mutex_lock(&lock);
	if (!users)
		err = attach_all();
	if (!err)
		users++;
	*sources = attached;
	mutex_unlock(&lock);
	return err;
}

/**
 * vmwalk_probes_put() - one less; with the last one the probes go
 *
 * Context: Process context; sleeps.
 */
void vmwalk_probes_put(void)
{
	mutex_lock(&lock);
	if (!--users)
		detach_all();
	mutex_unlock(&lock);
}

/**
 * vmwalk_probes_missed() - what no probe, or no slot, has recorded
 * @missed: by reason, since the module was loaded
 *
 * Context: Process context, of one for whom vmwalk_probes_get() was called.
 */
void vmwalk_probes_missed(struct vmwalk_missed *missed)
{
	memset(missed, 0, sizeof(*missed));
	missed->count[VMWALK_LOST_PROBE] = READ_ONCE(missed_before) + missed_now() +
					   vmwalk_calls_missed();
	vmwalk_fault_missed(missed);
}
