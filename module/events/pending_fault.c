// SPDX-License-Identifier: GPL-2.0
/*
 * Slots that keep the pending fault of a thread from one probe to the next.
 *
 * Lock rule: everything but init and exit runs in a probe. A slot is claimed, used and
 * released by its owner only, with interrupts off. It is found by the address of the
 * owner's task_struct. Slots are never taken from another task, so each has to be released
 * at the latest when its owner is gone, whoever watches by then: the probes of exit and of
 * the end of a task_struct do that. Some kernels call the former before exit_mm(), which
 * can still fault.
 *
 * An NMI can interrupt its owner at any point, and a fault in it can come as far as the
 * look-up. So that changes nothing, and does not find a slot that has no @born yet: to
 * release it then would let another task claim it while the owner goes on to write it.
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "events.h"

#define SLOT_BITS	9
/* Number of slots that are searched for a thread, beginning at its hash */
#define SLOT_WAYS	8

struct slot {
	struct task_struct *task;	/* owner, or CLAIMED; only compared, never followed */
	u64 born;			/* start_boottime: tells a reused task_struct */
	struct vmwalk_fault fault;
};

/* No task yet: its owner is about to fill in the slot. */
#define CLAIMED		((struct task_struct *)1)

static struct slot *slots;

static u32 first_way(const struct task_struct *task)
{
	return hash_ptr(task, SLOT_BITS);
}

static struct slot *slot_at(u32 way)
{
	return &slots[way & (BIT(SLOT_BITS) - 1)];
}

static void release(struct slot *slot)
{
	/* Pairs with the cmpxchg() of the next owner, which may then write the slot. */
	smp_store_release(&slot->task, NULL);
}

/*
 * A slot is stale if no probe saw the end of its owner and the task_struct was reused, or
 * if its fault began before any current subscriber to FAULT watched the mm: no probe may
 * have seen the end of that fault.
 */
static bool is_stale(const struct slot *slot)
{
	const struct vmwalk_fault *fault = &slot->fault;

	return slot->born != current->start_boottime ||
	       fault->begun < vmwalk_watched_since((const struct mm_struct *)fault->mm);
}

/**
 * vmwalk_slot_find() - find the pending fault of current
 *
 * Context: In a probe.
 * Return: the fault, which current alone may change, until vmwalk_slot_release(); NULL if
 * none is pending.
 */
struct vmwalk_fault *vmwalk_slot_find(void)
{
	u32 first = first_way(current), way;

	for (way = first; way < first + SLOT_WAYS; way++) {
		struct slot *slot = slot_at(way);

		if (READ_ONCE(slot->task) == current && !is_stale(slot))
			return &slot->fault;
	}
	return NULL;
}

/* Claim the first slot of @owner, which is current, or NULL for one that is free. */
static struct slot *claim(struct task_struct *owner)
{
	u32 first = first_way(current), way;

	for (way = first; way < first + SLOT_WAYS; way++) {
		struct slot *slot = slot_at(way);

		if (READ_ONCE(slot->task) == owner &&
		    cmpxchg(&slot->task, owner, CLAIMED) == owner)
			return slot;
	}
	return NULL;
}

/**
 * vmwalk_slot_claim() - claim a slot for a fault of current
 *
 * A slot of current's own is taken first, so that it never has two. That one is stale,
 * because the caller knows that vmwalk_slot_find() finds none.
 *
 * Return: the slot's fault, which the caller must initialize, or NULL if no slot for its
 * hash is free.
 */
struct vmwalk_fault *vmwalk_slot_claim(void)
{
	struct slot *slot = claim(current);

	if (!slot)
		slot = claim(NULL);
	if (!slot)
		return NULL;
	slot->born = current->start_boottime;
	slot->fault.begun = U64_MAX;
	/* An NMI on this CPU finds the slot only with these. */
	barrier();
	WRITE_ONCE(slot->task, current);
	return &slot->fault;
}

/**
 * vmwalk_slot_release() - release the slot of a fault
 * @fault: from vmwalk_slot_find() or vmwalk_slot_claim(); another thread may now claim it
 */
void vmwalk_slot_release(struct vmwalk_fault *fault)
{
	release(container_of(fault, struct slot, fault));
}

/**
 * vmwalk_slots_drop() - release the slots of a task, stale or not
 * @task: current, or a task that will not run again; only compared
 *
 * vmwalk_slot_find() does not find a stale slot, so without this it would be lost once
 * its owner has exited.
 *
 * Context: In a probe.
 */
void vmwalk_slots_drop(const struct task_struct *task)
{
	u32 first = first_way(task), way;

	for (way = first; way < first + SLOT_WAYS; way++)
		if (READ_ONCE(slot_at(way)->task) == task)
			release(slot_at(way));
}

/**
 * vmwalk_slots_init() - allocate the slots, before any probe is attached
 *
 * Return: 0 or -ENOMEM.
 */
int vmwalk_slots_init(void)
{
	slots = kvcalloc(BIT(SLOT_BITS), sizeof(*slots), GFP_KERNEL);
	return slots ? 0 : -ENOMEM;
}

/**
 * vmwalk_slots_exit() - free the slots, after the last probe was detached
 */
void vmwalk_slots_exit(void)
{
	kvfree(slots);
	slots = NULL;
}
