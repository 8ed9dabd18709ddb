// SPDX-License-Identifier: GPL-2.0
/*
 * The rings of a subscription: one per CPU, with one order over all of them.
 *
 * Lock rule: a ring is written on its own CPU with interrupts off, from
 * vmwalk_ring_reserve() to vmwalk_ring_commit(), and NMIs do not write, so there is one
 * writer at a time. The subscriber's @sending allows one reader at a time. @head and
 * @tail hand the records from one to the other; besides, writer and reader share @lost,
 * and the set of CPUs whose rings may have something for the reader (@busy).
 *
 * Records differ in size, and each is contiguous: where it would cross the end of the
 * ring, a filler takes the rest. A record takes the next sequence number of the
 * subscription only after its ring is found to have room. So the numbers in the rings have
 * no gaps, and the reader restores the order by looking for one number after the other.
 * The next is mostly in the ring of the last one. If it is in no ring, the record is yet
 * to be written or committed: its writer wakes the reader then.
 *
 * Losses go with the next record of their ring. There may be none, while other rings have
 * records without pause. So if the reader finds a ring empty, it takes the losses, and the
 * next record of any ring has them. That is where they belong: all records of the ring that
 * came before them were read, and none that comes after them.
 *
 * Writers wake the reader once, and once more when a ring is half full, until it listens
 * again (@told): a reader that is stopped costs nothing but the first interrupt.
 */
#include <linux/cpumask.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "events.h"

/* The ABI counts the size of a ring in these. */
#define RECORD_BYTES	512
#define RECORDS_MIN	16
#define RECORDS_USUAL	1024
/* Limit of all rings of one subscription, unless RECORDS_MIN needs more */
#define BYTES_MAX	(64UL << 20)

struct ring {
	void *bytes;			/* a power of two of them */
	atomic64_t lost;		/* events without room, not yet handed on */
	u64 head;			/* bytes committed so far; set by the writer */
	u64 reserved;			/* @head once the record is committed */
	/* Written by the reader: not in the cache line that the writer writes. */
	u64 tail ____cacheline_aligned_in_smp;
};

struct vmwalk_rings {
	struct ring __percpu *ring;
	u32 records;			/* size of a ring, in RECORD_BYTES */
	u32 mask;			/* size of a ring in bytes, less 1 */
	struct vmwalk_user *user;	/* who is charged, or NULL; held by the subscription */
	/* The reader's */
	u64 next;			/* sequence number to read next */
	struct ring *last;		/* ring of the record read last */
	u64 lost;			/* of rings that were found empty; not yet handed on */
	/* Written by writers of any CPU */
	atomic64_t seq ____cacheline_aligned_in_smp;	/* last number that was given */
	u8 told;			/* enum vmwalk_wake since the reader listened */
	cpumask_var_t busy;		/* CPUs whose rings may have records or losses */
};

static struct vmwalk_record *record_at(const struct vmwalk_rings *rings,
				       const struct ring *ring, u64 at)
{
	return ring->bytes + (at & rings->mask);
}

static u32 records_for(u32 wanted)
{
	unsigned long most = BYTES_MAX / RECORD_BYTES / num_possible_cpus();

	most = rounddown_pow_of_two(max_t(unsigned long, most, RECORDS_MIN));
	if (!wanted)
		wanted = RECORDS_USUAL;
	if (wanted >= most)
		return most;
	return roundup_pow_of_two(max_t(u32, wanted, RECORDS_MIN));
}

static long bytes_of(u32 records)
{
	return (long)records * RECORD_BYTES * num_possible_cpus();
}

/* Each ring is in the memory of the node whose CPU writes it. */
static bool rings_fill(struct vmwalk_rings *rings)
{
	int cpu;

	rings->ring = alloc_percpu_gfp(struct ring, GFP_KERNEL_ACCOUNT);
	if (!rings->ring || !zalloc_cpumask_var(&rings->busy, GFP_KERNEL_ACCOUNT))
		return false;
	for_each_possible_cpu(cpu) {
		struct ring *ring = per_cpu_ptr(rings->ring, cpu);

		ring->bytes = kvzalloc_node(rings->mask + 1, GFP_KERNEL_ACCOUNT,
					    cpu_to_mem(cpu));
		if (!ring->bytes)
			return false;
	}
	return true;
}

/**
 * vmwalk_rings_alloc() - allocate the rings of a subscription
 * @user: who is charged for them, or NULL
 * @records: size of each ring in units of 512 bytes, or 0 for the default; set to the size
 *	that was allocated
 *
 * Return: the rings, or NULL if memory, or the room of the user or for all rings, is short.
 */
struct vmwalk_rings *vmwalk_rings_alloc(struct vmwalk_user *user, u32 *records)
{
	struct vmwalk_rings *rings;

