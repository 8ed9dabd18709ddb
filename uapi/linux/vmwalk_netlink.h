/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmwalk: page faults, and what changes an address space, as they happen.
 *
 * This header is the whole of the generic netlink family "vmwalk", and its
 * documentation. Records within it are those of linux/vmwalk.h.
 *
 * A caller attaches /dev/vmwalk to a process (VMWALK_IOC_ATTACH) and names that
 * descriptor in VMWALK_CMD_SUBSCRIBE. From the answer on, events come to the socket
 * as VMWALK_CMD_EVENT, in the order in which they happened, until the socket is
 * closed, or until VMWALK_CMD_STOP, whose last event is VMWALK_EVENT_END. A socket
 * has one subscription; as long as it is there, the device may be closed, and the module
 * stays. While nobody subscribes, nothing is attached to the kernel; what was attached goes
 * by itself soon after the socket is closed, or while the module is unloaded.
 *
 * Authority
 * ---------
 * It is that of the attached device, and belongs to an address space. A child that is
 * followed (VMWALK_WATCH_FORKS) inherits it. exec ends it: VMWALK_EVENT_EXEC is the
 * last event of that process, until VMWALK_CMD_ADD gives a descriptor of its new
 * /proc/PID/pagemap; only where the device was opened with CAP_SYS_PTRACE in the
 * initial user namespace does the stream go on by itself (VMWALK_TASK_FOLLOWED), and then
 * not of a child of vfork(2), unless children are followed. As
 * with WALK, what names physical memory is withheld from those without CAP_SYS_ADMIN
 * there (VMWALK_A_FAULT_REDACTED); of addresses of the kernel's, in faults and
 * signals, the attribute is then not there.
 *
 * Process and thread ids are those of the pid namespace of the subscriber at the time
 * of SUBSCRIBE; 0 of a task that is not visible there.
 *
 * Loss
 * ----
 * Each processor has a ring of VMWALK_A_RECORDS events for each subscription. When it
 * is full, what comes is counted, and that count is delivered as VMWALK_EVENT_LOST
 * between the events that it lies between. Events that are delivered count up
 * VMWALK_A_SEQ by one each, with no gap. A socket that is full loses nothing by itself:
 * what did not fit is sent again later. Only the answer to a request that did not fit is
 * gone, and recvmsg(2) then says ENOBUFS once, as everywhere in netlink, unless the socket
 * option NETLINK_NO_ENOBUFS is set. A buffer for recvmsg(2) needs VMWALK_BATCH_SIZE bytes;
 * it can hold several messages.
 *
 * Events go to the socket that has asked for them, whatever becomes of its number.
 *
 * Messages
 * --------
 * All attributes of requests are native-endian, and given once. With extended
 * acknowledgment (NETLINK_EXT_ACK) an error says in words what was wrong. The answer to
 * SUBSCRIBE comes before any event; an acknowledgment (NLM_F_ACK) may come between
 * them. Structures in attributes are aligned to 4 bytes, not to 8: copy them out, as much
 * as both sides know; they only grow.
 *
 *	VMWALK_CMD_SUBSCRIBE, request
 *		VMWALK_A_DEVICE		u32: descriptor of an attached /dev/vmwalk
 *		VMWALK_A_FLAGS		u32: enum vmwalk_watch_flags, optional
 *		VMWALK_A_RECORDS	u32: room of each ring; optional. It is rounded up to a
 *					power of two and cut to what there may be, which is
 *					less the more memory the rings of all have
 *		VMWALK_A_FILTER		nested, optional: only events that match all of it;
 *					the others are not events, and not counted
 *			VMWALK_A_FILTER_EVENTS	 u32: of these enum vmwalk_event, as
 *						 VMWALK_BIT(); LOST and END always come.
 *						 Without it all but TLB and EXCEPTION,
 *						 which have to be asked for
 *			VMWALK_A_FILTER_START	 u64: faults from this address on
 *			VMWALK_A_FILTER_END	 u64: and below this one
 *			VMWALK_A_FILTER_OUTCOMES u32: faults with one of these enum
 *						 vmwalk_ended, as VMWALK_BIT()
 *			VMWALK_A_FILTER_ACCESS	 u32: faults of one of these enum
 *						 vmwalk_tried, as VMWALK_BIT()
 *	VMWALK_CMD_SUBSCRIBE, answer
 *		VMWALK_A_SOURCES	u32: enum vmwalk_sources, what is attached for it
 *		VMWALK_A_RECORDS	u32: room of each ring
 *		VMWALK_A_REDACTED	u64: enum vmwalk_redacted of the device
 *	VMWALK_CMD_ADD, request: one more process on this subscription
 *		VMWALK_A_PAGEMAP	u32: descriptor of its /proc/PID/pagemap
 *		VMWALK_A_PID		u32: a thread of it, as in ATTACH
 *	VMWALK_CMD_STOP, request: no attributes. Nothing new is recorded; what has been
 *		recorded is delivered, and END after it
 *	VMWALK_CMD_EVENT
 *		VMWALK_A_KIND		u32: enum vmwalk_event
 *		VMWALK_A_TIME		u64: ns of CLOCK_MONOTONIC at its end, or for LOST
 *					and END of the report
 *		VMWALK_A_SEQ		u64: from 1; not of LOST and END
 *		VMWALK_A_TGID		u32: process; not of LOST and END
 *		VMWALK_A_TID		u32: thread; likewise
 *		VMWALK_A_FAULT		nested, of FAULT; of EXCEPTION the ADDRESS, IP, ACCESS,
 *					CODE, FLAGS and REDACTED alone
 *			VMWALK_A_FAULT_ADDRESS	u64: the address. Exactly as the processor
 *						gave it if VMWALK_FAULT_EXCEPTION; else
 *						as the kernel's handler got it. Not if
 *						withheld
 *			VMWALK_A_FAULT_IP	u64: the instruction; not if withheld, nor of
 *						faults that no instruction took
 *			VMWALK_A_FAULT_ACCESS	u32: enum vmwalk_tried
 *			VMWALK_A_FAULT_CODE	u64: the hardware's error code, with
 *						VMWALK_FAULT_EXCEPTION alone (x86: SDM
 *						volume 3, 4.7; riscv: scause)
 *			VMWALK_A_FAULT_FLAGS	u32: enum vmwalk_fault_flags
 *			VMWALK_A_FAULT_OUTCOME	u32: enum vmwalk_ended
 *			VMWALK_A_FAULT_RESULT	u32: enum vmwalk_handled
 *			VMWALK_A_FAULT_TRIES	u32: calls of the handler; 0: never called
 *			VMWALK_A_FAULT_NS	u64: ns from its beginning to its end
 *			VMWALK_A_FAULT_BEFORE	struct vmwalk_glance, when the handler was
 *						first called
 *			VMWALK_A_FAULT_AFTER	struct vmwalk_glance, when it was done
 *			VMWALK_A_FAULT_VMA	struct vmwalk_vma, when it was first called;
 *						not if it was not
 *			VMWALK_A_FAULT_SIGNAL	u32: the signal that it ended in, with what
 *						follows; only of a fault that the handler
 *						was not called for. Others end in a SIGNAL
 *						event of their own
 *			VMWALK_A_FAULT_SIGCODE	u32: si_code of it (sigaction(2))
 *			VMWALK_A_FAULT_REDACTED	u64: enum vmwalk_redacted: what would be there
 *		VMWALK_A_SIGNAL		nested, of SIGNAL
 *			VMWALK_A_SIGNAL_NUMBER	u32: SIGSEGV or SIGBUS
 *			VMWALK_A_SIGNAL_CODE	u32: si_code
 *			VMWALK_A_SIGNAL_ADDRESS	u64: si_addr; not if withheld
 *			VMWALK_A_SIGNAL_PKEY	u32: si_pkey, of SEGV_PKUERR
 *		VMWALK_A_TASK		nested, of FORK, EXEC and EXIT
 *			VMWALK_A_TASK_FLAGS	u32: enum vmwalk_task_flags
 *			VMWALK_A_TASK_CHILD_TGID u32: of FORK, the child's process
 *			VMWALK_A_TASK_CHILD_TID	u32: of FORK, the child's thread
 *			VMWALK_A_TASK_STATUS	u32: of EXIT, as wait(2) gives it
 *			VMWALK_A_TASK_LEFT	u32: of EXEC and EXIT, processes that are
 *						watched on
 *		VMWALK_A_CALL		nested, of MMAP, MUNMAP, MPROTECT, MREMAP, BRK, MADVISE
 *			VMWALK_A_CALL_ARGS	six u64: the arguments, as the program gave
 *						them; those that the call has not are 0
 *			VMWALK_A_CALL_RESULT	s64: what it returned, an address or less than
 *						0 the negative errno
 *			VMWALK_A_CALL_NS	u64: ns from its beginning to its end
 *			VMWALK_A_CALL_BEFORE	struct vmwalk_around_call, at its beginning
 *			VMWALK_A_CALL_AFTER	struct vmwalk_around_call, at its end
 *		VMWALK_A_COLLAPSE	nested, of COLLAPSE
 *			VMWALK_A_COLLAPSE_DONE	u32: 1 if there is a huge page now, 0 if not
 *			VMWALK_A_COLLAPSE_ORDER	u32: log2 of its base pages
 *		VMWALK_A_TLB		nested, of TLB
 *			VMWALK_A_TLB_REASON	u32: enum vmwalk_flush
 *			VMWALK_A_TLB_PAGES	u64: entries of so many pages; all ones: of
 *						all of the address space
 *		VMWALK_A_LOST		nested, of LOST
 *			VMWALK_A_LOST_COUNT	u64: how many
 *			VMWALK_A_LOST_REASON	u32: enum vmwalk_lost
 *		VMWALK_A_END		nested, of END
 *			VMWALK_A_END_DELIVERED	u64: events delivered, LOST and END apart
 *			VMWALK_A_END_LOST	u64: the sum of all VMWALK_LOST_RING
 *			VMWALK_A_END_MISSED	u64: the sum of the other VMWALK_A_LOST_COUNT
 *
 * Errors
 * ------
 *	EINVAL		an attribute is missing, given twice, too short or too long, not
 *			nested where it should be, unknown, or has an unknown bit; start
 *			is not below end; PID is 0 or negative
 *	EPERM		who sends has not the credentials of who opened the socket
 *	EBADF		DEVICE is not an open /dev/vmwalk; PAGEMAP as in ATTACH
 *	ENOTCONN	SUBSCRIBE: the device is not attached; ADD, STOP: this socket has
 *			no subscription, or it is ending
 *	EBUSY		SUBSCRIBE: this socket has a subscription
 *	EEXIST		ADD: that process is watched already, with that address space
 *	ESRCH		the process has exited or exec'ed since ATTACH; ADD: as in ATTACH
 *	ENOSPC		there are VMWALK_SUBSCRIPTIONS_MAX subscriptions, or this one has
 *			VMWALK_PROCESSES_MAX processes
 *	EOPNOTSUPP	the command is not known; the kernel does not let the module see
 *			its faults
 *	ENOMEM		no memory, or the rings of all have as much as they may
 *	ENOBUFS		of recvmsg(2): see Loss
 */
