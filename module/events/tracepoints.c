// SPDX-License-Identifier: GPL-2.0
/*
 * Probes on the tracepoints of faults, signals, tasks, collapses and TLB flushes.
 *
 * The kernel does not export these tracepoints, so they are found by name. Lock rule:
 * attaching and detaching run under the lock of kprobes.c, and sleep. The probes run as
 * kprobes.c describes, except that in_nmi() is reliable here: a tracepoint is a call, not
 * a breakpoint.
 */
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/tracepoint.h>
#include <trace/events/huge_memory.h>
#include <trace/events/sched.h>
#include <trace/events/signal.h>
#include <trace/events/tlb.h>

#include "compat/compat.h"
#include "events.h"

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
	struct vmwalk_signal_record signal = {
		.number = sig,
		.code = info->si_code,
		.address = (unsigned long)info->si_addr,
	};

	if (sig == SIGSEGV && info->si_code == SEGV_PKUERR) {
		signal.got = VMWALK_SIGNAL_GOT_PKEY;
		signal.pkey = info->si_pkey;
	}
	vmwalk_fault_end(outcome_of(sig), sig, info->si_code);
	vmwalk_record_signal(&signal);
}

/* Record only signals that the kernel sends to current for an access by current. */
static void on_signal_generate(void *data, int sig, struct kernel_siginfo *info,
			       struct task_struct *task, int group, int result)
{
	unsigned long flags;

	if (task != current || (sig != SIGSEGV && sig != SIGBUS) || !in_task())
		return;
	/* SEND_SIG_NOINFO and SEND_SIG_PRIV are not pointers. */
	if ((unsigned long)info <= (unsigned long)SEND_SIG_PRIV || info->si_code <= 0)
		return;
	local_irq_save(flags);
	signal_enter(sig, info);
	local_irq_restore(flags);
}

/* handle_mm_fault() may return RETRY because of a signal: that fault is not retried. */
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

VMWALK_PROBE_EXIT(on_exit, exit_enter)

/* The task has not run for a grace period. Its last fault may have come after on_exit(). */
static void on_free(void *data, struct task_struct *task)
{
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_slots_drop(task);
	local_irq_restore(flags);
}

static void collapse_enter(const struct mm_struct *mm, bool done, unsigned int order)
{
	unsigned long flags;

	local_irq_save(flags);
	vmwalk_record_collapse(mm, done, order);
	local_irq_restore(flags);
}

VMWALK_PROBE_COLLAPSE(on_collapse, collapse_enter)

static u32 flush_of(int reason)
{
	switch (reason) {
	case TLB_LOCAL_SHOOTDOWN:
		return VMWALK_FLUSH_LOCAL;
	case TLB_LOCAL_MM_SHOOTDOWN:
		return VMWALK_FLUSH_LOCAL_MM;
	case TLB_REMOTE_SHOOTDOWN:
		return VMWALK_FLUSH_REMOTE;
	case TLB_REMOTE_SEND_IPI:
		return VMWALK_FLUSH_SEND;
	default:
		return VMWALK_FLUSH_UNKNOWN;
	}
}

/* Ignore flushes at a task switch, where current is still the previous task. */
static void on_tlb_flush(void *data, int reason, unsigned long pages)
{
	const struct vmwalk_tlb_record tlb = {
		.pages = pages == ~0UL ? ~0ULL : pages,
		.reason = flush_of(reason),
	};
	unsigned long flags;

	if (reason == TLB_FLUSH_ON_TASK_SWITCH || !current->mm || in_nmi())
		return;
	local_irq_save(flags);
	vmwalk_record_tlb(&tlb);
	local_irq_restore(flags);
}

/*
 * In the order of attaching; detaching is in reverse. The probes of a task's end come first,
 * because they remove what the others add for it: watched processes and slots.
 */
static struct trace {
	const char *name;
	void *probe;
	u32 source;
	struct tracepoint *point;
	bool attached;
} traces[] = {
	{ "sched_process_free", on_free, VMWALK_SOURCE_TASK },
	{ "sched_process_exit", on_exit, VMWALK_SOURCE_TASK },
	{ "sched_process_exec", on_exec, VMWALK_SOURCE_TASK },
	{ "sched_process_fork", on_fork, VMWALK_SOURCE_TASK },
	{ "signal_deliver", on_signal_deliver, VMWALK_SOURCE_SIGNAL },
	{ "signal_generate", on_signal_generate, VMWALK_SOURCE_SIGNAL },
	{ "mm_collapse_huge_page", on_collapse, VMWALK_SOURCE_COLLAPSE },
	{ VMWALK_ARCH_FLUSH_TRACE, on_tlb_flush, VMWALK_SOURCE_TLB },
	{ "page_fault_user", on_exception, VMWALK_SOURCE_EXCEPTION },
	{ "page_fault_kernel", on_exception, VMWALK_SOURCE_EXCEPTION },
};

/*
 * The probes are registered as void pointers, which the compiler cannot check. Never called:
 * it does not compile if the kernel passes other arguments to a probe.
 */
static void __maybe_unused check_prototypes(void)
{
	check_trace_callback_type_sched_process_exit(on_exit);
	check_trace_callback_type_sched_process_exec(on_exec);
	check_trace_callback_type_sched_process_fork(on_fork);
	check_trace_callback_type_signal_deliver(on_signal_deliver);
	check_trace_callback_type_signal_generate(on_signal_generate);
	check_trace_callback_type_mm_collapse_huge_page(on_collapse);
	check_trace_callback_type_tlb_flush(on_tlb_flush);
	vmwalk_check_exception(on_exception);
}

static void note_point(struct tracepoint *point, void *data)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(traces); i++)
		if (!strcmp(point->name, traces[i].name))
			traces[i].point = point;
}

/**
 * vmwalk_traces_detach() - undo vmwalk_traces_attach()
 * @sources: sources to detach from, mask of enum vmwalk_sources
 *
 * No probe of these sources is running when this returns.
 */
void vmwalk_traces_detach(u32 sources)
{
	int i;

	for (i = ARRAY_SIZE(traces) - 1; i >= 0; i--) {
		if (!traces[i].attached || !(traces[i].source & sources))
			continue;
		tracepoint_probe_unregister(traces[i].point, traces[i].probe, NULL);
		traces[i].attached = false;
	}
	tracepoint_synchronize_unregister();
}

/**
 * vmwalk_traces_attach() - attach to the tracepoints that this kernel has
 * @wanted: sources to attach to, mask of enum vmwalk_sources
 * @sources: the sources that were attached are added
 *
 * Return: 0; or an error if a tracepoint of VMWALK_SOURCE_TASK (all are required) could
 * not be attached. The caller must call vmwalk_traces_detach() in both cases.
 */
int vmwalk_traces_attach(u32 wanted, u32 *sources)
{
	int i, err;

	for_each_kernel_tracepoint(note_point, NULL);
	for (i = 0; i < ARRAY_SIZE(traces); i++) {
		if (!(traces[i].source & wanted))
			continue;
		err = -EOPNOTSUPP;
		if (traces[i].point)
			err = tracepoint_probe_register(traces[i].point, traces[i].probe, NULL);
		traces[i].attached = !err;
		if (!err)
			*sources |= traces[i].source;
		else if (traces[i].source == VMWALK_SOURCE_TASK)
			return err;
	}
	return 0;
}
