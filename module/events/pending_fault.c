// SPDX-License-Identifier: GPL-2.0
/*
 * Slots that keep the pending fault of a thread from one probe to the next.
 *
 * Lock rule: everything but init and exit runs in a probe. A slot is claimed, used and
 * released by its owner only, with interrupts off. It is found by the address of the
 * owner's task_struct. The exit probe of the owner releases it, so that a later task
 * with a task_struct at the same address does not find it.
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

static u32 first_way(void)
{
	return hash_ptr(current, SLOT_BITS);
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
 * A slot is stale if the exit probe missed its owner and the task_struct was reused, or
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
	u32 first = first_way(), way;

	for (way = first; way < first + SLOT_WAYS; way++) {
		struct slot *slot = slot_at(way);

		if (READ_ONCE(slot->task) == current && !is_stale(slot))
			return &slot->fault;
	}
	return NULL;
}

/* A slot of current that is stale is taken over: vmwalk_slot_find() did not return it. */
static bool claim(struct slot *slot)
{
	struct task_struct *task = READ_ONCE(slot->task);

	if (task && task != current)
		return false;
	return cmpxchg(&slot->task, task, CLAIMED) == task;
}

/**
 * vmwalk_slot_claim() - claim a slot for a fault of current, which has none pending
 *
 * Return: the slot's fault, which the caller must initialize, or NULL if no slot for its
 * hash is free.
 */
struct vmwalk_fault *vmwalk_slot_claim(void)
{
	u32 first = first_way(), way;

	for (way = first; way < first + SLOT_WAYS; way++) {
		struct slot *slot = slot_at(way);

		if (!claim(slot))
			continue;
		slot->born = current->start_boottime;
		slot->fault.begun = U64_MAX;
		/* An NMI on this CPU finds the slot only with these. */
		barrier();
		WRITE_ONCE(slot->task, current);
		return &slot->fault;
	}
	return NULL;
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