#ifndef _UAPI_LINUX_VMWALK_NETLINK_H
#define _UAPI_LINUX_VMWALK_NETLINK_H

#include <linux/types.h>
#include <linux/vmwalk.h>

#define VMWALK_GENL_NAME		"vmwalk"
#define VMWALK_GENL_VERSION		1

/** VMWALK_BATCH_SIZE - bytes that one recvmsg() of a subscription gives at most */
#define VMWALK_BATCH_SIZE		8192
/** VMWALK_SUBSCRIPTIONS_MAX - subscriptions at the same time, of all callers */
#define VMWALK_SUBSCRIPTIONS_MAX	64
/** VMWALK_PROCESSES_MAX - processes of one subscription at the same time */
#define VMWALK_PROCESSES_MAX		1024

/** VMWALK_BIT - the mask of one value of an enumeration */
#define VMWALK_BIT(value)		(1U << (value))

/**
 * enum vmwalk_cmd - commands of the family
 * @VMWALK_CMD_UNSPEC: none
 * @VMWALK_CMD_SUBSCRIBE: begin
 * @VMWALK_CMD_ADD: one more process
 * @VMWALK_CMD_STOP: end
 * @VMWALK_CMD_EVENT: from the kernel alone
 */
enum vmwalk_cmd {
	VMWALK_CMD_UNSPEC	= 0,
	VMWALK_CMD_SUBSCRIBE	= 1,
	VMWALK_CMD_ADD		= 2,
	VMWALK_CMD_STOP		= 3,
	VMWALK_CMD_EVENT	= 4,
};

