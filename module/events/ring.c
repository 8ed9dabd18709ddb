// SPDX-License-Identifier: GPL-2.0
/*
 * The rings of a subscription: one per CPU, with one order over all of them.
 *
 * Lock rule: a ring is written on its own CPU with interrupts off, from
 * vmwalk_ring_reserve() to vmwalk_ring_commit(), and NMIs do not write, so there is one
 * writer at a time. The subscriber's @sending allows one reader at a time. @head and
 * @tail hand the records from one to the other; besides, writer and reader share only
 * @lost.
 *
 * A record takes the next sequence number of the subscription only after its ring is
 * found to have room. So the numbers in the rings have no gaps, and the reader restores
 * the order by looking for one number after the other. If it does not find the next one,
 * the record is yet to be written or committed: its writer wakes the reader then.
 *
 * Writers wake the reader once, and once more when a ring is half full, until it listens
 * again (@told): a reader that is stopped costs nothing but the first interrupt.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "events.h"

#define RECORDS_MIN	16
#define RECORDS_USUAL	1024
/* Limit of all rings of one subscription, unless RECORDS_MIN needs more */
#define BYTES_MAX	(64UL << 20)

struct ring {
	struct vmwalk_record *records;
	atomic64_t lost;		/* events without room, not yet handed on */
	u64 head;			/* records committed so far; set by the writer */
	/* Written by the reader: not in the cache line that the writer writes. */
	u64 tail ____cacheline_aligned_in_smp;
	u64 taken;			/* records read after @tail, not yet delivered */
};

struct vmwalk_rings {
	struct ring __percpu *ring;
	u32 mask;
	atomic64_t seq;			/* sequence number last reserved by a writer */
	u64 next;			/* sequence number to read next; the reader's */
	struct vmwalk_user *user;	/* who is charged, or NULL; held by the subscription */
	/* enum vmwalk_wake: what the reader was told since it listened, or NOW to ignore it */
	u8 told ____cacheline_aligned_in_smp;
};

static struct vmwalk_record *record_at(const struct vmwalk_rings *rings,
				       const struct ring *ring, u64 at)
{
	return &ring->records[at & rings->mask];
}

static u32 records_for(u32 wanted)
{
	unsigned long most = BYTES_MAX / sizeof(struct vmwalk_record) / num_possible_cpus();

	most = rounddown_pow_of_two(max_t(unsigned long, most, RECORDS_MIN));
	if (!wanted)
		wanted = RECORDS_USUAL;
	if (wanted >= most)
		return most;
	return roundup_pow_of_two(max_t(u32, wanted, RECORDS_MIN));
}

static long bytes_of(u32 records)
{
	return records * sizeof(struct vmwalk_record) * num_possible_cpus();
}

/**
 * vmwalk_rings_alloc() - allocate the rings of a subscription
 * @user: who is charged for them, or NULL
 * @records: records wanted per ring, or 0 for the default; set to the number allocated
 *
 * Return: the rings, or NULL if memory, or the room of the user or for all rings, is short.
 */
struct vmwalk_rings *vmwalk_rings_alloc(struct vmwalk_user *user, u32 *records)
{
	struct vmwalk_rings *rings;
	int cpu;

	*records = vmwalk_room_take(user, records_for(*records), RECORDS_MIN, bytes_of(1));
	if (!*records)
		return NULL;
	rings = kzalloc(sizeof(*rings), GFP_KERNEL_ACCOUNT);
	if (!rings) {
		vmwalk_room_give(user, bytes_of(*records));
		return NULL;
	}
	rings->user = user;
	rings->mask = *records - 1;
	rings->next = 1;
	rings->ring = alloc_percpu_gfp(struct ring, GFP_KERNEL_ACCOUNT);
	if (!rings->ring)
		goto free;
	for_each_possible_cpu(cpu) {
		struct ring *ring = per_cpu_ptr(rings->ring, cpu);

		ring->records = kvcalloc(*records, sizeof(struct vmwalk_record),
					 GFP_KERNEL_ACCOUNT);
		if (!ring->records)
			goto free;
	}
	return rings;
free:
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
			kvfree(per_cpu_ptr(rings->ring, cpu)->records);
	free_percpu(rings->ring);
	vmwalk_room_give(rings->user, bytes_of(rings->mask + 1));
	kfree(rings);
}

