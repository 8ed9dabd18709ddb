// SPDX-License-Identifier: GPL-2.0
/*
 * What is attached to the kernel while somebody subscribes, and only then: a kretprobe
 * on handle_mm_fault(), a kprobe on fixup_exception(), and what syscalls.c and tracepoints.c have.
 * What is attached costs all processes something; so what tells of what becomes of faults,
 * of system calls, of collapses and of TLB flushes is there only while somebody wants to
 * hear of just these.
 *
 * Lock rule: @lock is held while probes come and go, which sleeps. The probes themselves
 * turn interrupts off and call on: kprobes run with preemption off at most, and so do
 * tracepoints, from 7.0 not even that.
 *
 * in_nmi() says nothing in a kprobe: where the kernel has no ftrace to hang it on, it is
 * a breakpoint, and exc_int3() counts as a non-maskable interrupt, whatever it came
 * from. But both functions are such that no non-maskable interrupt calls them: one
 * sleeps, and in the other pagefault_disabled() tells.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>

#include "compat/compat.h"
#include "events.h"

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
/* By earlier kretprobes on the handler; these go while others count. See syscalls.c. */
static u64 missed_before;
static bool has_handler;
static DEFINE_SPINLOCK(missed_lock);

/* Sources that are attached while somebody wants one of their events */
static struct option {
	u32 source;
	u32 events;			/* VMWALK_BIT() of enum vmwalk_event */
	unsigned int users;
} options[] = {
	{ VMWALK_SOURCE_HANDLER, VMWALK_BIT(VMWALK_EVENT_FAULT) },
	{ VMWALK_SOURCE_CALL, VMWALK_CALLS },
	{ VMWALK_SOURCE_COLLAPSE, VMWALK_BIT(VMWALK_EVENT_COLLAPSE) },
	{ VMWALK_SOURCE_TLB, VMWALK_BIT(VMWALK_EVENT_TLB) },
};

#define OPTIONAL	(VMWALK_SOURCE_HANDLER | VMWALK_SOURCE_FIXUP | VMWALK_SOURCE_CALL | \
			 VMWALK_SOURCE_COLLAPSE | VMWALK_SOURCE_TLB)

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
static bool is_possible __ro_after_init;

/* Whatever else it is, it is that this kernel does not let us. */
static int attach_error(int err)
{
	return !err || err == -ENOMEM ? err : -EOPNOTSUPP;
}

/**
 * vmwalk_probes_init() - find out whether this kernel takes the probe that faults need
 *
 * It is registered as disabled: what can be refused is refused, and no code is patched. As
 * a kprobe, which is what a kretprobe is refused as: what that is besides is memory, for
 * which the kernel would complain in its log if there is none. If there is none here, CAPS
 * says less than there is; SUBSCRIBE tries all the same.
 *
 * Context: Process context, before the first vmwalk_probes_get(); sleeps.
 */
void vmwalk_probes_init(void)
{
	handler = handler_template;
	handler.kp.flags = KPROBE_FLAG_DISABLED;
	is_possible = !register_kprobe(&handler.kp);
	if (is_possible)
		unregister_kprobe(&handler.kp);
}

/**
 * vmwalk_probes_possible() - whether faults can be told of
 *
 * Context: Any.
 * Return: what vmwalk_probes_init() has found.
 */
bool vmwalk_probes_possible(void)
{
	return is_possible;
}

static u64 missed_now(void)
{
	return has_handler ? handler.nmissed + handler.kp.nmissed : 0;
}

static int attach_handler(void)
{
	int err;

	/* Registering leaves things there that must not be there the next time. */
	handler = handler_template;
	fixup = fixup_template;
	err = register_kretprobe(&handler);
	if (err)
		return attach_error(err);
	spin_lock(&missed_lock);
	has_handler = true;
	spin_unlock(&missed_lock);
	attached |= VMWALK_SOURCE_HANDLER;
	if (!register_kprobe(&fixup))
		attached |= VMWALK_SOURCE_FIXUP;
	return 0;
}