/** enum vmwalk_attribute - attributes of a message; see the tree above */
enum vmwalk_attribute {
	VMWALK_A_UNSPEC		= 0,
	VMWALK_A_DEVICE		= 1,
	VMWALK_A_FLAGS		= 2,
	VMWALK_A_FILTER		= 3,
	VMWALK_A_RECORDS	= 4,
	VMWALK_A_SOURCES	= 5,
	VMWALK_A_REDACTED	= 6,
	VMWALK_A_PAGEMAP	= 7,
	VMWALK_A_PID		= 8,
	VMWALK_A_KIND		= 9,
	VMWALK_A_TIME		= 10,
	VMWALK_A_SEQ		= 11,
	VMWALK_A_TGID		= 12,
	VMWALK_A_TID		= 13,
	VMWALK_A_FAULT		= 14,
	VMWALK_A_SIGNAL		= 15,
	VMWALK_A_TASK		= 16,
	VMWALK_A_LOST		= 17,
	VMWALK_A_END		= 18,
	VMWALK_A_PAD		= 19,
	VMWALK_A_CALL		= 20,
	VMWALK_A_COLLAPSE	= 21,
	VMWALK_A_TLB		= 22,
	VMWALK_A_MAX		= 22,
};

/** enum vmwalk_filter_attribute - attributes of VMWALK_A_FILTER */
enum vmwalk_filter_attribute {
	VMWALK_A_FILTER_UNSPEC	 = 0,
	VMWALK_A_FILTER_EVENTS	 = 1,
	VMWALK_A_FILTER_START	 = 2,
	VMWALK_A_FILTER_END	 = 3,
	VMWALK_A_FILTER_OUTCOMES = 4,
	VMWALK_A_FILTER_ACCESS	 = 5,
	VMWALK_A_FILTER_MAX	 = 5,
};

