/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Part of libvmwalk.h: a stream of page faults and of changes of an address space.
 * <linux/vmwalk_netlink.h> defines the records.
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

struct vmwalk_watch;

/**
 * struct vmwalk_watch_request - selection of events; 0 is no condition, or the default
 * @flags: &enum vmwalk_watch_flags
 * @records: size of the ring of each CPU, in units of 512 bytes
 * @events: mask of VMWALK_BIT() of &enum vmwalk_event. System calls need the permission to
 *	trace the process; 0: they are left out if it is refused
 * @outcomes: for faults, mask of VMWALK_BIT() of &enum vmwalk_ended
 * @access: for faults, mask of VMWALK_BIT() of &enum vmwalk_tried
 * @start: for faults, first address
 * @end: for faults, first address past the range
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
 * struct vmwalk_watch_account - counts of delivered and lost events so far
 * @sources: &enum vmwalk_sources attached for the request
 * @records: size of the ring of each CPU, in units of 512 bytes
 * @redacted: &enum vmwalk_redacted of the device
 * @delivered: events returned by vmwalk_watch_next(), without LOST and END
 * @lost: events lost, by &enum vmwalk_lost
 * @gaps: sequence numbers of events that did not arrive. Lost events have no number, so a
 *	value above 0 is a bug
 * @ended: vmwalk_watch_next() has returned END
 * @mem_error: errno of opening /proc/PID/mem of the last process that was subscribed to or
 *	added, without which its system calls are not reported; 0: it was opened, or the
 *	request has no system calls
 */
struct vmwalk_watch_account {
	__u32 sources;
	__u32 records;
	__u64 redacted;
	__u64 delivered;
	__u64 lost[VMWALK_LOST_SLOT + 1];
	__u64 gaps;
	bool ended;
	int mem_error;
};

/**
 * struct vmwalk_event_leaf - leaf entry of an address at one moment of a fault
 * @state: everything but the records below
 * @entry: at the level where the path ends, with VMWALK_GOT_ENTRIES in @state.got
 * @page: the physical page, with VMWALK_GOT_PAGE in @state.got
 */
struct vmwalk_event_leaf {
	struct vmwalk_leaf_state state;
	struct vmwalk_entry entry;
	struct vmwalk_page page;
};

/**
 * struct vmwalk_fault_event - VMWALK_EVENT_FAULT and, with fewer fields,
 * VMWALK_EVENT_EXCEPTION
 * @got: &enum vmwalk_fault_got; fields that it does not have are zero
 * @access: &enum vmwalk_tried
 * @flags: &enum vmwalk_fault_flags
 * @outcome: &enum vmwalk_ended
 * @result: &enum vmwalk_handled
 * @tries: calls of handle_mm_fault()
 * @signal: signal that ended the fault outside handle_mm_fault(), or 0
 * @sigcode: si_code of @signal
 * @address: address accessed
 * @ip: address of the instruction that caused the fault
 * @code: error code of the hardware, see vmwalk_code_words()
 * @ns: duration, ns
 * @redacted: &enum vmwalk_redacted of what exists but is withheld
 * @before: the entry when handle_mm_fault() was first called; with VMWALK_FAULT_UNLOCKED,
 *	when the fault had been refused
 * @after: the entry when the last call of handle_mm_fault() had returned
 * @vma: the VMA when handle_mm_fault() was first called
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
	struct vmwalk_event_leaf before;
	struct vmwalk_event_leaf after;
	struct vmwalk_vma vma;
};

/**
 * struct vmwalk_signal_event - VMWALK_EVENT_SIGNAL
 * @got: &enum vmwalk_signal_got; fields that it does not have are zero
 * @number: SIGSEGV or SIGBUS
 * @code: si_code, see sigaction(2)
 * @pkey: si_pkey, only with SEGV_PKUERR
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
 * @child_tgid: FORK: process of the child
 * @child_tid: FORK: thread of the child
 * @status: EXIT: status, as wait(2) returns it
 * @left: EXEC and EXIT: number of processes still watched
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
 * struct vmwalk_call_event - VMWALK_EVENT_MMAP to VMWALK_EVENT_MADVISE: a system call
 * @args: arguments as the program passed them; 0 for those that the call lacks, but -1
 *	for the key of mprotect(2)
 * @result: return value, or a negative errno
 * @ns: duration, ns
 * @before: VMAs around the range of the call at its entry
 * @after: VMAs around the range of the call at its return
 */
