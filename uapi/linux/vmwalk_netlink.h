/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmwalk reports page faults, and changes of an address space, as they happen. This
 * header is the whole ABI of the generic netlink family "vmwalk", and its documentation.
 * It uses records of linux/vmwalk.h, which has the calls that control what is reported.
 *
 * The family has no commands and no multicast groups: nothing is asked of it. It is there
 * to be found by its name ("genl ctrl list" shows it), which tells the type of its
 * messages. A caller opens a socket of NETLINK_GENERIC and binds it, attaches /dev/vmwalk to
 * a process (VMWALK_IOC_ATTACH), and passes the socket in VMWALK_IOC_SUBSCRIBE. From then on
 * events arrive at the socket as VMWALK_CMD_EVENT, in the order in which they happened,
 * until the socket is closed, or until VMWALK_IOC_STOP, after which VMWALK_EVENT_END is the
 * last one. A socket has one subscription. The device may be closed meanwhile; the
 * subscription keeps the module loaded. Without a subscription no probe is attached to
 * the kernel: probes are detached soon after the last subscription has ended, or up to ten
 * seconds later if they are attached again and again. The module can be unloaded meanwhile.
 *
 * Authority
 * ---------
 * A subscription has the authority of the attached device, for one address space. A
 * child that is followed (VMWALK_WATCH_FORKS) inherits it. exec ends it, for everybody:
 * VMWALK_EVENT_EXEC, which comes whatever the filter, is the last event of that process,
 * but for what other tasks were doing to it just then, until VMWALK_IOC_ADD by a device
 * that was attached to its new address space. The kernel made its check again when the new
 * pagemap was opened, and no capability replaces it. A tracer that is told of the exec by
 * PTRACE_EVENT_EXEC can add the process before the first instruction of the program.
 *
 * The system calls of a process, with their arguments, are more than its page table
 * shows: like /proc/PID/syscall they need PTRACE_MODE_ATTACH. MMAP, MUNMAP, MPROTECT,
 * MREMAP, BRK and MADVISE of a process are reported only if SUBSCRIBE or ADD passes a
 * descriptor of its /proc/PID/mem, at whose open the kernel checks this.
 *
 * As in WALK, information that names physical memory or the kernel is withheld from those
 * who may not see it (VMWALK_A_FAULT_REDACTED). For events the openers of the descriptors,
 * who called SUBSCRIBE, and kptr_restrict count. The address of a fault and si_addr of a signal
 * are the process's own, whatever their value, and never withheld; a kernel address is
 * that of an instruction in kernel mode.
 *
 * Once the kernel is locked down to confidentiality, SUBSCRIBE and ADD fail with EPERM
 * (LOCKDOWN_KPROBES). A subscription that has begun continues, with all withheld that
 * can be (LOCKDOWN_KCORE).
 *
 * Process and thread ids are those of the subscriber's pid namespace at the time of
 * SUBSCRIBE; 0 for a task that is not visible there.
 *
 * Loss
 * ----
 * Each CPU has a ring of &vmwalk_subscribe.ring_records events for each subscription. When
 * it is full, further events are counted, and VMWALK_EVENT_LOST delivers the count at that
 * place in the stream. VMWALK_A_SEQ numbers the delivered events without gaps. A full
 * socket itself loses no events: they stay in the rings and are sent later. A buffer for
 * recvmsg(2) needs VMWALK_BATCH_SIZE bytes; it can hold several messages.
 *
 * Events go to the subscribing socket itself, even if its port number is reused.
 *
 * Messages
 * --------
 * Attributes are native-endian. Structures in attributes are aligned to 4 bytes, not to 8:
 * copy them out, up to the size that both sides know. They are only ever extended at the
 * end, and none that can be is part of another.
 *
 *	VMWALK_CMD_EVENT
 *		VMWALK_A_KIND		u32: enum vmwalk_event
 *		VMWALK_A_TIME		u64: ns of CLOCK_MONOTONIC at the end of the
 *					event; for LOST and END, of the report
 *		VMWALK_A_SEQ		u64: from 1; not with LOST and END
 *		VMWALK_A_TGID		u32: process; not with LOST and END
 *		VMWALK_A_TID		u32: thread; not with LOST and END
 *		VMWALK_A_FAULT		nested, for FAULT; for EXCEPTION with ADDRESS, IP,
 *					ACCESS, CODE, FLAGS and REDACTED only
 *			VMWALK_A_FAULT_ADDRESS	u64: exact address from the processor with
 *						VMWALK_FAULT_EXCEPTION; otherwise as
 *						passed to the kernel's handler
 *			VMWALK_A_FAULT_IP	u64: the instruction; absent if withheld,
 *						as in kernel mode
 *						(VMWALK_REDACTED_SYMBOLS), or if no
 *						instruction faulted
 *			VMWALK_A_FAULT_ACCESS	u32: enum vmwalk_tried
 *			VMWALK_A_FAULT_CODE	u64: the hardware's error code; only with
 *						VMWALK_FAULT_EXCEPTION (x86: SDM volume 3,
 *						4.7; riscv: scause). Absent if ADDRESS is
 *						not in the user range and kernel addresses
 *						are withheld: it tells if a page is mapped
 *			VMWALK_A_FAULT_FLAGS	u32: enum vmwalk_fault_flags
 *			VMWALK_A_FAULT_OUTCOME	u32: enum vmwalk_ended
 *			VMWALK_A_FAULT_RESULT	u32: enum vmwalk_handled
 *			VMWALK_A_FAULT_TRIES	u32: calls of the handler, or 0
 *			VMWALK_A_FAULT_NS	u64: duration in ns
 *			VMWALK_A_FAULT_BEFORE	struct vmwalk_leaf_state, when the handler
 *						was first called
 *			VMWALK_A_FAULT_BEFORE_ENTRY struct vmwalk_entry, with its
 *						VMWALK_GOT_ENTRIES
 *			VMWALK_A_FAULT_BEFORE_PAGE struct vmwalk_page, with its
 *						VMWALK_GOT_PAGE
 *			VMWALK_A_FAULT_AFTER	struct vmwalk_leaf_state, when the handler
 *						had finished
 *			VMWALK_A_FAULT_AFTER_ENTRY struct vmwalk_entry, as above
 *			VMWALK_A_FAULT_AFTER_PAGE struct vmwalk_page, as above
 *			VMWALK_A_FAULT_VMA	struct vmwalk_vma, when the handler was
 *						first called; absent if it was not
 *			VMWALK_A_FAULT_SIGNAL	u32: signal that ended the fault outside
 *						the handler; its SIGNAL event follows
 *			VMWALK_A_FAULT_SIGCODE	u32: its si_code (sigaction(2))
 *			VMWALK_A_FAULT_REDACTED	u64: enum vmwalk_redacted: information
 *						that exists but is withheld
 *		VMWALK_A_SIGNAL		nested, for SIGNAL
 *			VMWALK_A_SIGNAL_NUMBER	u32: SIGSEGV or SIGBUS
 *			VMWALK_A_SIGNAL_CODE	u32: si_code
 *			VMWALK_A_SIGNAL_ADDRESS	u64: si_addr, which the process is told
 *			VMWALK_A_SIGNAL_PKEY	u32: si_pkey of SEGV_PKUERR
 *		VMWALK_A_TASK		nested, for FORK, EXEC and EXIT
 *			VMWALK_A_TASK_FLAGS	u32: enum vmwalk_task_flags
 *			VMWALK_A_TASK_CHILD_TGID u32: FORK: process of the child
 *			VMWALK_A_TASK_CHILD_TID	u32: FORK: thread of the child
 *			VMWALK_A_TASK_STATUS	u32: EXIT: status as in wait(2)
 *			VMWALK_A_TASK_LEFT	u32: EXEC, EXIT: processes still watched
 *		VMWALK_A_CALL		nested, for MMAP, MUNMAP, MPROTECT, MREMAP, BRK
 *					and MADVISE
 *			VMWALK_A_CALL_ARGS	six u64: arguments as the program passed
 *						them; 0 for those that the call lacks
 *			VMWALK_A_CALL_RESULT	s64: return value; -errno on failure
 *			VMWALK_A_CALL_NS	u64: duration in ns
 *			VMWALK_A_CALL_BEFORE	struct vmwalk_around_call, at the start
 *			VMWALK_A_CALL_AFTER	struct vmwalk_around_call, at the end
 *		VMWALK_A_COLLAPSE	nested, for COLLAPSE
 *			VMWALK_A_COLLAPSE_DONE	u32: 1 if a huge page was made, or 0
 *			VMWALK_A_COLLAPSE_ORDER	u32: log2 of its number of base pages
 *		VMWALK_A_TLB		nested, for TLB
 *			VMWALK_A_TLB_REASON	u32: enum vmwalk_flush
 *			VMWALK_A_TLB_PAGES	u64: number of pages; all ones: the whole
 *						address space
 *		VMWALK_A_LOST		nested, for LOST
 *			VMWALK_A_LOST_COUNT	u64: number of lost events
 *			VMWALK_A_LOST_REASON	u32: enum vmwalk_lost
 *		VMWALK_A_END		nested, for END
 *			VMWALK_A_END_DELIVERED	u64: events without LOST and END
 *			VMWALK_A_END_LOST	u64: sum of all VMWALK_LOST_RING
 *			VMWALK_A_END_MISSED	u64: sum of the other VMWALK_A_LOST_COUNT
 */