/** enum vmwalk_fault_attribute - attributes of VMWALK_A_FAULT */
enum vmwalk_fault_attribute {
	VMWALK_A_FAULT_UNSPEC	= 0,
	VMWALK_A_FAULT_ADDRESS	= 1,
	VMWALK_A_FAULT_IP	= 2,
	VMWALK_A_FAULT_ACCESS	= 3,
	VMWALK_A_FAULT_CODE	= 4,
	VMWALK_A_FAULT_FLAGS	= 5,
	VMWALK_A_FAULT_OUTCOME	= 6,
	VMWALK_A_FAULT_RESULT	= 7,
	VMWALK_A_FAULT_TRIES	= 8,
	VMWALK_A_FAULT_NS	= 9,
	VMWALK_A_FAULT_BEFORE	= 10,
	VMWALK_A_FAULT_AFTER	= 11,
	VMWALK_A_FAULT_VMA	= 12,
	VMWALK_A_FAULT_SIGNAL	= 13,
	VMWALK_A_FAULT_SIGCODE	= 14,
	VMWALK_A_FAULT_REDACTED	= 15,
	VMWALK_A_FAULT_PAD	= 16,
	VMWALK_A_FAULT_MAX	= 16,
};

/** enum vmwalk_signal_attribute - attributes of VMWALK_A_SIGNAL */
enum vmwalk_signal_attribute {
	VMWALK_A_SIGNAL_UNSPEC	= 0,
	VMWALK_A_SIGNAL_NUMBER	= 1,
	VMWALK_A_SIGNAL_CODE	= 2,
	VMWALK_A_SIGNAL_ADDRESS	= 3,
	VMWALK_A_SIGNAL_PKEY	= 4,
	VMWALK_A_SIGNAL_PAD	= 5,
	VMWALK_A_SIGNAL_MAX	= 5,
};

/** enum vmwalk_task_attribute - attributes of VMWALK_A_TASK */
enum vmwalk_task_attribute {
	VMWALK_A_TASK_UNSPEC	 = 0,
	VMWALK_A_TASK_FLAGS	 = 1,
	VMWALK_A_TASK_CHILD_TGID = 2,
	VMWALK_A_TASK_CHILD_TID	 = 3,
	VMWALK_A_TASK_STATUS	 = 4,
	VMWALK_A_TASK_LEFT	 = 5,
	VMWALK_A_TASK_MAX	 = 5,
};

/** enum vmwalk_call_attribute - attributes of VMWALK_A_CALL */
enum vmwalk_call_attribute {
	VMWALK_A_CALL_UNSPEC	= 0,
	VMWALK_A_CALL_ARGS	= 1,
	VMWALK_A_CALL_RESULT	= 2,
	VMWALK_A_CALL_NS	= 3,
	VMWALK_A_CALL_BEFORE	= 4,
	VMWALK_A_CALL_AFTER	= 5,
	VMWALK_A_CALL_PAD	= 6,
	VMWALK_A_CALL_MAX	= 6,
};

/** enum vmwalk_collapse_attribute - attributes of VMWALK_A_COLLAPSE */
enum vmwalk_collapse_attribute {
	VMWALK_A_COLLAPSE_UNSPEC = 0,
	VMWALK_A_COLLAPSE_DONE	 = 1,
	VMWALK_A_COLLAPSE_ORDER	 = 2,
	VMWALK_A_COLLAPSE_MAX	 = 2,
};

/** enum vmwalk_tlb_attribute - attributes of VMWALK_A_TLB */
enum vmwalk_tlb_attribute {
	VMWALK_A_TLB_UNSPEC	= 0,
	VMWALK_A_TLB_REASON	= 1,
	VMWALK_A_TLB_PAGES	= 2,
	VMWALK_A_TLB_PAD	= 3,
	VMWALK_A_TLB_MAX	= 3,
};