struct vmwalk_call_event {
	__u64 args[VMWALK_CALL_ARGS];
	__s64 result;
	__u64 ns;
	struct vmwalk_around_call before;
	struct vmwalk_around_call after;
};

/**
 * struct vmwalk_watch_event - an event, decoded; what was not received is zero
 * @kind: &enum vmwalk_event
 * @tgid: process; 0 for LOST, END, and tasks outside the caller's pid namespace
 * @tid: thread; 0 as @tgid, and for COLLAPSE by a thread of another process
 * @time: CLOCK_MONOTONIC, ns
 * @seq: sequence number from 1; 0 for LOST and END
 * @fault: for FAULT and EXCEPTION
 * @signal: for SIGNAL
 * @task: for FORK, EXEC, EXIT
 * @call: for MMAP, MUNMAP, MPROTECT, MREMAP, BRK, MADVISE
 * @collapse: for COLLAPSE: 1 if it succeeded, and log2 of the number of base pages
 * @tlb: for TLB: pages, or all ones for a full flush, and the &enum vmwalk_flush
 * @lost: for LOST: number of events, and the &enum vmwalk_lost
 * @end: for END: events delivered, lost with VMWALK_LOST_RING, and lost for other reasons
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
 * vmwalk_watch_open() - subscribe to the events of a process
 * @watchp: set to the watch, or to NULL on allocation failure. Release with
 *	vmwalk_watch_close(), also after an error
 * @dev: attached to the process; may be closed afterwards
 * @request: selection of events; NULL: as if all fields were 0
 *
 * Return: VMWALK_OK, VMWALK_ERR_NO_EVENTS, VMWALK_ERR_GONE, VMWALK_ERR_DENIED (@request
 * names system calls, and the kernel refuses /proc/PID/mem; or the kernel is locked down)
 * or VMWALK_ERR_SYSTEM; errno as for VMWALK_IOC_SUBSCRIBE in <linux/vmwalk.h>.
 */
enum vmwalk_error vmwalk_watch_open(struct vmwalk_watch **watchp, const struct vmwalk_device *dev,
				    const struct vmwalk_watch_request *request);

/**
 * vmwalk_watch_why() - say why the last call of this header on @watch failed
 * @watch: also one that could not be opened
 *
 * Return: a sentence without a stop, which is static; the library that cannot be loaded, if
 * errno was ELIBACC; or "" if there is no more to say than strerror(3) does.
 */
const char *vmwalk_watch_why(const struct vmwalk_watch *watch);

/**
 * vmwalk_watch_add() - watch one more process, or a watched one again after it exec'ed
 * @watch: not ended
 * @dev: attached to the process; may be closed afterwards
 *
 * If the kernel refuses /proc/PID/mem, its system calls are not reported; mem_error of
 * vmwalk_watch_account() tells that.
 *
 * Return: as vmwalk_watch_open(); VMWALK_ERR_SYSTEM with EEXIST if it is watched already, or
 * with ENOENT if the watch was stopped.
 */
enum vmwalk_error vmwalk_watch_add(struct vmwalk_watch *watch, const struct vmwalk_device *dev);

/**
 * vmwalk_watch_stop() - stop recording
 * @watch: not ended
 *
 * Recorded events are still delivered, followed by VMWALK_EVENT_END.
 *
 * Return: as vmwalk_watch_open(); VMWALK_ERR_SYSTEM with ENOENT if it was stopped before.
 */