#ifndef _UAPI_LINUX_VMWALK_NETLINK_H
#define _UAPI_LINUX_VMWALK_NETLINK_H

#include <linux/types.h>
#include <linux/vmwalk.h>

#define VMWALK_GENL_NAME		"vmwalk"
#define VMWALK_GENL_VERSION		1

/**
 * VMWALK_BATCH_SIZE - bytes of the largest datagram, which never grows; a smaller buffer
 * truncates it
 */
#define VMWALK_BATCH_SIZE		8192

/** VMWALK_BIT - mask for a filter, of enum vmwalk_event, vmwalk_ended or vmwalk_tried */
#define VMWALK_BIT(value)		(1U << (value))

/**
 * enum vmwalk_cmd - commands of the family
 * @VMWALK_CMD_UNSPEC: not a command
 * @VMWALK_CMD_EVENT: an event, sent by the kernel only
 */
enum vmwalk_cmd {
	VMWALK_CMD_UNSPEC	= 0,
	VMWALK_CMD_EVENT	= 4,
};

/*
 * The tree at the head of this file has the type and the meaning of each attribute. The
 * kernel may insert an empty VMWALK_A_*PAD to align the u64 attribute that follows.
 */
enum vmwalk_attribute {
	VMWALK_A_UNSPEC		= 0,
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
};

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
	VMWALK_A_FAULT_BEFORE_ENTRY = 11,
	VMWALK_A_FAULT_BEFORE_PAGE = 12,
	VMWALK_A_FAULT_AFTER	= 13,
	VMWALK_A_FAULT_AFTER_ENTRY = 14,
	VMWALK_A_FAULT_AFTER_PAGE = 15,
	VMWALK_A_FAULT_VMA	= 16,
	VMWALK_A_FAULT_SIGNAL	= 17,
	VMWALK_A_FAULT_SIGCODE	= 18,
	VMWALK_A_FAULT_REDACTED	= 19,
	VMWALK_A_FAULT_PAD	= 20,
};

