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
 * events arrive at the socket as VMWALK_CMD_EVENT, in the order of their numbers,
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
 * who may not see it (&vmwalk_fault_record.redacted). For events the openers of the descriptors,
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
 * Each CPU has a ring for each subscription. When it is full, further events are counted,
 * and VMWALK_EVENT_LOST delivers the count at that place in the stream. Delivered events
 * are numbered without gaps. A full socket itself loses no events: they stay in the rings
 * and are sent once the reader has read half of the socket. What the socket holds of them
 * does not show in its own counters of memory, as SO_MEMINFO. A buffer for recvmsg(2) needs
 * VMWALK_BATCH_SIZE bytes; it can hold several messages.
 *
 * Events go to the subscribing socket itself, even if its port number is reused.
 *
 * Order
 * -----
 * The time of an event is read before it is given its number. Events of one thread, and
 * those of one CPU, have both in the order in which they happened. Two CPUs may do the one
 * and the other in a different order: of events that differ by less than the moment in
 * between, the earlier number can have the later time.
 *
 * Events
 * ------
 * VMWALK_A_EVENTS is a sequence of events of any kind. Each begins with a struct
 * vmwalk_event_head, which has the sizes of its bodies (enum vmwalk_body); these follow in
 * the order of the enum, and the next event follows at the size in the head. All sizes are
 * multiples of 8. A body is a structure that is only ever extended at its end: copy it up
 * to the size that both sides know, and take the rest as 0. A program skips bodies, and
 * kinds of events, that it does not know. The attribute may not be aligned to 8 bytes in
 * the buffer of the reader: copy the head out, too.
 *
 *	kind of event		bodies
 *	FAULT			DETAIL: struct vmwalk_fault_record. VMA, if the handler was
 *				called, BEFORE and AFTER, with ENTRY and PAGE of each as
 *				their @got says
 *	EXCEPTION		DETAIL: struct vmwalk_fault_record, with @address, @ip,
 *				@code, @access, @flags, @got and @redacted only
 *	SIGNAL			DETAIL: struct vmwalk_signal_record
 *	FORK, EXEC, EXIT	DETAIL: struct vmwalk_task_record
 *	MMAP, MUNMAP, MPROTECT,	DETAIL: struct vmwalk_call_record. CALL_BEFORE and
 *	MREMAP, BRK, MADVISE	CALL_AFTER
 *	COLLAPSE		DETAIL: struct vmwalk_collapse_record
 *	TLB			DETAIL: struct vmwalk_tlb_record
 *	LOST			DETAIL: struct vmwalk_lost_record
 *	END			DETAIL: struct vmwalk_end_record
 *
 * Messages
 * --------
 * Attributes are native-endian.
 *
 *	VMWALK_CMD_EVENT
 *		VMWALK_A_EVENTS		one or more events, see Events
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
#define VMWALK_BATCH_SIZE		16384

/** VMWALK_BIT - mask for a filter, of enum vmwalk_event, vmwalk_ended or vmwalk_tried */
#define VMWALK_BIT(value)		(1U << (value))

/**
 * enum vmwalk_cmd - commands of the family
 * @VMWALK_CMD_UNSPEC: not a command
 * @VMWALK_CMD_EVENT: events, sent by the kernel only
 */
enum vmwalk_cmd {
	VMWALK_CMD_UNSPEC	= 0,
	VMWALK_CMD_EVENT	= 1,
};