/** enum vmwalk_lost_attribute - attributes of VMWALK_A_LOST */
enum vmwalk_lost_attribute {
	VMWALK_A_LOST_UNSPEC	= 0,
	VMWALK_A_LOST_COUNT	= 1,
	VMWALK_A_LOST_REASON	= 2,
	VMWALK_A_LOST_PAD	= 3,
	VMWALK_A_LOST_MAX	= 3,
};

/** enum vmwalk_end_attribute - attributes of VMWALK_A_END */
enum vmwalk_end_attribute {
	VMWALK_A_END_UNSPEC	= 0,
	VMWALK_A_END_DELIVERED	= 1,
	VMWALK_A_END_LOST	= 2,
	VMWALK_A_END_MISSED	= 3,
	VMWALK_A_END_PAD	= 4,
	VMWALK_A_END_MAX	= 4,
};

/**
 * enum vmwalk_watch_flags - bits of VMWALK_A_FLAGS
 * @VMWALK_WATCH_THREADS: all threads; without it the faults and signals of the thread
 *	alone that ATTACH or ADD named. Of a child that is followed it is all threads in
 *	any case
 * @VMWALK_WATCH_FORKS: follow children across fork
 */
enum vmwalk_watch_flags {
	VMWALK_WATCH_THREADS	= 1 << 0,
	VMWALK_WATCH_FORKS	= 1 << 1,
};

/**
 * enum vmwalk_sources - what a subscription hears of here; bits
 * @VMWALK_SOURCE_HANDLER: handle_mm_fault(): faults in VMAs. Always there for FAULT
 * @VMWALK_SOURCE_EXCEPTION: the tracepoints page_fault_user and page_fault_kernel:
 *	exact addresses, error codes, and faults that come to no handler
 * @VMWALK_SOURCE_FIXUP: fixup_exception(): the end of a fault that the kernel took for
 *	the process and got an error for
 * @VMWALK_SOURCE_SIGNAL: SIGSEGV and SIGBUS as they arise
 * @VMWALK_SOURCE_TASK: fork, exec and exit. Always there
 * @VMWALK_SOURCE_CALL: the system calls that change an address space, of programs of the
 *	kernel's own word size
 * @VMWALK_SOURCE_COLLAPSE: the tracepoint mm_collapse_huge_page: anonymous memory alone,
 *	and not where. No tracepoint tells of huge pages that are split
 * @VMWALK_SOURCE_TLB: the tracepoint tlb_flush, which x86 alone calls
 *
 * HANDLER, FIXUP, CALL, COLLAPSE and TLB are attached while a subscription wants one of their
 * events; to others that bit is not set.
 */
enum vmwalk_sources {
	VMWALK_SOURCE_HANDLER	= 1 << 0,
	VMWALK_SOURCE_EXCEPTION	= 1 << 1,
	VMWALK_SOURCE_FIXUP	= 1 << 2,
	VMWALK_SOURCE_SIGNAL	= 1 << 3,
	VMWALK_SOURCE_TASK	= 1 << 4,
	VMWALK_SOURCE_CALL	= 1 << 5,
	VMWALK_SOURCE_COLLAPSE	= 1 << 6,
	VMWALK_SOURCE_TLB	= 1 << 7,
};

/**
 * enum vmwalk_event - kinds of events
 * @VMWALK_EVENT_FAULT: a page fault, with all its retries, that began while it was watched
 * @VMWALK_EVENT_SIGNAL: the kernel sends SIGSEGV or SIGBUS to the thread for something
 *	that it did
 * @VMWALK_EVENT_FORK: a thread or a process has been made (VMWALK_TASK_*)
 * @VMWALK_EVENT_EXEC: a program has been executed; the address space is another one
 * @VMWALK_EVENT_EXIT: a thread or a process has ended
 * @VMWALK_EVENT_LOST: events that are missing at this place
 * @VMWALK_EVENT_END: the last one
 * @VMWALK_EVENT_MMAP: mmap(2) has returned; the calls below likewise
 * @VMWALK_EVENT_MUNMAP: munmap(2)
 * @VMWALK_EVENT_MPROTECT: mprotect(2) or pkey_mprotect(2); of the former the fourth
 *	argument is told as -1
 * @VMWALK_EVENT_MREMAP: mremap(2)
 * @VMWALK_EVENT_BRK: brk(2)
 * @VMWALK_EVENT_MADVISE: madvise(2)
 * @VMWALK_EVENT_COLLAPSE: khugepaged, or somebody's MADV_COLLAPSE, has tried to put base
 *	pages of the process together as a huge page. The thread is 0 if it is not one of
 *	the process
 * @VMWALK_EVENT_TLB: translations have been dropped from the TLB of the processor that the
 *	thread is on, or others have been told to drop theirs
 * @VMWALK_EVENT_EXCEPTION: the processor has raised a page fault: where, from where and why.
 *	What becomes of it is not looked at, so that this costs the thread much less than
 *	FAULT does
 * @VMWALK_EVENT_MAX: one more than the last
 */
