/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls go one way: of this directory, a file calls only files that are named after it in
 * this order: netlink, subscribe, send, kprobes, {tracepoints, syscalls}, fault, {event,
 * pending_fault}, {watch_list, ring}, users. Only the definition of the netlink family is used
 * in the other direction, by send.
 *
 * "In a probe" means: called from a kprobe or a tracepoint, with interrupts off. current
 * is the task that hit it, which may act on the mm of another process. Nothing there
 * allocates, sleeps or spins on a page-table lock.
 */
#ifndef VMWALK_EVENTS_H
#define VMWALK_EVENTS_H

#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/vmwalk_netlink.h>

#include "walk/walk.h"

struct pid_namespace;
struct pt_regs;
struct socket;

/*
 * A probe records a FAULT only if it matches all members, an EXCEPTION only if it matches
 * all but @outcomes, and any other event only if it is in @events.
 */
struct vmwalk_filter {
	u64 start, last;		/* address range of faults, @last inclusive */
	u32 events;			/* mask: VMWALK_BIT() of enum vmwalk_event */
	u32 outcomes;			/* mask: VMWALK_BIT() of enum vmwalk_ended */
	u32 access;			/* mask: VMWALK_BIT() of enum vmwalk_tried */
};

/*
 * A page fault between its exception, or the first call of the handler, and its record.
 * The members from @before on are large and set late: @before and @vma when the handler
 * is first entered, @after just before the fault is recorded. If the handler was not
 * called, @before is set together with @after.
 */
struct vmwalk_fault {
	u64 begun;			/* ns, CLOCK_MONOTONIC */
	u64 address;
	u64 ip;
	u64 code;
	u64 slept;			/* nvcsw of the thread when the fault began */
	u64 entered;			/* nvcsw when the handler was last called */
	u64 stack_vm;			/* mm->stack_vm when the fault began, pages */
	unsigned long mm;		/* faulting mm; only compared, never followed */
	u32 flags;			/* mask of enum vmwalk_fault_flags */
	u32 result;			/* mask of enum vmwalk_handled */
	u32 tries;
	u32 signal;
	u32 sigcode;
	u8 access;
	u8 outcome;
	bool has_ip;
	bool has_vma;
	struct vmwalk_glance before;
	struct vmwalk_glance after;
	struct vmwalk_vma vma;		/* valid if @has_vma */
};

#define VMWALK_FAULT_HEAD	offsetof(struct vmwalk_fault, before)

struct vmwalk_call {
	u64 begun;			/* ns, CLOCK_MONOTONIC */
	u64 args[6];
	s64 result;
	struct vmwalk_around_call before, after;
};

/*
 * One event in a ring, as it leaves but for what is withheld. The writer owns it until
 * vmwalk_ring_commit(), then the reader until vmwalk_rings_take() frees it. A filler has
 * only the first two members.
 */
struct vmwalk_record {
	u32 bytes;			/* up to the next record */
	bool is_filler;
	u8 redacted;			/* withheld from reader: enum vmwalk_redacted */
	u64 lost;			/* unreported losses of the ring before it */
	struct vmwalk_event_head head;
	u64 bodies[];			/* those of which @head has the sizes */
};

/* Bytes of the largest events: no other kind has so many bodies */
#define VMWALK_FAULT_BYTES	(sizeof(struct vmwalk_event_head) +				\
				 sizeof(struct vmwalk_fault_record) +				\
				 sizeof(struct vmwalk_vma) +					\
				 2 * (sizeof(struct vmwalk_leaf_state) +			\
				      sizeof(struct vmwalk_entry) + sizeof(struct vmwalk_page)))
#define VMWALK_CALL_BYTES	(sizeof(struct vmwalk_event_head) +				\
				 sizeof(struct vmwalk_call_record) +				\
				 2 * sizeof(struct vmwalk_around_call))
#define VMWALK_EVENT_BYTES	max(VMWALK_FAULT_BYTES, VMWALK_CALL_BYTES)

/* Losses outside the rings, counted since the module was loaded */
struct vmwalk_missed {
	u64 count[VMWALK_LOST_LAST + 1];	/* indexed by enum vmwalk_lost */
};

struct vmwalk_rings;
struct vmwalk_user;
struct watched_mm;

/* A writer of the rings must wake the reader in this way: with SOON by the next tick. */
enum vmwalk_wake {
	VMWALK_WAKE_NOT,
	VMWALK_WAKE_SOON,
	VMWALK_WAKE_NOW,
};