/* The head of this file has the type and the meaning of each attribute. */
enum vmwalk_attribute {
	VMWALK_A_UNSPEC		= 0,
	VMWALK_A_EVENTS		= 1,
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
 * enum vmwalk_body - bodies of an event, in the order in which they follow its head
 * @VMWALK_BODY_DETAIL: a structure that depends on the kind of the event
 * @VMWALK_BODY_VMA: &struct vmwalk_vma, when the handler was first called
 * @VMWALK_BODY_BEFORE: &struct vmwalk_leaf_state, when the handler was first called
 * @VMWALK_BODY_BEFORE_ENTRY: &struct vmwalk_entry, with its VMWALK_GOT_ENTRIES
 * @VMWALK_BODY_BEFORE_PAGE: &struct vmwalk_page, with its VMWALK_GOT_PAGE
 * @VMWALK_BODY_AFTER: &struct vmwalk_leaf_state, when the handler had finished
 * @VMWALK_BODY_AFTER_ENTRY: &struct vmwalk_entry, with its VMWALK_GOT_ENTRIES
 * @VMWALK_BODY_AFTER_PAGE: &struct vmwalk_page, with its VMWALK_GOT_PAGE
 * @VMWALK_BODY_CALL_BEFORE: &struct vmwalk_around_call, at the start of the call
 * @VMWALK_BODY_CALL_AFTER: &struct vmwalk_around_call, at its end
 */
enum vmwalk_body {
	VMWALK_BODY_DETAIL	= 0,
	VMWALK_BODY_VMA		= 1,
	VMWALK_BODY_BEFORE	= 2,
	VMWALK_BODY_BEFORE_ENTRY = 3,
	VMWALK_BODY_BEFORE_PAGE	= 4,
	VMWALK_BODY_AFTER	= 5,
	VMWALK_BODY_AFTER_ENTRY	= 6,
	VMWALK_BODY_AFTER_PAGE	= 7,
	VMWALK_BODY_CALL_BEFORE	= 8,
	VMWALK_BODY_CALL_AFTER	= 9,
};

/** VMWALK_BODIES - sizes in &struct vmwalk_event_head; never grows */
#define VMWALK_BODIES	16

/**
 * struct vmwalk_event_head - beginning of each event; never grows
 * @size: [out, any] bytes of the event: the head and its bodies
 * @kind: [out, any] &enum vmwalk_event
 * @tgid: [out, any] process; 0 for LOST and END
 * @tid: [out, any] thread; 0 for LOST and END
 * @reserved: [out, any] zero
 * @time: [out, any] ns of CLOCK_MONOTONIC at the end of the event; for LOST and END, of the
 *	report
 * @seq: [out, any] number of the event, from 1; 0 for LOST and END
 * @body: [out, any] size of each body in units of 8 bytes, by &enum vmwalk_body; 0: the event
 *	does not have it
 */
struct vmwalk_event_head {
	__u16	size;
	__u16	kind;
	__u32	tgid;
	__u32	tid;
	__u32	reserved;
	__u64	time;
	__u64	seq;
	__u8	body[VMWALK_BODIES];
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
 * enum vmwalk_fault_flags - bits of &vmwalk_fault_record.flags
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
 * @VMWALK_FAULT_BEYOND: the address is not in the user range
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
	VMWALK_FAULT_BEYOND	= 1 << 10,
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
 * enum vmwalk_fault_got - which parts of a fault are known; bits
 * @VMWALK_FAULT_GOT_IP: @ip
 * @VMWALK_FAULT_GOT_CODE: @code
 * @VMWALK_FAULT_GOT_SIGNAL: @signal and @sigcode
 * @VMWALK_FAULT_GOT_VMA: the body VMWALK_BODY_VMA
 * @VMWALK_FAULT_GOT_BEFORE: the body VMWALK_BODY_BEFORE
 * @VMWALK_FAULT_GOT_AFTER: the body VMWALK_BODY_AFTER
 */
enum vmwalk_fault_got {
	VMWALK_FAULT_GOT_IP	= 1 << 0,
	VMWALK_FAULT_GOT_CODE	= 1 << 1,
	VMWALK_FAULT_GOT_SIGNAL	= 1 << 2,
	VMWALK_FAULT_GOT_VMA	= 1 << 3,
	VMWALK_FAULT_GOT_BEFORE	= 1 << 4,
	VMWALK_FAULT_GOT_AFTER	= 1 << 5,
};

/**
 * struct vmwalk_fault_record - detail of FAULT and EXCEPTION
 * @address: [out, any] exact address from the processor with VMWALK_FAULT_EXCEPTION;
 *	otherwise as passed to the kernel's handler
 * @ip: [out, fault_ip] the instruction. Withheld in kernel mode (VMWALK_REDACTED_SYMBOLS)
 * @code: [out, fault_code] the hardware's error code; only with VMWALK_FAULT_EXCEPTION
 *	(x86: SDM volume 3, 4.7; riscv: scause). Withheld with VMWALK_FAULT_BEYOND, where it
 *	tells if the kernel has mapped a page (VMWALK_REDACTED_SYMBOLS)
 * @ns: [out, any] duration in ns
 * @redacted: [out, any] &enum vmwalk_redacted: information that exists but is withheld
 * @got: [out, fault_got] &enum vmwalk_fault_got
 * @flags: [out, any] &enum vmwalk_fault_flags
 * @result: [out, any] &enum vmwalk_handled
 * @tries: [out, any] calls of the handler, or 0
 * @signal: [out, any] signal that ended the fault outside the handler; its SIGNAL event
 *	follows
 * @sigcode: [out, any] its si_code (sigaction(2))
 * @access: [out, any] &enum vmwalk_tried
 * @outcome: [out, any] &enum vmwalk_ended
 * @reserved: [out, any] zero
 * @reserved2: [out, any] zero
 */
struct vmwalk_fault_record {
	__u64	address;
	__u64	ip;
	__u64	code;
	__u64	ns;
	__u64	redacted;
	__u32	got;
	__u32	flags;
	__u32	result;
	__u32	tries;
	__u32	signal;
	__s32	sigcode;
	__u8	access;
	__u8	outcome;
	__u16	reserved;
	__u32	reserved2;
};

/**
 * enum vmwalk_signal_got - which fields of a signal are known; bits
 * @VMWALK_SIGNAL_GOT_PKEY: @pkey, with SEGV_PKUERR
 */
enum vmwalk_signal_got {
	VMWALK_SIGNAL_GOT_PKEY	= 1 << 0,
};

/**
 * struct vmwalk_signal_record - detail of SIGNAL
 * @address: [out, any] si_addr, which the process is told
 * @number: [out, any] SIGSEGV or SIGBUS
 * @code: [out, any] si_code
 * @pkey: [out, any] si_pkey
 * @got: [out, any] &enum vmwalk_signal_got
 */
struct vmwalk_signal_record {
	__u64	address;
	__u32	number;
	__s32	code;
	__u32	pkey;
	__u32	got;
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
 * The entry, at the level where the path ends, and the page are bodies of their own.
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
 * enum vmwalk_task_flags - bits of &vmwalk_task_record.flags
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

/**
 * struct vmwalk_task_record - detail of FORK, EXEC and EXIT
 * @flags: [out, any] &enum vmwalk_task_flags
 * @child_tgid: [out, any] FORK: process of the child
 * @child_tid: [out, any] FORK: thread of the child
 * @status: [out, any] EXIT: status as in wait(2)
 * @left: [out, any] EXEC, EXIT: processes still watched
 * @reserved: [out, any] zero
 */
struct vmwalk_task_record {
	__u32	flags;
	__u32	child_tgid;
	__u32	child_tid;
	__u32	status;
	__u32	left;
	__u32	reserved;
};

/**
 * struct vmwalk_call_record - detail of MMAP, MUNMAP, MPROTECT, MREMAP, BRK and MADVISE
 * @args: [out, any] arguments as the program passed them; 0 for those that the call lacks
 * @result: [out, any] return value; -errno on failure
 * @ns: [out, any] duration in ns
 */
struct vmwalk_call_record {
	__u64	args[6];
	__s64	result;
	__u64	ns;
};

/**
 * struct vmwalk_collapse_record - detail of COLLAPSE
 * @done: [out, any] 1 if a huge page was made, or 0
 * @order: [out, any] log2 of its number of base pages
 */
struct vmwalk_collapse_record {
	__u32	done;
	__u32	order;
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
 * struct vmwalk_tlb_record - detail of TLB
 * @pages: [out, any] number of pages; all ones: the whole address space
 * @reason: [out, any] &enum vmwalk_flush
 * @reserved: [out, any] zero
 */
struct vmwalk_tlb_record {
	__u64	pages;
	__u32	reason;
	__u32	reserved;
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

/**
 * struct vmwalk_lost_record - detail of LOST
 * @count: [out, any] number of lost events
 * @reason: [out, any] &enum vmwalk_lost
 * @reserved: [out, any] zero
 */
struct vmwalk_lost_record {
	__u64	count;
	__u32	reason;
	__u32	reserved;
};

/**
 * struct vmwalk_end_record - detail of END
 * @delivered: [out, any] events without LOST and END
 * @lost: [out, any] sum of all VMWALK_LOST_RING
 * @missed: [out, any] sum of the other losses
 */
struct vmwalk_end_record {
	__u64	delivered;
	__u64	lost;
	__u64	missed;
};

#endif