enum vmwalk_event {
	VMWALK_EVENT_FAULT	= 1,
	VMWALK_EVENT_SIGNAL	= 2,
	VMWALK_EVENT_FORK	= 3,
	VMWALK_EVENT_EXEC	= 4,
	VMWALK_EVENT_EXIT	= 5,
	VMWALK_EVENT_LOST	= 6,
	VMWALK_EVENT_END	= 7,
	VMWALK_EVENT_MMAP	= 8,
	VMWALK_EVENT_MUNMAP	= 9,
	VMWALK_EVENT_MPROTECT	= 10,
	VMWALK_EVENT_MREMAP	= 11,
	VMWALK_EVENT_BRK	= 12,
	VMWALK_EVENT_MADVISE	= 13,
	VMWALK_EVENT_COLLAPSE	= 14,
	VMWALK_EVENT_TLB	= 15,
	VMWALK_EVENT_EXCEPTION	= 16,
	VMWALK_EVENT_MAX	= 17,
};

/**
 * enum vmwalk_tried - what was tried
 * @VMWALK_TRIED_READ: a read
 * @VMWALK_TRIED_WRITE: a write, or a read and write
 * @VMWALK_TRIED_EXEC: an instruction fetch, where the hardware tells it from a read
 */
enum vmwalk_tried {
	VMWALK_TRIED_READ	= 0,
	VMWALK_TRIED_WRITE	= 1,
	VMWALK_TRIED_EXEC	= 2,
};

/**
 * enum vmwalk_fault_flags - bits of VMWALK_A_FAULT_FLAGS
 * @VMWALK_FAULT_EXCEPTION: the exception itself was seen: address, ip and error code
 *	are the hardware's. Not of faults that the kernel takes by calling its handler
 *	(get_user_pages(), ptrace, futex, /proc/PID/mem)
 * @VMWALK_FAULT_KERNEL: taken in kernel mode for the process: by copy_to_user() and its
 *	like, or by a call of the handler
 * @VMWALK_FAULT_CALLED: it was no exception but such a call
 * @VMWALK_FAULT_REMOTE: by a task that has another address space, whose ids these are
 * @VMWALK_FAULT_RETRIED: the handler gave up its locks and was called again
 * @VMWALK_FAULT_WAITED: the thread slept on the way: for a page under read, for
 *	userfaultfd, for a lock, for memory
 * @VMWALK_FAULT_SAME_PAGE: BEFORE and AFTER map the same physical page; told to those
 *	too who may not see which
 * @VMWALK_FAULT_UNLOCKED: the handler was not called. BEFORE was read when the fault
 *	had been refused, with no lock of it left to hold others off, and without a VMA to
 *	tell what PROT_NONE, hugetlb and userfaultfd make of it
 * @VMWALK_FAULT_STACK_GREW: the VMA is a stack, begins with this very page, and the
 *	stacks of the process grew between the exception and the handler
 * @VMWALK_FAULT_HELD_UP: the thread slept in a call of the handler that then gave up its
 *	locks: for userfaultfd, or for a page that was locked, read or moved
 */
enum vmwalk_fault_flags {
	VMWALK_FAULT_EXCEPTION	= 1 << 0,
	VMWALK_FAULT_KERNEL	= 1 << 1,
	VMWALK_FAULT_CALLED	= 1 << 2,
	VMWALK_FAULT_REMOTE	= 1 << 3,
	VMWALK_FAULT_RETRIED	= 1 << 4,
	VMWALK_FAULT_WAITED	= 1 << 5,
	VMWALK_FAULT_SAME_PAGE	= 1 << 6,
	VMWALK_FAULT_UNLOCKED	= 1 << 7,
	VMWALK_FAULT_STACK_GREW	= 1 << 8,
	VMWALK_FAULT_HELD_UP	= 1 << 9,
};