enum vmwalk_signal_attribute {
	VMWALK_A_SIGNAL_UNSPEC	= 0,
	VMWALK_A_SIGNAL_NUMBER	= 1,
	VMWALK_A_SIGNAL_CODE	= 2,
	VMWALK_A_SIGNAL_ADDRESS	= 3,
	VMWALK_A_SIGNAL_PKEY	= 4,
	VMWALK_A_SIGNAL_PAD	= 5,
};

enum vmwalk_task_attribute {
	VMWALK_A_TASK_UNSPEC	 = 0,
	VMWALK_A_TASK_FLAGS	 = 1,
	VMWALK_A_TASK_CHILD_TGID = 2,
	VMWALK_A_TASK_CHILD_TID	 = 3,
	VMWALK_A_TASK_STATUS	 = 4,
	VMWALK_A_TASK_LEFT	 = 5,
};

enum vmwalk_call_attribute {
	VMWALK_A_CALL_UNSPEC	= 0,
	VMWALK_A_CALL_ARGS	= 1,
	VMWALK_A_CALL_RESULT	= 2,
	VMWALK_A_CALL_NS	= 3,
	VMWALK_A_CALL_BEFORE	= 4,
	VMWALK_A_CALL_AFTER	= 5,
	VMWALK_A_CALL_PAD	= 6,
};

