/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Part of libvmwalk.h: page faults, and what changes an address space, as they happen.
 * The records are those of <linux/vmwalk_netlink.h>, which says what each means.
 */
#ifndef LIBVMWALK_WATCH_H
#define LIBVMWALK_WATCH_H

#ifndef LIBVMWALK_H
#error "include <libvmwalk.h>, which brings this"
#endif

#include <linux/vmwalk_netlink.h>

#ifdef __cplusplus
extern "C" {
#endif

/* watch.c, watch_event.c: a subscription, over libmnl */

struct vmwalk_watch;

/**
 * struct vmwalk_watch_request - what is to be told; what is 0 is left out
 * @flags: &enum vmwalk_watch_flags
 * @records: room of each ring
 * @events: of these &enum vmwalk_event, as VMWALK_BIT()
 * @outcomes: faults with one of these &enum vmwalk_ended, as VMWALK_BIT()
 * @access: faults of one of these &enum vmwalk_tried, as VMWALK_BIT()
 * @start: faults from this address on
 * @end: and below this one
 */
struct vmwalk_watch_request {
	__u32 flags;
	__u32 records;
	__u32 events;
	__u32 outcomes;
	__u32 access;
	__u64 start;
	__u64 end;
};

/**
 * struct vmwalk_watch_account - what became of the events so far
 * @sources: &enum vmwalk_sources that there are for what was asked
 * @records: room of each ring
 * @redacted: &enum vmwalk_redacted of the device
 * @delivered: events that came, LOST and END apart
 * @lost: of each &enum vmwalk_lost, how many did not
 * @gaps: events that are missing in the numbering, with nothing to say so: 0, or
 *	something is wrong
 * @ended: END has come
 */
struct vmwalk_watch_account {
	__u32 sources;
	__u32 records;
	__u64 redacted;
	__u64 delivered;
	__u64 lost[VMWALK_LOST_SLOT + 1];
	__u64 gaps;
	bool ended;
};

/**
 * struct vmwalk_fault_event - VMWALK_EVENT_FAULT; of VMWALK_EVENT_EXCEPTION less comes
 * @got: attributes that came, VMWALK_BIT() of &enum vmwalk_fault_attribute; a field
 *	whose attribute did not come is zero
 * @access: &enum vmwalk_tried
 * @flags: &enum vmwalk_fault_flags
 * @outcome: &enum vmwalk_ended
 * @result: &enum vmwalk_handled
 * @tries: calls of the kernel's handler
 * @signal: of a fault that the handler was not called for
 * @sigcode: likewise
 * @address: that was accessed
 * @ip: the instruction
 * @code: the hardware's error code
 * @ns: how long it took
 * @redacted: &enum vmwalk_redacted
 * @before: the entry when the handler was first called
 * @after: and when it was done
 * @vma: when it was first called
 */
struct vmwalk_fault_event {
	__u32 got;
	__u32 access;
	__u32 flags;
	__u32 outcome;
	__u32 result;
	__u32 tries;
	__u32 signal;
	__u32 sigcode;
	__u64 address;
	__u64 ip;
	__u64 code;
	__u64 ns;
	__u64 redacted;
	struct vmwalk_glance before;
	struct vmwalk_glance after;
	struct vmwalk_vma vma;
};

/**
 * struct vmwalk_signal_event - VMWALK_EVENT_SIGNAL
 * @got: as &vmwalk_fault_event.got, of &enum vmwalk_signal_attribute
 * @number: SIGSEGV or SIGBUS
 * @code: si_code
 * @pkey: si_pkey
 * @address: si_addr
 */
struct vmwalk_signal_event {
	__u32 got;
	__u32 number;
	__s32 code;
	__u32 pkey;
	__u64 address;
};

/**
 * struct vmwalk_task_event - VMWALK_EVENT_FORK, EXEC and EXIT
 * @flags: &enum vmwalk_task_flags
 * @child_tgid: of FORK, the child's process
 * @child_tid: of FORK, the child's thread
 * @status: of EXIT, as wait(2) gives it
 * @left: of EXEC and EXIT, processes that are watched on
 */
struct vmwalk_task_event {
	__u32 flags;
	__u32 child_tgid;
	__u32 child_tid;
	__u32 status;
	__u32 left;
};

#define VMWALK_CALL_ARGS	6

/**
 * struct vmwalk_call_event - VMWALK_EVENT_MMAP and the other calls
 * @args: as the program gave them
 * @result: an address or a number; the negative errno
 * @ns: how long it took
 * @before: the VMAs around, at its beginning
 * @after: and at its end
 */
struct vmwalk_call_event {
	__u64 args[VMWALK_CALL_ARGS];
	__s64 result;
	__u64 ns;
	struct vmwalk_around_call before;
	struct vmwalk_around_call after;
};

/**
 * struct vmwalk_watch_event - an event
 * @kind: &enum vmwalk_event
 * @tgid: process; 0 of LOST and END, and of a task that is not visible from here
 * @tid: thread; likewise
 * @time: ns of CLOCK_MONOTONIC
 * @seq: from 1; 0 of LOST and END
 * @fault: of FAULT and EXCEPTION
 * @signal: of SIGNAL
 * @task: of FORK, EXEC, EXIT
 * @call: of MMAP, MUNMAP, MPROTECT, MREMAP, BRK, MADVISE
 * @collapse: of COLLAPSE: whether there is a huge page now, and log2 of its base pages
 * @tlb: of TLB: how many pages, all ones for all of them, and the &enum vmwalk_flush
 * @lost: of LOST: how many, and the &enum vmwalk_lost
 * @end: of END: events delivered, those that had no room, those that were not recorded
 */
struct vmwalk_watch_event {
	__u32 kind;
	__u32 tgid;
	__u32 tid;
	__u64 time;
	__u64 seq;
	union {
		struct vmwalk_fault_event fault;
		struct vmwalk_signal_event signal;
		struct vmwalk_task_event task;
		struct vmwalk_call_event call;
		struct {
			__u32 done;
			__u32 order;
		} collapse;
		struct {
			__u64 pages;
			__u32 reason;
		} tlb;
		struct {
			__u64 count;
			__u32 reason;
		} lost;
		struct {
			__u64 delivered;
			__u64 lost;
			__u64 missed;
		} end;
	};
};

/**
 * vmwalk_watch_open() - begin to watch a process
 * @watchp: set to the watch; to NULL without memory. Give it to vmwalk_watch_close(), also
 *	after an error, which vmwalk_watch_why() then says in words
 * @dev: attached to the process. It may be closed afterwards
 * @request: what is to be told; NULL: all of the attached thread
 *
 * Return: VMWALK_OK, VMWALK_ERR_NO_EVENTS, VMWALK_ERR_GONE, VMWALK_ERR_DENIED (the socket
 * was opened with other credentials) or VMWALK_ERR_SYSTEM, with errno as
 * <linux/vmwalk_netlink.h> has it.
 */
enum vmwalk_error vmwalk_watch_open(struct vmwalk_watch **watchp, const struct vmwalk_device *dev,
				    const struct vmwalk_watch_request *request);

/** vmwalk_watch_why() - what the kernel said about the last error; "" if nothing */
const char *vmwalk_watch_why(const struct vmwalk_watch *watch);

/**
 * vmwalk_watch_add() - watch one more process, or one that has executed a program
 * @watch: that has not ended
 * @dev: attached to it
 *
 * Return: as vmwalk_watch_open(); VMWALK_ERR_SYSTEM with EEXIST: it is watched already.
 */
enum vmwalk_error vmwalk_watch_add(struct vmwalk_watch *watch, const struct vmwalk_device *dev);

/**
 * vmwalk_watch_stop() - record nothing more
 * @watch: that has not ended
 *
 * What has been recorded still comes, and VMWALK_EVENT_END after it. Return: as
 * vmwalk_watch_open().
 */
enum vmwalk_error vmwalk_watch_stop(struct vmwalk_watch *watch);

/**
 * vmwalk_watch_next() - the next event
 * @watch: an open one
 * @event: filled
 * @timeout: ms to wait for it; -1: no end
 *
 * While a caller looks at one event, others are taken from the socket at each call, so
 * that the kernel's rings do not fill behind it: up to 128 MiB are kept.
 *
 * Return: 1 with an event; 0 without one in that time, or when a signal came; -ENODATA
 * after END; or another negative errno.
 */
int vmwalk_watch_next(struct vmwalk_watch *watch, struct vmwalk_watch_event *event, int timeout);

/** vmwalk_watch_account() - what became of the events so far */
const struct vmwalk_watch_account *vmwalk_watch_account(const struct vmwalk_watch *watch);

/** vmwalk_watch_close() - end it, and give the memory back; NULL is fine */
void vmwalk_watch_close(struct vmwalk_watch *watch);

/* watch_cause.c: why it was */

/**
 * vmwalk_fault_walk() - what a fault found, as a walk would tell it; pure
 * @fault: as it was recorded
 * @walk: filled: the VMA, and the entry that decides. What is above that, and what is
 *	around a hole, no event tells
 */
void vmwalk_fault_walk(const struct vmwalk_fault_event *fault, struct vmwalk_walk *walk);

/**
 * vmwalk_fault_cause() - what a recorded fault was; pure
 * @caps: of the module
 * @around: what else is known of that time; NULL: nothing
 * @fault: as it was recorded
 * @decision: filled: settled by what became of the fault. More than one ending is left
 *	where the record does not tell
 */
void vmwalk_fault_cause(const struct vmwalk_caps *caps, const struct vmwalk_around *around,
			const struct vmwalk_fault_event *fault, struct vmwalk_decision *decision);

/* watch_words.c: words for events */

/** vmwalk_event_name() - "fault", "mmap", …; "?" for what is none */
const char *vmwalk_event_name(unsigned int kind);

/** vmwalk_ended_name() - "minor", "SIGSEGV", …; "?" for what is none */
const char *vmwalk_ended_name(unsigned int ended);

/** vmwalk_lost_name() - "ring", "probe", "nmi", "slot"; "?" for what is none */
const char *vmwalk_lost_name(unsigned int reason);

/** vmwalk_flush_name() - "local", "send", …; "?" for what is none */
const char *vmwalk_flush_name(unsigned int reason);

/** vmwalk_sigcode_name() - "SEGV_MAPERR", …; "" for one that page faults do not have */
const char *vmwalk_sigcode_name(unsigned int signal, int code);

/* Each ends with a mask of 0. */
extern const struct vmwalk_word vmwalk_fault_words[];	/* enum vmwalk_fault_flags */
extern const struct vmwalk_word vmwalk_handled_words[];	/* enum vmwalk_handled */
extern const struct vmwalk_word vmwalk_source_words[];	/* enum vmwalk_sources */
extern const struct vmwalk_word vmwalk_task_words[];	/* enum vmwalk_task_flags */

/**
 * vmwalk_code_words() - the letters of an error code, or the words for it
 * @arch: &enum vmwalk_arch
 * @code: as the hardware gave it
 * @rest: set to those bits of @code that have no word
 *
 * x86: P W U R I PK SS SGX, as in Intel SDM volume 3, 4.7; one word for scause of riscv.
 *
 * Return: a table for vmwalk_words_join(), with the mask of the code as a whole where it
 * is no set of bits; never NULL.
 */
const struct vmwalk_word *vmwalk_code_words(__u32 arch, __u64 code, __u64 *rest);

#ifdef __cplusplus
}
#endif

#endif /* LIBVMWALK_WATCH_H */