static void detach_handler(void)
{
	if (attached & VMWALK_SOURCE_FIXUP)
		unregister_kprobe(&fixup);
	unregister_kretprobe(&handler);
	spin_lock(&missed_lock);
	missed_before += missed_now();
	has_handler = false;
	spin_unlock(&missed_lock);
	attached &= ~(VMWALK_SOURCE_HANDLER | VMWALK_SOURCE_FIXUP);
}

static void detach_base(void)
{
	vmwalk_traces_detach(~OPTIONAL);
	vmwalk_slots_exit();
}

/* What all subscriptions need */
static int attach_base(void)
{
	int err = vmwalk_slots_init();

	if (err)
		return err;
	attached = 0;
	err = attach_error(vmwalk_traces_attach(~OPTIONAL, &attached));
	if (err)
		detach_base();
	return err;
}

/* The handler is needed by who wants it; others are as this kernel has them. */
static int attach_option(u32 source)
{
	switch (source) {
	case VMWALK_SOURCE_HANDLER:
		return attach_handler();
	case VMWALK_SOURCE_CALL:
		if (vmwalk_calls_attach())
			attached |= source;
		return 0;
	default:
		vmwalk_traces_attach(source, &attached);
		return 0;
	}
}

static void detach_option(u32 source)
{
	switch (source) {
	case VMWALK_SOURCE_HANDLER:
		detach_handler();
		return;
	case VMWALK_SOURCE_CALL:
		vmwalk_calls_detach();
		break;
	default:
		vmwalk_traces_detach(source);
		break;
	}
	attached &= ~source;
}

/* Those of the first @nr options that are for these events; the handler goes last. */
static void options_put(u32 events, int nr)
{
	int i;

	for (i = nr - 1; i >= 0; i--)
		if (events & options[i].events && !--options[i].users)
			detach_option(options[i].source);
}

static int options_get(u32 events)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if (!(events & options[i].events))
			continue;
		err = options[i].users ? 0 : attach_option(options[i].source);
		if (err) {
			options_put(events, i);
			return err;
		}
		options[i].users++;
	}
	return 0;
}

/* What who wants these events hears of */
static u32 sources_for(u32 events)
{
	u32 sources = attached & ~OPTIONAL;
	int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (events & options[i].events)
			sources |= attached & options[i].source;
	if (sources & VMWALK_SOURCE_HANDLER)
		sources |= attached & VMWALK_SOURCE_FIXUP;
	return sources;
}

/**
 * vmwalk_probes_get() - one more subscription needs the probes
 * @events: that it wants, VMWALK_BIT() of enum vmwalk_event
 * @sources: set to enum vmwalk_sources, what is attached for it
 *
 * Context: Process context; sleeps, the first time for long.
 * Return: 0, -EOPNOTSUPP or -ENOMEM.
 */
int vmwalk_probes_get(u32 events, u32 *sources)
{
	int err = 0;

	mutex_lock(&lock);
	if (!users)
		err = attach_base();
	if (!err) {
		err = options_get(events);
		if (err && !users)
			detach_base();
	}
	if (!err) {
		users++;
		*sources = sources_for(events);
	}
	mutex_unlock(&lock);
	return err;
}

/**
 * vmwalk_probes_put() - one less; with the last one the probes go
 * @events: as in vmwalk_probes_get()
 *
 * Context: Process context; sleeps.
 */
void vmwalk_probes_put(u32 events)
{
	mutex_lock(&lock);
	/* Nobody is watched any more: in any order, but who sees no probe sees all gone. */
	if (!--users)
		vmwalk_traces_detach(~OPTIONAL);
	options_put(events, ARRAY_SIZE(options));
	if (!users)
		vmwalk_slots_exit();
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
	spin_lock(&missed_lock);
	missed->count[VMWALK_LOST_PROBE] = missed_before + missed_now();
	spin_unlock(&missed_lock);
	missed->count[VMWALK_LOST_PROBE] += vmwalk_calls_missed();
	vmwalk_fault_missed(missed);
}