enum vmwalk_collapse_attribute {
	VMWALK_A_COLLAPSE_UNSPEC = 0,
	VMWALK_A_COLLAPSE_DONE	 = 1,
	VMWALK_A_COLLAPSE_ORDER	 = 2,
};

enum vmwalk_tlb_attribute {
	VMWALK_A_TLB_UNSPEC	= 0,
	VMWALK_A_TLB_REASON	= 1,
	VMWALK_A_TLB_PAGES	= 2,
	VMWALK_A_TLB_PAD	= 3,
};

enum vmwalk_lost_attribute {
	VMWALK_A_LOST_UNSPEC	= 0,
	VMWALK_A_LOST_COUNT	= 1,
	VMWALK_A_LOST_REASON	= 2,
	VMWALK_A_LOST_PAD	= 3,
};

enum vmwalk_end_attribute {
	VMWALK_A_END_UNSPEC	= 0,
	VMWALK_A_END_DELIVERED	= 1,
	VMWALK_A_END_LOST	= 2,
	VMWALK_A_END_MISSED	= 3,
	VMWALK_A_END_PAD	= 4,
};

/**
 * enum vmwalk_sources - kernel hooks that feed a subscription; bits
 * @VMWALK_SOURCE_HANDLER: handle_mm_fault(): faults in VMAs. Always present for FAULT
 * @VMWALK_SOURCE_EXCEPTION: the tracepoints page_fault_user and page_fault_kernel:
 *	exact addresses, error codes, and faults that do not reach the handler
 * @VMWALK_SOURCE_FIXUP: fixup_exception(): end of a fault that the kernel took in its own
 *	access to the process's memory and could not resolve
 * @VMWALK_SOURCE_SIGNAL: SIGSEGV and SIGBUS when they are sent
 * @VMWALK_SOURCE_TASK: fork, exec and exit. Always present
 * @VMWALK_SOURCE_CALL: system calls that change an address space, of programs with the
 *	kernel's word size
 * @VMWALK_SOURCE_COLLAPSE: the tracepoint mm_collapse_huge_page: anonymous memory only,
 *	and without the address. No tracepoint reports splits of huge pages
 * @VMWALK_SOURCE_TLB: the tracepoint tlb_flush, which only x86 calls
 *
 * HANDLER, FIXUP, CALL, COLLAPSE and TLB are attached while a subscription asks for one
 * of their events; &vmwalk_subscribe.sources of the others does not have the bit.
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
 * @VMWALK_EVENT_FAULT: a page fault with all its retries, if it began after the process
 *	was first watched
 * @VMWALK_EVENT_SIGNAL: the kernel sent SIGSEGV or SIGBUS to the thread for its own
 *	access
 * @VMWALK_EVENT_FORK: a thread or a process was created (VMWALK_TASK_*)
 * @VMWALK_EVENT_EXEC: a program was executed: the address space is a new one, and the
 *	process is not watched any more; see Authority
 * @VMWALK_EVENT_EXIT: a thread or a process exited
 * @VMWALK_EVENT_LOST: events are missing here
 * @VMWALK_EVENT_END: the last event
 * @VMWALK_EVENT_MMAP: mmap(2) returned
 * @VMWALK_EVENT_MUNMAP: munmap(2) returned
 * @VMWALK_EVENT_MPROTECT: mprotect(2) or pkey_mprotect(2) returned; for the former the
 *	fourth argument is -1
 * @VMWALK_EVENT_MREMAP: mremap(2) returned
 * @VMWALK_EVENT_BRK: brk(2) returned
 * @VMWALK_EVENT_MADVISE: madvise(2) returned
 * @VMWALK_EVENT_COLLAPSE: khugepaged or MADV_COLLAPSE tried to collapse base pages of
 *	the process into a huge page. The thread is 0 if it does not belong to the
 *	process
 * @VMWALK_EVENT_TLB: TLB entries were flushed on the CPU of the thread, or other CPUs
 *	were asked to flush theirs
 * @VMWALK_EVENT_EXCEPTION: the processor raised a page fault: address, instruction and
 *	error code. Its handling is not followed, which costs the thread much less than
 *	FAULT
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
};

/**
 * enum vmwalk_tried - kind of access
 * @VMWALK_TRIED_READ: a read
 * @VMWALK_TRIED_WRITE: a write, or a read and a write
 * @VMWALK_TRIED_EXEC: an instruction fetch, where the hardware distinguishes it from a
 *	read
 */