enum vmwalk_error vmwalk_watch_stop(struct vmwalk_watch *watch);

/**
 * vmwalk_watch_next() - get the next event, and wait for it if necessary
 * @watch: opened without an error
 * @event: filled
 * @timeout: ms to wait; -1: forever
 *
 * One in 16 calls also drains the socket into memory (up to 128 MiB), so that the rings
 * of the kernel have more room while the caller handles events.
 *
 * Return: 1 with an event; 0 after @timeout or a signal; -ENODATA after END; -EBADMSG if the
 * rest of a batch makes no sense and was dropped; or another negative errno.
 */
int vmwalk_watch_next(struct vmwalk_watch *watch, struct vmwalk_watch_event *event, int timeout);

/** vmwalk_watch_account() - get the counts so far; owned by @watch */
const struct vmwalk_watch_account *vmwalk_watch_account(const struct vmwalk_watch *watch);

/** vmwalk_watch_close() - end the watch and free it; keeps errno; @watch may be NULL */
void vmwalk_watch_close(struct vmwalk_watch *watch);

/**
 * vmwalk_fault_walk() - convert a recorded fault to a walk; pure
 * @fault: as recorded
 * @walk: filled with the VMA and the lowest entry. Events record neither the entries of
 *	upper levels nor the VMAs around a hole
 */
void vmwalk_fault_walk(const struct vmwalk_fault_event *fault, struct vmwalk_address *walk);

/**
 * vmwalk_fault_cause() - find the cause of a recorded fault; pure
 * @caps: answer to VMWALK_IOC_CAPS
 * @around: context at that time; NULL: not known
 * @fault: as recorded
 * @decision: filled. It keeps several endings if the recorded result fits more than one
 */
void vmwalk_fault_cause(const struct vmwalk_caps *caps, const struct vmwalk_around *around,
			const struct vmwalk_fault_event *fault, struct vmwalk_decision *decision);

/** vmwalk_event_name() - return "fault", "mmap", …; "?" if invalid */
const char *vmwalk_event_name(unsigned int kind);

/** vmwalk_ended_name() - return "minor", "SIGSEGV", …; "?" if invalid */
const char *vmwalk_ended_name(unsigned int ended);

/** vmwalk_lost_name() - return "ring", "probe", "nmi" or "slot"; "?" if invalid */
const char *vmwalk_lost_name(unsigned int reason);

/** vmwalk_flush_name() - return "local", "send", …; "?" if invalid */
const char *vmwalk_flush_name(unsigned int reason);

/** vmwalk_sigcode_name() - return "SEGV_MAPERR", …; "" for other codes and signals */
const char *vmwalk_sigcode_name(unsigned int signal, int code);

/*
 * Tables for vmwalk_words_join(), each ended by a mask of 0. In order: enum
 * vmwalk_fault_flags, vmwalk_handled, vmwalk_sources, vmwalk_task_flags.
 */
extern const struct vmwalk_word vmwalk_fault_words[];
extern const struct vmwalk_word vmwalk_handled_words[];
extern const struct vmwalk_word vmwalk_source_words[];
extern const struct vmwalk_word vmwalk_task_words[];

/**
 * vmwalk_code_words() - get letters or words for the error code of a fault
 * @arch: &enum vmwalk_arch
 * @code: error code of the hardware
 * @rest: set to the bits of @code without a word
 *
 * x86: P W U R I PK SS SGX, as in Intel SDM volume 3, "Page-Fault Exceptions". riscv: one
 * word for scause, which is a number and not a set of bits.
 *
 * Return: a static table for vmwalk_words_join() with @code; never NULL.
 */
const struct vmwalk_word *vmwalk_code_words(__u32 arch, __u64 code, __u64 *rest);

#ifdef __cplusplus
}
#endif

#endif