/**
 * enum vmwalk_ended - what became of a fault
 * @VMWALK_ENDED_UNKNOWN: the kernel left it in a way that no source shows; the next
 *	fault of the thread, or its end, made that known
 * @VMWALK_ENDED_MINOR: done, counted in min_flt of the thread
 * @VMWALK_ENDED_MAJOR: done, counted in maj_flt of the thread
 * @VMWALK_ENDED_SEGV: the handler, or the check before it, refused the access
 * @VMWALK_ENDED_BUS: the page cannot be had, or is poisoned
 * @VMWALK_ENDED_OOM: no memory
 * @VMWALK_ENDED_FIXUP: in kernel mode: the kernel went on at its fixup. Most often
 *	the system call then gives EFAULT; where page faults were disabled, the kernel
 *	may try again
 * @VMWALK_ENDED_INTERRUPTED: given up for a signal; the instruction may be tried again
 */
enum vmwalk_ended {
	VMWALK_ENDED_UNKNOWN		= 0,
	VMWALK_ENDED_MINOR		= 1,
	VMWALK_ENDED_MAJOR		= 2,
	VMWALK_ENDED_SEGV		= 3,
	VMWALK_ENDED_BUS		= 4,
	VMWALK_ENDED_OOM		= 5,
	VMWALK_ENDED_FIXUP		= 6,
	VMWALK_ENDED_INTERRUPTED	= 7,
};

/**
 * enum vmwalk_handled - what the handler said, all its calls together; bits
 * @VMWALK_RESULT_MAJOR: it had to read from a device
 * @VMWALK_RESULT_OOM: no memory
 * @VMWALK_RESULT_SIGBUS: no such page
 * @VMWALK_RESULT_SIGSEGV: the access is not allowed
 * @VMWALK_RESULT_HWPOISON: the page is poisoned
 * @VMWALK_RESULT_HWPOISON_LARGE: a page of a hugetlb page is poisoned
 * @VMWALK_RESULT_NOPAGE: the entry was installed by the VMA's own code
 * @VMWALK_RESULT_FALLBACK: a huge page could not be had, smaller ones were taken
 * @VMWALK_RESULT_DONE_COW: the page was copied
 * @VMWALK_RESULT_NEEDDSYNC: the file was to be synchronized first (MAP_SYNC)
 * @VMWALK_RESULT_COMPLETED: done, and the lock was given up already
 * @VMWALK_RESULT_RETRY: the last call gave up
 * @VMWALK_RESULT_UNKNOWN: it said something that the module does not know
 *
 * Source: enum vm_fault_reason in include/linux/mm_types.h, whose numbers move.
 */
enum vmwalk_handled {
	VMWALK_RESULT_MAJOR		= 1 << 0,
	VMWALK_RESULT_OOM		= 1 << 1,
	VMWALK_RESULT_SIGBUS		= 1 << 2,
	VMWALK_RESULT_SIGSEGV		= 1 << 3,
	VMWALK_RESULT_HWPOISON		= 1 << 4,
	VMWALK_RESULT_HWPOISON_LARGE	= 1 << 5,
	VMWALK_RESULT_NOPAGE		= 1 << 6,
	VMWALK_RESULT_FALLBACK		= 1 << 7,
	VMWALK_RESULT_DONE_COW		= 1 << 8,
	VMWALK_RESULT_NEEDDSYNC		= 1 << 9,
	VMWALK_RESULT_COMPLETED		= 1 << 10,
	VMWALK_RESULT_RETRY		= 1 << 11,
	VMWALK_RESULT_UNKNOWN		= 1 << 12,
};

/**
 * enum vmwalk_absent - why there is no entry in a &struct vmwalk_glance
 * @VMWALK_ABSENT_NOT: it is there
 * @VMWALK_ABSENT_DROPPED: the handler had given up its locks when it returned, and with
 *	them what keeps the tables
 * @VMWALK_ABSENT_UNHANDLED: the handler was not called
 */
enum vmwalk_absent {
	VMWALK_ABSENT_NOT	= 0,
	VMWALK_ABSENT_DROPPED	= 1,
	VMWALK_ABSENT_UNHANDLED	= 2,
};

/**
 * struct vmwalk_glance - the entry that an address ends at, at one moment of a fault
 * @entry: [out] of the level where the way ends; VMWALK_CLASS_CHANGED if what was read
 *	as empty could not be confirmed, since another held the page-table lock
 * @got: [out] &enum vmwalk_got: ENTRIES, PFN, PAGE, SWAP and MARKER, as in WALK
 * @pfn: [out] of the address's own base page (VMWALK_REDACTED_PFN)
 * @swap_offset: [out] slot in the swap area, pages (VMWALK_REDACTED_SWAP)
 * @swap_type: [out] index of the swap area (VMWALK_REDACTED_SWAP)
 * @marker: [out] &enum vmwalk_marker
 * @kind: [out] &enum vmwalk_page_kind
 * @absent: [out] &enum vmwalk_absent; if it is not 0, all else is
 * @reserved1: [out] zero
 * @reserved2: [out] zero
 * @page: [out] the physical page (VMWALK_REDACTED_PAGE)
 */