enum vmwalk_tried {
	VMWALK_TRIED_READ	= 0,
	VMWALK_TRIED_WRITE	= 1,
	VMWALK_TRIED_EXEC	= 2,
};

/**
 * enum vmwalk_fault_flags - bits of VMWALK_A_FAULT_FLAGS
 * @VMWALK_FAULT_EXCEPTION: the exception itself was seen: address, ip and error code
 *	come from the hardware. Not set for faults that the kernel takes by calling its
 *	handler (get_user_pages(), ptrace, futex, /proc/PID/mem)
 * @VMWALK_FAULT_KERNEL: taken in kernel mode on behalf of the process, by
 *	copy_to_user() or the like, or by a call of the handler
 * @VMWALK_FAULT_CALLED: not an exception: kernel code called the handler
 * @VMWALK_FAULT_REMOTE: by a task of another address space, whose ids are reported
 * @VMWALK_FAULT_RETRIED: the handler dropped its locks and was called again
 * @VMWALK_FAULT_WAITED: the thread slept during the fault: for I/O, userfaultfd, a lock
 *	or memory
 * @VMWALK_FAULT_SAME_PAGE: BEFORE and AFTER map the same physical page; also set where
 *	the PFN is withheld
 * @VMWALK_FAULT_UNLOCKED: the handler was not called. BEFORE was read after the fault
 *	was refused, without a lock that excludes changes and without the VMA, which is
 *	needed to interpret PROT_NONE, hugetlb and userfaultfd entries
 * @VMWALK_FAULT_STACK_GREW: the VMA is a stack that begins with this page, and the
 *	stacks of the process grew between the exception and the handler
 * @VMWALK_FAULT_HELD_UP: the thread slept in a call of the handler that then dropped
 *	its locks: for userfaultfd, or for a page that was locked, read or migrated
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
 * enum vmwalk_ended - outcome of a fault
 * @VMWALK_ENDED_UNKNOWN: no source showed how the kernel ended it. The event is sent at
 *	the next fault, signal, exec or exit of the thread
 * @VMWALK_ENDED_MINOR: resolved, counted in min_flt of the thread
 * @VMWALK_ENDED_MAJOR: resolved, counted in maj_flt of the thread
 * @VMWALK_ENDED_SEGV: the handler, or the check before it, refused the access
 * @VMWALK_ENDED_BUS: the page cannot be provided, or is poisoned
 * @VMWALK_ENDED_OOM: the kernel could not allocate memory
 * @VMWALK_ENDED_FIXUP: in kernel mode: the kernel continued at its fixup. Usually the
 *	system call then returns EFAULT; with page faults disabled the kernel may try
 *	again
 * @VMWALK_ENDED_INTERRUPTED: given up for a signal; the instruction may be restarted
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
 * enum vmwalk_handled - return values of the handler, all calls together; bits
 * @VMWALK_RESULT_MAJOR: I/O was needed
 * @VMWALK_RESULT_OOM: an allocation failed
 * @VMWALK_RESULT_SIGBUS: there is no such page
 * @VMWALK_RESULT_SIGSEGV: the access is not allowed
 * @VMWALK_RESULT_HWPOISON: the page is poisoned
 * @VMWALK_RESULT_HWPOISON_LARGE: a page of a hugetlb page is poisoned
 * @VMWALK_RESULT_NOPAGE: the VMA's own code installed the entry
 * @VMWALK_RESULT_FALLBACK: no huge page was available: fell back to smaller ones
 * @VMWALK_RESULT_DONE_COW: the VMA's own code completed the copy-on-write
 * @VMWALK_RESULT_NEEDDSYNC: the file had to be synchronized first (MAP_SYNC)
 * @VMWALK_RESULT_COMPLETED: resolved, with the lock already dropped
 * @VMWALK_RESULT_RETRY: the last call asked for a retry
 * @VMWALK_RESULT_UNKNOWN: a bit that the module does not know
 *
 * Source: enum vm_fault_reason in include/linux/mm_types.h, whose numbers change
 * between kernels.
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
 * enum vmwalk_absent - why a &struct vmwalk_leaf_state has no entry
 * @VMWALK_ABSENT_NOT: it has one
 * @VMWALK_ABSENT_DROPPED: the handler dropped the locks that keep the tables before it
 *	returned
 * @VMWALK_ABSENT_UNHANDLED: the handler was not called
 */