/* A subscription. Once it has begun, retire_work() frees it, after all probes left it. */
struct vmwalk_subscriber {
	struct hlist_node entry;	/* in subscribe.c's list; under its lock or RCU */
	refcount_t users;		/* the list and calls; the last queues @retire */
	struct sock *sk;		/* reference held; find() compares the pointer */
	struct vmwalk_user *user;	/* who is charged; NULL: may override limits */
	u32 portid;			/* of @sk, for the heads of messages only */
	u32 flags;			/* mask of enum vmwalk_watch_flags */
	u64 redacted;			/* VMWALK_REDACTED_* of the device's opener */
	struct pid_namespace *pidns;	/* of SUBSCRIBE's caller; reference held */
	struct vmwalk_filter filter;
	struct vmwalk_rings *rings;
	struct irq_work soon;		/* lazy: queues @work by the next tick */
	struct irq_work now;		/* queues @work at once */
	struct irq_work untended;	/* queues @tend */
	struct delayed_work work;	/* delivers records to the socket */
	struct socket *unread;		/* is charged for what was sent and not yet read */
	struct wait_queue_entry space;	/* on @unread: woken when much of it was read */
	bool waiting;			/* the socket was full: @space queues @work */
	struct work_struct tend;
	struct work_struct retire;
	struct mutex sending;		/* held to deliver; protects members up to @seen */
	bool locked_down;		/* the kernel is: withhold all that can be */
	bool ending;			/* STOP: send END after the last record */
	u64 delivered, lost, missed;	/* totals for END */
	struct vmwalk_missed seen;	/* probe losses at SUBSCRIBE or the last report */
	/*
	 * The members from here on are written under watch_list.c's lock while probes can
	 * find the subscription.
	 */
	struct list_head processes;
	struct list_head spare;		/* unused entries: probes must not allocate */
	struct list_head dead;		/* entries to free after a grace period */
	unsigned int nr_processes, nr_spare;
	bool stopping;			/* no process can be added any more */
};

/* A process that a subscriber watches; probes read it under RCU. */
struct vmwalk_process {
	struct hlist_node by_mm;	/* linked in one process per subscriber and mm */
	struct watched_mm *place;	/* the list of @by_mm */
	struct watched_mm *own;		/* unused one, to be freed with this process */
	struct hlist_node by_tgid;
	struct list_head entry;
	struct vmwalk_subscriber *subscriber;
	struct mm_struct *mm;		/* held with mmgrab() */
	struct pid *tgid;		/* reference held: the pointer is not reused */
	struct pid *pid;		/* the only watched thread, NULL for all; held */
	u64 redacted;			/* withheld from reader: enum vmwalk_redacted */
	u32 events;			/* of the filter's, those that may be recorded */
	u64 since;			/* ns, CLOCK_MONOTONIC: watching of @mm began */
	bool left;			/* was unlinked; under the lock of watch_list.c */
};

struct vmwalk_user *vmwalk_user_get(const struct file *device);
void vmwalk_seat_give(struct vmwalk_user *user);
void vmwalk_user_put(struct vmwalk_user *user);
unsigned int *vmwalk_user_processes(struct vmwalk_user *user);
u32 vmwalk_room_take(struct vmwalk_user *user, u32 records, u32 least, long bytes);
void vmwalk_room_give(struct vmwalk_user *user, long bytes);

struct vmwalk_rings *vmwalk_rings_alloc(struct vmwalk_user *user, u32 *records);
void vmwalk_rings_free(struct vmwalk_rings *rings);
struct vmwalk_record *vmwalk_ring_reserve(struct vmwalk_rings *rings,
					  const struct vmwalk_event_head *head,
					  enum vmwalk_wake *wake);
enum vmwalk_wake vmwalk_ring_commit(struct vmwalk_rings *rings);
void vmwalk_rings_listen(struct vmwalk_rings *rings);
void vmwalk_rings_ignore(struct vmwalk_rings *rings);
struct vmwalk_record *vmwalk_rings_next(struct vmwalk_rings *rings);
void vmwalk_rings_look(struct vmwalk_rings *rings);
void vmwalk_rings_take(struct vmwalk_rings *rings);
u64 vmwalk_rings_unread(struct vmwalk_rings *rings);
u64 vmwalk_rings_lost(struct vmwalk_rings *rings);