/**
 * vmwalk_ring_reserve() - reserve a record
 * @rings: rings of one subscription
 *
 * Context: In a probe; interrupts stay off until vmwalk_ring_commit().
 * Return: a record to fill, with @seq and @lost set; NULL if the ring is full: the event
 * has been counted as lost.
 */
struct vmwalk_record *vmwalk_ring_reserve(struct vmwalk_rings *rings)
{
	struct ring *ring = this_cpu_ptr(rings->ring);
	struct vmwalk_record *record;

	lockdep_assert_irqs_disabled();
	/* Pairs with the release in vmwalk_rings_consume(): the reader has finished. */
	if (ring->head - smp_load_acquire(&ring->tail) > rings->mask) {
		atomic64_inc(&ring->lost);
		return NULL;
	}
	record = record_at(rings, ring, ring->head);
	record->lost = atomic64_xchg(&ring->lost, 0);
	record->seq = atomic64_inc_return(&rings->seq);
	return record;
}

/*
 * Two writers that tell at the same time may both wake the reader, which does no harm: each
 * queues the irq_work after it has set @told.
 */
static enum vmwalk_wake tell(struct vmwalk_rings *rings, enum vmwalk_wake how)
{
	/*
	 * Pairs with the barrier in vmwalk_rings_listen(): the reader finds the record or
	 * the loss, or it listens before the test here.
	 */
	smp_mb();
	if (READ_ONCE(rings->told) >= how)
		return VMWALK_WAKE_NOT;
	WRITE_ONCE(rings->told, how);
	return how;
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
	u64 head = ring->head + 1;

	/* Pairs with the acquire in find(): the reader sees the whole record. */
	smp_store_release(&ring->head, head);
	if (head - READ_ONCE(ring->tail) > rings->mask / 2)
		return tell(rings, VMWALK_WAKE_NOW);
	return tell(rings, VMWALK_WAKE_SOON);
}

/**
 * vmwalk_ring_full() - decide how to wake the reader after vmwalk_ring_reserve() failed
 * @rings: rings of one subscription
 *
 * Return: as vmwalk_ring_commit().
 */
enum vmwalk_wake vmwalk_ring_full(struct vmwalk_rings *rings)
{
	return tell(rings, VMWALK_WAKE_NOW);
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

static struct vmwalk_record *find(struct vmwalk_rings *rings, struct ring *ring, u64 seq)
{
	u64 at = ring->tail + ring->taken;
	struct vmwalk_record *record;

	/* Pairs with the release in vmwalk_ring_commit(). */
	if (at == smp_load_acquire(&ring->head))
		return NULL;
	record = record_at(rings, ring, at);
	return record->seq == seq ? record : NULL;
}

/**
 * vmwalk_rings_next() - read the next record in order
 * @rings: rings of one subscription
 *
 * Context: One reader at a time.
 * Return: the record, valid until vmwalk_rings_consume(); NULL if it is not committed.
 */
struct vmwalk_record *vmwalk_rings_next(struct vmwalk_rings *rings)
{
	struct vmwalk_record *record;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct ring *ring = per_cpu_ptr(rings->ring, cpu);

		record = find(rings, ring, rings->next);
		if (record) {
			ring->taken++;
			rings->next++;
			return record;
		}
	}
	return NULL;
}

/**
 * vmwalk_rings_consume() - free or rewind the records that were read
 * @rings: rings of one subscription
 * @delivered: true to free them, false to read them again
 *
 * Context: One reader at a time.
 */
void vmwalk_rings_consume(struct vmwalk_rings *rings, bool delivered)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct ring *ring = per_cpu_ptr(rings->ring, cpu);

		if (!delivered) {
			rings->next -= ring->taken;
		} else {
			/* Pairs with the acquire in vmwalk_ring_reserve(). */
			smp_store_release(&ring->tail, ring->tail + ring->taken);
		}
		ring->taken = 0;
	}
}

/**
 * vmwalk_rings_lost() - take the losses after the last record of each ring
 * @rings: rings of one subscription
 *
 * Skips rings with unread records: their losses come later in the stream.
 *
 * Context: One reader at a time.
 * Return: the number of losses; no later call or record reports them again.
 */
u64 vmwalk_rings_lost(struct vmwalk_rings *rings)
{
	u64 lost = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct ring *ring = per_cpu_ptr(rings->ring, cpu);

		if (ring->tail + ring->taken == READ_ONCE(ring->head))
			lost += atomic64_xchg(&ring->lost, 0);
	}
	return lost;
}