enum vmwalk_absent {
	VMWALK_ABSENT_NOT	= 0,
	VMWALK_ABSENT_DROPPED	= 1,
	VMWALK_ABSENT_UNHANDLED	= 2,
};

/**
 * struct vmwalk_leaf_state - leaf entry of an address at one moment of a fault
 * @got: [out, got] &enum vmwalk_got: ENTRIES, PFN, PAGE, SWAP, MARKER and PAGE_CHANGED,
 *	as in WALK
 * @pfn: [out, phys] PFN of the base page of the address (VMWALK_REDACTED_PFN)
 * @swap_offset: [out, swap] slot in the swap area, pages (VMWALK_REDACTED_SWAP)
 * @swap_type: [out, swap] index of the swap area (VMWALK_REDACTED_SWAP)
 * @marker: [out, any] &enum vmwalk_marker
 * @kind: [out, kind] &enum vmwalk_page_kind
 * @absent: [out, any] &enum vmwalk_absent; if not 0, all other fields are 0
 * @reserved1: [out, any] zero
 * @reserved2: [out, any] zero
 *
 * The entry, at the level where the path ends, and the page are attributes of their own.
 * The entry is VMWALK_CLASS_CHANGED also if an empty one could not be confirmed: another
 * CPU held the page-table lock, or it must not be tried (VMWALK_FAULT_UNLOCKED, hugetlb
 * tables that processes may share, PREEMPT_RT). An entry that is not empty is told without
 * the lock, with VMWALK_GOT_PAGE_CHANGED.
 */
struct vmwalk_leaf_state {
	__u64	got;
	__u64	pfn;
	__u64	swap_offset;
	__u32	swap_type;
	__u32	marker;
	__u8	kind;
	__u8	absent;
	__u16	reserved1;
	__u32	reserved2;
};

