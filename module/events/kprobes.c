// SPDX-License-Identifier: GPL-2.0
/*
 * Attach and detach the probes, which are in place only while there are subscriptions, or
 * were until just now.
 *
 * The probes are a kretprobe on handle_mm_fault(), a kprobe on fixup_exception(), and
 * those of syscalls.c and tracepoints.c. An attached probe costs every process time, so
 * the first two are attached only while a subscription asks for faults, and those for
 * system calls, collapses and TLB flushes only while one asks for these events.
 *
 * Attaching and detaching patches the kernel's code, for which every processor is
 * interrupted. So a unit of probes that is wanted again within AGAIN after it was detached
 * stays for LINGER once nobody wants it any more: somebody who subscribes and unsubscribes in
 * a loop patches the code once a second at most, and whoever watches once leaves nothing
 * behind.
 *
 * The first unit, which has the exit probe, is attached while another one is: the fault of a
 * thread that ends would keep its slot for ever.
 *
 * Lock rule: @lock is held while probes are attached and detached, which sleeps, but not
 * by vmwalk_probes_init(), which runs before the other functions. The probe handlers turn
 * interrupts off themselves, because tracepoints and kprobes that use ftrace can run with
 * them on.
 *
 * The handlers cannot rely on in_nmi(): where a function has no ftrace entry, a kprobe
 * may be a breakpoint, and on x86 exc_int3() in kernel mode counts as an NMI. No fault of
 * a real NMI is recorded here: handle_mm_fault() may sleep, so an NMI does not call it,
 * and vmwalk_fault_fixup() ignores accesses with page faults disabled.
 */
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "compat/compat.h"
#include "events.h"

/* Limit of concurrent handle_mm_fault() calls; those beyond it are counted as lost. */
#define CALLS	1024

#define AGAIN	HZ
#define LINGER	(3 * HZ)

/* Data of a kretprobe instance, from the entry of handle_mm_fault() to its return */
struct call {
	struct vm_area_struct *vma;
	unsigned int flags;
	struct vmwalk_fault fault;
};

static DEFINE_MUTEX(lock);
static u32 attached;			/* mask of enum vmwalk_sources */
/*
 * Losses of detached handler probes. @missed_lock keeps readers from counting a probe's
 * losses twice or not at all while it is detached.
 */
static u64 missed_before;
static bool has_handler;
static DEFINE_SPINLOCK(missed_lock);

#define OPTIONAL	(VMWALK_SOURCE_HANDLER | VMWALK_SOURCE_FIXUP | VMWALK_SOURCE_CALL | \
			 VMWALK_SOURCE_COLLAPSE | VMWALK_SOURCE_TLB)

enum { BASE, HANDLER };

/* Probes that come and go together, while a subscription wants one of their events */
static struct unit {
	u32 sources;
	u32 events;			/* VMWALK_BIT() of enum vmwalk_event */
	unsigned int users;
	unsigned long since;		/* jiffies, when it lost its last user */
	bool is_attached;
	bool was_detached;		/* @since tells when */
	bool lingers;			/* was attached again too soon */
} units[] = {
	/* Each subscription wants it: the exit probe removes what the others add for a task. */
	[BASE] = { ~OPTIONAL, ~0U },
	[HANDLER] = { VMWALK_SOURCE_HANDLER, VMWALK_BIT(VMWALK_EVENT_FAULT) },
	{ VMWALK_SOURCE_CALL, VMWALK_CALLS },
	{ VMWALK_SOURCE_COLLAPSE, VMWALK_BIT(VMWALK_EVENT_COLLAPSE) },
	{ VMWALK_SOURCE_TLB, VMWALK_BIT(VMWALK_EVENT_TLB) },
};

static void linger_end(struct work_struct *work);
static DECLARE_DELAYED_WORK(linger, linger_end);

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

/* The uapi has two errors for probes: no memory, or this kernel does not accept them. */
static int attach_error(int err)
{
	return !err || err == -ENOMEM ? err : -EOPNOTSUPP;
}

/**
 * vmwalk_probes_init() - test if this kernel accepts the probe that faults need
 *
 * The kprobe is registered as disabled, so that the kernel checks it but patches no
 * code. It is not a kretprobe, which would also allocate its CALLS instances.
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
 * vmwalk_probes_possible() - tell if faults can be recorded
 *
 * Context: Any.
 * Return: true if the kernel accepted a kprobe on handle_mm_fault() when the module was
 * loaded. False may only mean that memory was short then: SUBSCRIBE tries again.
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

	/* A used kprobe keeps its address, and one with address and symbol is refused. */
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

static void detach_sources(u32 sources)
{
	switch (sources) {
	case VMWALK_SOURCE_HANDLER:
		detach_handler();
		return;
	case VMWALK_SOURCE_CALL:
		vmwalk_calls_detach();
		break;
	default:
		vmwalk_traces_detach(sources);
		break;
	}
	attached &= ~sources;
}

/* Attach what nobody has to ask for: tasks, and if possible signals and exceptions. */
static int attach_base(void)
{
	int err = attach_error(vmwalk_traces_attach(~OPTIONAL, &attached));

	if (err)
		detach_sources(~OPTIONAL);
	return err;
}