	/* Wherever the next record begins, it fits into the smallest ring once that is empty. */
	BUILD_BUG_ON(2 * (offsetof(struct vmwalk_record, head) + VMWALK_EVENT_BYTES) >
		     RECORDS_MIN * RECORD_BYTES);
	*records = vmwalk_room_take(user, records_for(*records), RECORDS_MIN, bytes_of(1));
	if (!*records)
		return NULL;
	rings = kzalloc(sizeof(*rings), GFP_KERNEL_ACCOUNT);
	if (!rings) {
		vmwalk_room_give(user, bytes_of(*records));
		return NULL;
	}
	rings->user = user;
	rings->records = *records;
	rings->mask = *records * RECORD_BYTES - 1;
	rings->next = 1;
	if (rings_fill(rings))
		return rings;
	vmwalk_rings_free(rings);
	return NULL;
}

/**
 * vmwalk_rings_free() - undo vmwalk_rings_alloc()
 * @rings: rings without writers and readers, or NULL
 */
void vmwalk_rings_free(struct vmwalk_rings *rings)
{
	int cpu;

	if (!rings)
		return;
	for_each_possible_cpu(cpu)
		if (rings->ring)
			kvfree(per_cpu_ptr(rings->ring, cpu)->bytes);
	free_percpu(rings->ring);
	free_cpumask_var(rings->busy);
	vmwalk_room_give(rings->user, bytes_of(rings->records));
	kfree(rings);
}

/*
 * Let the reader look at the ring of this CPU. Two writers that tell at the same time may
 * both wake the reader, which does no harm: each queues the irq_work after it has set @told.
 */
static enum vmwalk_wake tell(struct vmwalk_rings *rings, enum vmwalk_wake how)
{
	/*
	 * Pairs with the barriers in vmwalk_rings_listen() and look(): the reader finds the
	 * record or the loss, or the tests here find that it listens, or looks elsewhere.
	 */
	smp_mb();
	if (!cpumask_test_cpu(smp_processor_id(), rings->busy)) {
		cpumask_set_cpu(smp_processor_id(), rings->busy);
		/* A reader that was told before must find the bit, or it listens by now. */
		smp_mb__after_atomic();
	}
	if (READ_ONCE(rings->told) >= how)
		return VMWALK_WAKE_NOT;
	WRITE_ONCE(rings->told, how);
	return how;
}

/**
 * vmwalk_ring_reserve() - reserve a record
 * @rings: rings of one subscription
 * @head: beginning of the event, without its number; the sizes are set
 * @wake: set to how the caller must wake the reader, if there is no room
 *
 * Context: In a probe; interrupts stay off until vmwalk_ring_commit().
 * Return: a record with @head and @lost set, to be filled; NULL if the ring is full: the
 * event has been counted as lost.
 */
struct vmwalk_record *vmwalk_ring_reserve(struct vmwalk_rings *rings,
					  const struct vmwalk_event_head *head,
					  enum vmwalk_wake *wake)
{
	const u32 bytes = offsetof(struct vmwalk_record, head) + head->size;
	struct ring *ring = this_cpu_ptr(rings->ring);
	u64 at = ring->head;
	struct vmwalk_record *record;
	u32 rest = rings->mask + 1 - (at & rings->mask);

	lockdep_assert_irqs_disabled();
	if (bytes > rest)
		at += rest;
	/* Pairs with the release in vmwalk_rings_take(): the reader has finished. */
	if (at + bytes - smp_load_acquire(&ring->tail) > rings->mask + 1) {
		atomic64_inc(&ring->lost);
		*wake = tell(rings, VMWALK_WAKE_NOW);
		return NULL;
	}
	if (bytes > rest) {
		record = record_at(rings, ring, ring->head);
		record->bytes = rest;
		record->is_filler = true;
	}
	record = record_at(rings, ring, at);
	record->bytes = bytes;
	record->is_filler = false;
	record->lost = 0;
	if (unlikely(atomic64_read(&ring->lost)))
		record->lost = atomic64_xchg(&ring->lost, 0);
	record->head = *head;
	record->head.seq = atomic64_inc_return(&rings->seq);
	ring->reserved = at + bytes;
	return record;
}

/**
 * vmwalk_ring_commit() - hand the record that was reserved last to the reader
 * @rings: rings of one subscription
 *
 * Return: how the caller must wake the reader: at once if the ring of this CPU is at least
 * half full, but not if the reader was told so and has not listened since.
 */
enum vmwalk_wake vmwalk_ring_commit(struct vmwalk_rings *rings)
{
	struct ring *ring = this_cpu_ptr(rings->ring);

	/* Pairs with the acquire in find(): the reader sees the whole record. */
	smp_store_release(&ring->head, ring->reserved);
	if (ring->reserved - READ_ONCE(ring->tail) > rings->mask / 2)
		return tell(rings, VMWALK_WAKE_NOW);
	return tell(rings, VMWALK_WAKE_SOON);
}

/**
 * vmwalk_rings_listen() - let writers wake the reader again
 * @rings: rings of one subscription
 *
 * A record or a loss that the reader does not find after this call wakes it.
 *
 * Context: One reader at a time.
 */