struct vmwalk_glance {
	struct vmwalk_entry entry;
	__u64	got;
	__u64	pfn;
	__u64	swap_offset;
	__u32	swap_type;
	__u32	marker;
	__u8	kind;
	__u8	absent;
	__u16	reserved1;
	__u32	reserved2;
	struct vmwalk_page page;
};

/**
 * enum vmwalk_task_flags - bits of VMWALK_A_TASK_FLAGS
 * @VMWALK_TASK_THREAD: FORK, EXIT: of a thread; its process goes on
 * @VMWALK_TASK_SHARED: FORK: a process that shares the address space (vfork(2)): what it
 *	does there is watched; its EXEC and EXIT are told
 * @VMWALK_TASK_FOLLOWED: FORK: the child is watched; EXEC: the process is watched on
 * @VMWALK_TASK_FULL: FORK, EXEC: it would be, but there is no room for it
 */
enum vmwalk_task_flags {
	VMWALK_TASK_THREAD	= 1 << 0,
	VMWALK_TASK_SHARED	= 1 << 1,
	VMWALK_TASK_FOLLOWED	= 1 << 2,
	VMWALK_TASK_FULL	= 1 << 3,
};

#define VMWALK_EXTENTS	8

/**
 * struct vmwalk_extent - where a VMA begins and ends
 * @start: [out] first address
 * @end: [out] first address past it
 * @flags: [out] mask of VMWALK_VMA_BIT() of &enum vmwalk_vma_flags
 */
struct vmwalk_extent {
	__u64	start;
	__u64	end;
	__u64	flags;
};

/**
 * struct vmwalk_around_call - the VMAs around what a call is about, at one moment
 * @start: [out] first address of what is looked at: that which the call names, or has
 *	returned, with a page before it
 * @end: [out] first address past it, with a page behind it; 0 if the call does not say
 *	before where it will be at work
 * @map_count: [out] VMAs of the address space
 * @nr: [out] of @extent; if it is VMWALK_EXTENTS there may be more
 * @unread: [out] 1 if there are none because the lock of the address space could not be
 *	had without waiting
 * @reserved: [out] zero
 * @extent: [out] VMAs of [@start, @end) in the order of addresses
 *
 * VMAs that were split, or merged, are those whose boundaries differ between two of
 * these. What other threads did meanwhile is in it too.
 */
struct vmwalk_around_call {
	__u64	start;
	__u64	end;
	__u32	map_count;
	__u8	nr;
	__u8	unread;
	__u16	reserved;
	struct vmwalk_extent extent[VMWALK_EXTENTS];
};

/**
 * enum vmwalk_flush - why translations were dropped
 * @VMWALK_FLUSH_UNKNOWN: for a reason that the module does not know
 * @VMWALK_FLUSH_LOCAL: here, for what has been unmapped in several address spaces
 * @VMWALK_FLUSH_LOCAL_MM: here, for a change of this address space
 * @VMWALK_FLUSH_REMOTE: here, for another processor has asked for it; the thread is the one
 *	that was interrupted
 * @VMWALK_FLUSH_SEND: other processors are being asked
 *
 * Those of a switch between address spaces are not told. Source: enum tlb_flush_reason
 * in include/linux/mm_types.h.
 */
enum vmwalk_flush {
	VMWALK_FLUSH_UNKNOWN	= 0,
	VMWALK_FLUSH_LOCAL	= 1,
	VMWALK_FLUSH_LOCAL_MM	= 2,
	VMWALK_FLUSH_REMOTE	= 3,
	VMWALK_FLUSH_SEND	= 4,
};

/**
 * enum vmwalk_lost - why events are missing
 * @VMWALK_LOST_RING: a ring was full; events of this subscription, counted exactly
 * @VMWALK_LOST_PROBE: the kernel could not follow that many calls of its fault handler
 *	at once; of any process, watched or not
 * @VMWALK_LOST_NMI: faults of a non-maskable interrupt, which cannot be recorded (a
 *	profiler that reads a stack); of any process that is watched
 * @VMWALK_LOST_SLOT: exceptions that could not be kept until the handler was called:
 *	the fault is told without VMWALK_FAULT_EXCEPTION, or, if it came to no handler,
 *	not at all; of any process that is watched
 */
enum vmwalk_lost {
	VMWALK_LOST_RING	= 0,
	VMWALK_LOST_PROBE	= 1,
	VMWALK_LOST_NMI		= 2,
	VMWALK_LOST_SLOT	= 3,
};

#endif /* _UAPI_LINUX_VMWALK_NETLINK_H */