/* Only missing tasks or a missing handler are errors; the kernel may lack the others. */
static int attach_sources(u32 sources)
{
	switch (sources) {
	case ~OPTIONAL:
		return attach_base();
	case VMWALK_SOURCE_HANDLER:
		return attach_handler();
	case VMWALK_SOURCE_CALL:
		if (vmwalk_calls_attach())
			attached |= sources;
		return 0;
	default:
		vmwalk_traces_attach(sources, &attached);
		return 0;
	}
}

/* @now: jiffies before any unit was attached for this subscription, which takes a while */
static int unit_get(struct unit *unit, unsigned long now)
{
	int err;

	if (!unit->is_attached) {
		err = attach_sources(unit->sources);
		if (err)
			return err;
		unit->is_attached = true;
		unit->lingers = unit->was_detached &&
				time_before(now, unit->since + AGAIN);
	}
	unit->users++;
	return 0;
}

static void unit_detach(struct unit *unit)
{
	detach_sources(unit->sources);
	unit->is_attached = false;
	unit->was_detached = true;
	unit->since = jiffies;
}

static void unit_put(struct unit *unit)
{
	if (!--unit->users)
		unit->since = jiffies;
}

static bool is_due(const struct unit *unit, unsigned long least)
{
	return unit->is_attached && !unit->users &&
	       (!unit->lingers || jiffies - unit->since >= least);
}

static bool any_is_attached(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (units[i].is_attached)
			return true;
	return false;
}

/* The probes use the slots: free them after the last one. */
static void check_slots(void)
{
	if (!any_is_attached())
		vmwalk_slots_exit();
}

/* The others first, then the base if no other stays, and last the handler. */
static void units_detach_due(unsigned long least)
{
	int i, stay = 0;

	for (i = ARRAY_SIZE(units) - 1; i > 0; i--) {
		if (i != HANDLER && is_due(&units[i], least))
			unit_detach(&units[i]);
		stay += units[i].is_attached && !is_due(&units[i], least);
	}
	if (!stay && is_due(&units[BASE], least))
		unit_detach(&units[BASE]);
	if (is_due(&units[HANDLER], least))
		unit_detach(&units[HANDLER]);
}

/* Return jiffies until the next unit has lingered for @least, or 0 if none does. */
static unsigned long next_due(unsigned long least)
{
	unsigned long idle, wait = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!units[i].is_attached || units[i].users)
			continue;
		idle = min(jiffies - units[i].since, least - 1);
		wait = wait ? min(wait, least - idle) : least - idle;
	}
	return wait;
}

/*
 * Nobody watches a process through a unit without users, so any order is safe for what is
 * recorded. The probe on handle_mm_fault() goes last: its absence from where the kernel lists
 * probes shows that the others are gone too.
 */
static void units_release(void)
{
	unsigned long wait;

	units_detach_due(LINGER);
	check_slots();
	wait = next_due(LINGER);
	if (wait)
		schedule_delayed_work(&linger, wait);
}

static void units_put(u32 events)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (events & units[i].events)
			unit_put(&units[i]);
	units_release();
}

static void linger_end(struct work_struct *work)
{
	mutex_lock(&lock);
	units_release();
	mutex_unlock(&lock);
}

/**
 * vmwalk_probes_exit() - detach what lingers, after the last subscription
 *
 * The work holds no reference to the module, so that it can be unloaded meanwhile.
 *
 * Context: Process context; sleeps.
 */
void vmwalk_probes_exit(void)
{
	mutex_lock(&lock);
	units_detach_due(0);
	check_slots();
	mutex_unlock(&lock);
	cancel_delayed_work_sync(&linger);
}

static int units_get(u32 events)
{
	const unsigned long now = jiffies;
	u32 got = 0;
	int i, err;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!(events & units[i].events))
			continue;
		err = unit_get(&units[i], now);
		if (err)
			goto put;
		got = i + 1;
	}
	return 0;
put:
	while (got--)
		if (events & units[got].events)
			unit_put(&units[got]);
	units_release();
	return err;
}

static u32 sources_for(u32 events)
{
	u32 sources = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (events & units[i].events)
			sources |= attached & units[i].sources;
	if (sources & VMWALK_SOURCE_HANDLER)
		sources |= attached & VMWALK_SOURCE_FIXUP;
	return sources;
}

/**
 * vmwalk_probes_get() - attach the probes for one more subscription
 * @events: events that it wants, VMWALK_BIT() of enum vmwalk_event
 * @sources: set to the sources attached for it, mask of enum vmwalk_sources
 *
 * Context: Process context; sleeps.
 * Return: 0, -EOPNOTSUPP or -ENOMEM.
 */
int vmwalk_probes_get(u32 events, u32 *sources)
{
	int err = 0;

	mutex_lock(&lock);
	if (!any_is_attached())
		err = vmwalk_slots_init();
	if (!err)
		err = units_get(events);
	if (!err)
		*sources = sources_for(events);
	mutex_unlock(&lock);
	return err;
}

/**
 * vmwalk_probes_put() - detach the probes that only this subscription needed
 * @events: as in vmwalk_probes_get()
 *
 * Those that were attached too often lately stay for a while.
 *
 * Context: Process context, after vmwalk_watch_stop(); sleeps.
 */
void vmwalk_probes_put(u32 events)
{
	mutex_lock(&lock);
	units_put(events);
	mutex_unlock(&lock);
}

/**
 * vmwalk_probes_missed() - read the losses outside the rings
 * @missed: set to the losses since the module was loaded, by reason
 *
 * Context: Process context, between vmwalk_probes_get() and vmwalk_probes_put().
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