void vmwalk_rings_listen(struct vmwalk_rings *rings)
{
	WRITE_ONCE(rings->told, VMWALK_WAKE_NOT);
	/* Pairs with the barrier in tell(). */
	smp_mb();
}

/**
 * vmwalk_rings_ignore() - let no writer wake the reader until vmwalk_rings_listen()
 * @rings: rings of one subscription
 *
 * Context: One reader at a time.
 */
void vmwalk_rings_ignore(struct vmwalk_rings *rings)
{
	WRITE_ONCE(rings->told, VMWALK_WAKE_NOW);
}

/* Return the first record that was not taken, or NULL. */
static struct vmwalk_record *find(const struct vmwalk_rings *rings, struct ring *ring)
{
	struct vmwalk_record *record;

	/* Pairs with the release in vmwalk_ring_commit(). */
	if (ring->tail == smp_load_acquire(&ring->head))
		return NULL;
	record = record_at(rings, ring, ring->tail);
	if (!record->is_filler)
		return record;
	/* The record that did not fit was committed with the filler. */
	smp_store_release(&ring->tail, ring->tail + record->bytes);
	return record_at(rings, ring, ring->tail);
}

/*
 * Return the first record of a busy CPU. If there is none, take the losses of its ring; the
 * CPU is busy no more.
 */
static struct vmwalk_record *look(struct vmwalk_rings *rings, int cpu)
{
	struct ring *ring = per_cpu_ptr(rings->ring, cpu);
	struct vmwalk_record *record = find(rings, ring);

	if (record)
		return record;
	cpumask_clear_cpu(cpu, rings->busy);
	/* Pairs with the barrier in tell(): find the record, or its writer sets the bit. */
	smp_mb__after_atomic();
	record = find(rings, ring);
	if (record)
		cpumask_set_cpu(cpu, rings->busy);
	else if (atomic64_read(&ring->lost))
		rings->lost += atomic64_xchg(&ring->lost, 0);
	return record;
}

static struct vmwalk_record *find_next(struct vmwalk_rings *rings)
{
	struct vmwalk_record *record;
	int cpu;

	if (rings->last) {
		record = find(rings, rings->last);
		if (record && record->head.seq == rings->next)
			return record;
	}
	for_each_cpu(cpu, rings->busy) {
		record = look(rings, cpu);
		if (record && record->head.seq == rings->next) {
			rings->last = per_cpu_ptr(rings->ring, cpu);
			return record;
		}
	}
	return NULL;
}

/**
 * vmwalk_rings_next() - find the next record in order
 * @rings: rings of one subscription
 *
 * Context: One reader at a time.
 * Return: the record, valid until vmwalk_rings_take(); NULL if it is not committed. Its
 * @lost counts the losses to report before it, also those of other rings.
 */
struct vmwalk_record *vmwalk_rings_next(struct vmwalk_rings *rings)
{
	struct vmwalk_record *record = find_next(rings);

	if (record && unlikely(rings->lost)) {
		record->lost += rings->lost;
		rings->lost = 0;
	}
	return record;
}

/**
 * vmwalk_rings_look() - look for losses in all rings
 * @rings: rings of one subscription
 *
 * vmwalk_rings_next() looks at no other ring while that of the last record has the next
 * one. Call this for each batch, so that losses do not wait for a pause.
 *
 * Context: One reader at a time.
 */
void vmwalk_rings_look(struct vmwalk_rings *rings)
{
	int cpu;

	for_each_cpu(cpu, rings->busy)
		look(rings, cpu);
}

/**
 * vmwalk_rings_take() - free the record that vmwalk_rings_next() returned
 * @rings: rings of one subscription
 *
 * Context: One reader at a time.
 */
void vmwalk_rings_take(struct vmwalk_rings *rings)
{
	struct ring *ring = rings->last;
	u32 bytes = record_at(rings, ring, ring->tail)->bytes;

	rings->next++;
	/* Pairs with the acquire in vmwalk_ring_reserve(). */
	smp_store_release(&ring->tail, ring->tail + bytes);
}

/**
 * vmwalk_rings_unread() - estimate how much is to be read
 * @rings: rings of one subscription
 *
 * Context: One reader at a time.
 * Return: the bytes of the committed records, with fillers.
 */
u64 vmwalk_rings_unread(struct vmwalk_rings *rings)
{
	u64 bytes = 0;
	int cpu;

	for_each_cpu(cpu, rings->busy) {
		struct ring *ring = per_cpu_ptr(rings->ring, cpu);

		bytes += READ_ONCE(ring->head) - ring->tail;
	}
	return bytes;
}

/**
 * vmwalk_rings_lost() - take the losses after the last record of each ring
 * @rings: rings of one subscription, of which vmwalk_rings_next() found no next record
 *
 * Skips rings with unread records: a record reports their losses.
 *
 * Context: One reader at a time.
 * Return: the number of losses; no later call or record reports them again.
 */
u64 vmwalk_rings_lost(struct vmwalk_rings *rings)
{
	u64 lost = rings->lost;

	rings->lost = 0;
	return lost;
}
