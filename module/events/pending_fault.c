// SPDX-License-Identifier: GPL-2.0
/*
 * Where a fault waits between two of the moments at which it is seen.
 *
 * Lock rule: all but init and exit runs in a probe, with interrupts off. A slot is
 * claimed, used and given back by its own thread alone; it is found by the task_struct's
 * address, and the thread's end gives it back, so that it cannot be taken for that of a
 * task which has that address later.
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "events.h"

#define SLOT_BITS	9
/* Where a slot can be: from the one that the hash names on */
#define SLOT_WAYS	8

struct slot {
	struct task_struct *task;	/* whose it is; compared and not followed */
	u64 born;			/* when that task began */
	struct vmwalk_fault fault;
};

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
	/* Pairs with the cmpxchg() of who claims it next. */
	smp_store_release(&slot->task, NULL);
}

/*
 * Who leaves a fault behind does not see its end. One that began before any of those who
 * watch now did is such a one, or is seen from here on only; so is that of another task,
 * whose end was not seen.
 */
static bool is_stale(const struct slot *slot)
{
	const struct vmwalk_fault *fault = &slot->fault;

	return slot->born != current->start_boottime ||
	       fault->begun < vmwalk_watched_since((const struct mm_struct *)fault->mm);
}

/**
 * vmwalk_slot_find() - the fault of current that waits
 *
 * Return: it, or NULL.
 */
struct vmwalk_fault *vmwalk_slot_find(void)
{
	u32 first = first_way(), way;

	for (way = first; way < first + SLOT_WAYS; way++) {
		struct slot *slot = slot_at(way);

		if (READ_ONCE(slot->task) != current)
			continue;
		if (!is_stale(slot))
			return &slot->fault;
		release(slot);
	}
	return NULL;
}

/**
 * vmwalk_slot_claim() - have a fault of current wait, of which none does
 *
 * Return: where to put it, with whatever an earlier one has left there; or NULL.
 */
struct vmwalk_fault *vmwalk_slot_claim(void)
{
	u32 first = first_way(), way;

	for (way = first; way < first + SLOT_WAYS; way++) {
		struct slot *slot = slot_at(way);

		if (!READ_ONCE(slot->task) && !cmpxchg(&slot->task, NULL, current)) {
			slot->born = current->start_boottime;
			return &slot->fault;
		}
	}
	return NULL;
}

/**
 * vmwalk_slot_release() - the fault does not wait any more
 * @fault: of vmwalk_slot_find() or vmwalk_slot_claim()
 */
void vmwalk_slot_release(struct vmwalk_fault *fault)
{
	release(container_of(fault, struct slot, fault));
}

/**
 * vmwalk_slots_init() - have slots, before the first probe is there
 *
 * Return: 0 or -ENOMEM.
 */
int vmwalk_slots_init(void)
{
	slots = kvcalloc(BIT(SLOT_BITS), sizeof(*slots), GFP_KERNEL);
	return slots ? 0 : -ENOMEM;
}

/**
 * vmwalk_slots_exit() - undo vmwalk_slots_init(), after the last probe has gone
 */
void vmwalk_slots_exit(void)
{
	kvfree(slots);
	slots = NULL;
}