/**
 * enum vmwalk_task_flags - bits of VMWALK_A_TASK_FLAGS
 * @VMWALK_TASK_THREAD: FORK, EXIT: of one thread of a process that continues
 * @VMWALK_TASK_SHARED: FORK: a process that shares the address space (vfork(2)): it is
 *	watched up to its EXEC or EXIT, which is reported
 * @VMWALK_TASK_FOLLOWED: FORK: the child is watched
 * @VMWALK_TASK_FULL: FORK: the child is not watched: the subscription has as many processes
 *	as the module accepts, or too many were created at once
 */
enum vmwalk_task_flags {
	VMWALK_TASK_THREAD	= 1 << 0,
	VMWALK_TASK_SHARED	= 1 << 1,
	VMWALK_TASK_FOLLOWED	= 1 << 2,
	VMWALK_TASK_FULL	= 1 << 3,
};

/** VMWALK_EXTENTS - VMAs in &struct vmwalk_around_call; never grows */
#define VMWALK_EXTENTS	8

/**
 * struct vmwalk_extent - bounds and flags of a VMA; never grows
 * @start: [out, any] first address
 * @end: [out, any] first address past it
 * @flags: [out, any] mask of VMWALK_VMA_BIT() of &enum vmwalk_vma_flags
 */
struct vmwalk_extent {
	__u64	start;
	__u64	end;
	__u64	flags;
};

/**
 * struct vmwalk_around_call - VMAs around the range of a call, at one moment
 * @start: [out, any] first address of the range that is listed: the range that the call
 *	names, or returned, with the page before it
 * @end: [out, any] first address past it, including the page after it; 0 if no range is
 *	known, as before mmap(2) has chosen one
 * @map_count: [out, any] number of VMAs of the address space
 * @nr: [out, any] number of @extent; if it is VMWALK_EXTENTS there may be more
 * @unread: [out, any] 1 if the VMAs were not read and @map_count is 0: the mmap lock
 *	was not available without waiting, or a probe must not take it on this kernel
 * @reserved: [out, any] zero
 * @extent: [out, any] VMAs of [@start, @end) in order of addresses
 *
 * A VMA was split or merged if its bounds differ between BEFORE and AFTER. Changes by
 * other threads in the meantime are included.
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
 * enum vmwalk_flush - reason of a TLB flush
 * @VMWALK_FLUSH_UNKNOWN: a reason that the module does not know
 * @VMWALK_FLUSH_LOCAL: on this CPU, for pages unmapped in several address spaces
 * @VMWALK_FLUSH_LOCAL_MM: on this CPU, for a change of this address space
 * @VMWALK_FLUSH_REMOTE: on this CPU, requested by another one; the thread is the one
 *	interrupted
 * @VMWALK_FLUSH_SEND: a request to other CPUs
 *
 * Flushes at a switch between address spaces are not reported. Source: enum
 * tlb_flush_reason in include/linux/mm_types.h.
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
 * @VMWALK_LOST_RING: a ring was full; events of this subscription, exact
 * @VMWALK_LOST_PROBE: too many concurrent calls of the fault handler or of a system
 *	call; of any process, watched or not
 * @VMWALK_LOST_NMI: faults in an NMI, as by a profiler that reads the user stack, which
 *	cannot be recorded; of any watched process
 * @VMWALK_LOST_SLOT: exceptions without a free slot to keep them until the handler was
 *	called: the fault is reported without VMWALK_FAULT_EXCEPTION, or, if it did not
 *	reach the handler, not at all; of any watched process
 */
enum vmwalk_lost {
	VMWALK_LOST_RING	= 0,
	VMWALK_LOST_PROBE	= 1,
	VMWALK_LOST_NMI		= 2,
	VMWALK_LOST_SLOT	= 3,
};

#endif