void vmwalk_watch_init(void);
struct hlist_head *vmwalk_watch_mms(const struct mm_struct *mm);
struct hlist_head *vmwalk_watch_tgids(const struct pid *tgid);
u32 vmwalk_watched(const struct mm_struct *mm);
u64 vmwalk_watched_since(const struct mm_struct *mm);
int vmwalk_watch_check(struct vmwalk_user *user, const struct vmwalk_attached *target);
int vmwalk_watch_add(struct vmwalk_subscriber *subscriber, const struct vmwalk_attached *target,
		     bool calls);
bool vmwalk_watch_follow(const struct vmwalk_process *parent, struct mm_struct *mm,
			 struct pid *tgid);
bool vmwalk_watch_leave(struct vmwalk_process *process, u32 *left);
void vmwalk_watch_tend(struct vmwalk_subscriber *subscriber);
bool vmwalk_watch_stop(struct vmwalk_subscriber *subscriber);

void vmwalk_record_fault(const struct vmwalk_fault *fault);
void vmwalk_record_exception(const struct vmwalk_fault *fault);
void vmwalk_record_signal(const struct vmwalk_signal_record *signal);
void vmwalk_record_call(const struct vmwalk_call *call, u32 kind);
void vmwalk_record_collapse(const struct mm_struct *mm, bool done, u32 order);
void vmwalk_record_tlb(const struct vmwalk_tlb_record *tlb);
void vmwalk_record_fork(struct task_struct *child);
void vmwalk_record_exec(void);
void vmwalk_record_exit(bool group_dead);

int vmwalk_slots_init(void);
void vmwalk_slots_exit(void);
struct vmwalk_fault *vmwalk_slot_find(void);
struct vmwalk_fault *vmwalk_slot_claim(void);
void vmwalk_slot_release(struct vmwalk_fault *fault);
void vmwalk_slots_drop(const struct task_struct *task);

void vmwalk_fault_missed(struct vmwalk_missed *missed);
void vmwalk_fault_exception(unsigned long address, struct pt_regs *regs,
			    unsigned long code);
bool vmwalk_fault_enter(struct vmwalk_fault *fault, struct vm_area_struct *vma,
			unsigned long address, unsigned int flags, struct pt_regs *regs);
void vmwalk_fault_return(struct vmwalk_fault *fault, struct vm_area_struct *vma,
			 unsigned int flags, unsigned int ret);
void vmwalk_fault_fixup(unsigned long address);
unsigned long vmwalk_fault_pending(void);
void vmwalk_fault_end(u8 outcome, u32 signal, u32 sigcode);

/* Events that the probes of syscalls.c record */
#define VMWALK_CALLS	(VMWALK_BIT(VMWALK_EVENT_MMAP) | VMWALK_BIT(VMWALK_EVENT_MUNMAP) |	\
			 VMWALK_BIT(VMWALK_EVENT_MPROTECT) | VMWALK_BIT(VMWALK_EVENT_MREMAP) |	\
			 VMWALK_BIT(VMWALK_EVENT_BRK) | VMWALK_BIT(VMWALK_EVENT_MADVISE))
bool vmwalk_calls_attach(void);
void vmwalk_calls_detach(void);
u64 vmwalk_calls_missed(void);

int vmwalk_traces_attach(u32 wanted, u32 *sources);
void vmwalk_traces_detach(u32 sources);

void vmwalk_probes_init(void);
bool vmwalk_probes_possible(void);
int vmwalk_probes_get(u32 events, u32 *sources);
void vmwalk_probes_put(u32 events);
void vmwalk_probes_exit(void);
void vmwalk_probes_missed(struct vmwalk_missed *missed);

int vmwalk_send_init(struct vmwalk_subscriber *subscriber, wait_queue_func_t wake);
void vmwalk_send_exit(struct vmwalk_subscriber *subscriber);
int vmwalk_deliver(struct vmwalk_subscriber *subscriber);

int vmwalk_subscribe_init(void);
void vmwalk_subscribe_exit(void);
int vmwalk_subscribe_check(const struct vmwalk_subscribe *call);
int vmwalk_subscribe(struct vmwalk_subscribe *call, const struct vmwalk_attached *target,
		     const struct file *device, u64 redacted);
int vmwalk_add_check(const struct vmwalk_add *call);
int vmwalk_add_watch(struct vmwalk_add *call, const struct vmwalk_attached *target);
int vmwalk_stop_watch(const struct vmwalk_stop_watch *call);
void vmwalk_subscribers_close(void);

extern struct genl_family vmwalk_family;
int vmwalk_netlink_init(void);
void vmwalk_netlink_exit(void);

#endif
