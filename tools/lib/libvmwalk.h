/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libvmwalk reads page tables, VMAs and page faults of a live process.
 *
 * It calls the ioctls of <linux/vmwalk.h>, receives the events of
 * <linux/vmwalk_netlink.h>, and reads /proc and /sys. It prints nothing. Addresses, sizes
 * and offsets are in bytes unless stated otherwise. "Raw" strings are not escaped and may
 * hold any byte but NUL.
 *
 * The library takes no locks: use a device, a watch or an image from one thread at a
 * time. Functions marked "pure" depend on their arguments alone and may run in parallel.
 */
#ifndef LIBVMWALK_H
#define LIBVMWALK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/vmwalk.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum vmwalk_error - results of library calls
 * @VMWALK_OK: success
 * @VMWALK_ERR_NO_MODULE: /dev/vmwalk is missing or has no driver: load the module
 * @VMWALK_ERR_NO_ACCESS: no permission to open /dev/vmwalk
 * @VMWALK_ERR_ABI: the module has another ABI version than the library
 * @VMWALK_ERR_NO_PROCESS: no process or thread has this id
 * @VMWALK_ERR_KERNEL_THREAD: a kernel thread has no address space
 * @VMWALK_ERR_ZOMBIE: the process has exited, but its parent has not reaped it
 * @VMWALK_ERR_DENIED: the caller may not access the process, or the information asked for
 * @VMWALK_ERR_GONE: the process exited or exec'ed while, or after, it was attached
 * @VMWALK_ERR_RANGE: the address is outside the range that the call accepts
 * @VMWALK_ERR_SYSTEM: any other error, in errno
 * @VMWALK_ERR_NO_EVENTS: the module has no netlink family for events
 */
enum vmwalk_error {
	VMWALK_OK = 0,
	VMWALK_ERR_NO_MODULE,
	VMWALK_ERR_NO_ACCESS,
	VMWALK_ERR_ABI,
	VMWALK_ERR_NO_PROCESS,
	VMWALK_ERR_KERNEL_THREAD,
	VMWALK_ERR_ZOMBIE,
	VMWALK_ERR_DENIED,
	VMWALK_ERR_GONE,
	VMWALK_ERR_RANGE,
	VMWALK_ERR_SYSTEM,
	VMWALK_ERR_NO_EVENTS,
};

#define VMWALK_DEVICE	"/dev/vmwalk"

struct vmwalk_device;

/**
 * vmwalk_device_open() - open /dev/vmwalk and read the capabilities of the module
 * @devp: set to the device, to be closed by the caller, or to NULL
 *
 * With VMWALK_ERR_ABI, @devp is set as well, but accepted only by vmwalk_device_caps()
 * and vmwalk_device_close(). abi_version is then the version of the module, or 0 if the
 * module refused VMWALK_IOC_CAPS in the layout of this library.
 *
 * Return: VMWALK_OK, VMWALK_ERR_NO_MODULE, VMWALK_ERR_NO_ACCESS,
 * VMWALK_ERR_ABI or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_open(struct vmwalk_device **devp);

/** vmwalk_device_close() - close the device and free it; @dev may be NULL */
void vmwalk_device_close(struct vmwalk_device *dev);

/** vmwalk_device_caps() - get the answer to VMWALK_IOC_CAPS; owned by @dev */
const struct vmwalk_caps *vmwalk_device_caps(const struct vmwalk_device *dev);

/**
 * vmwalk_device_attach() - bind the device to the address space of a process
 * @dev: an open device, not attached yet
 * @pid: process or thread, in the caller's pid namespace
 *
 * Open /proc/PID/pagemap, where the kernel checks ptrace access (ptrace_may_access()),
 * and pass the descriptor to the module.
 *
 * Return: VMWALK_OK, or the first that applies of VMWALK_ERR_NO_PROCESS,
 * VMWALK_ERR_KERNEL_THREAD, VMWALK_ERR_ZOMBIE, VMWALK_ERR_DENIED, VMWALK_ERR_GONE and
 * VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_attach(struct vmwalk_device *dev, pid_t pid);

/** vmwalk_device_attached() - get the answer to VMWALK_IOC_ATTACH; owned by @dev */
const struct vmwalk_attach *vmwalk_device_attached(const struct vmwalk_device *dev);

/**
 * vmwalk_device_watch() - set a callback for the progress of scans
 * @dev: an open device
 * @reached: called during a scan with the first address not scanned yet; it must not use
 *	@dev. NULL removes the callback
 * @arg: passed to @reached
 */
void vmwalk_device_watch(struct vmwalk_device *dev, void (*reached)(__u64 address, void *arg),
			 void *arg);

/**
 * vmwalk_device_walk() - read all about one address with VMWALK_IOC_WALK
 * @dev: an attached device
 * @address: any address; need not be aligned
 * @walk: filled; if the module supports them, with the fault counters of the process and,
 *	unless redacted, the symbols of the VMA's operations
 * @name: receives the name of the VMA, raw, always terminated
 * @size: size of @name, bytes; at least 1; PATH_MAX always suffices
 *
 * Return: VMWALK_OK, VMWALK_ERR_GONE, VMWALK_ERR_RANGE or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_walk(struct vmwalk_device *dev, __u64 address,
				     struct vmwalk_address *walk, char *name, size_t size);

/**
 * vmwalk_device_walk_kernel() - read the entries of an address in the kernel half
 * @dev: an attached device
 * @address: any address of the kernel half
 * @shadow: begin at the user copy of the root (page-table isolation)
 * @walk: filled
 *
 * Return: VMWALK_OK, VMWALK_ERR_GONE, VMWALK_ERR_RANGE (not a kernel address, or the
 * architecture uses a separate root for the kernel half), VMWALK_ERR_DENIED (page tables
 * are redacted for this caller) or VMWALK_ERR_SYSTEM (EINVAL: @shadow is set, but the
 * root has no user copy).
 */
enum vmwalk_error vmwalk_device_walk_kernel(struct vmwalk_device *dev, __u64 address, bool shadow,
					    struct vmwalk_address *walk);

/**
 * vmwalk_device_book() - open a file in /proc/PID of the attached process
 * @dev: an attached device
 * @file: path below /proc/PID, such as "maps"
 *
 * The path is resolved from the directory that vmwalk_device_attach() opened. If another
 * process reuses the pid, the call fails instead of opening a file of that process.
 *
 * Return: a descriptor that the caller closes, or -1 with errno set.
 */
int vmwalk_device_book(const struct vmwalk_device *dev, const char *file);

/**
 * vmwalk_device_pagemap() - read the entry of /proc/PID/pagemap for an address
 * @dev: an attached device
 * @address: any address
 * @entry: set to the entry (Documentation/admin-guide/mm/pagemap.rst); 0 past the end
 *
 * Use the descriptor that was attached: it stays bound to the mm of @dev even if the
 * process execs.
 *
 * Return: 0 or a negative errno.
 */
int vmwalk_device_pagemap(const struct vmwalk_device *dev, __u64 address, __u64 *entry);

/**
 * struct vmwalk_target - a process or thread, from its /proc directory
 * @pid: id passed to vmwalk_target_read()
 * @tgid: id of the process that the thread belongs to
 * @uid: owner of /proc/PID
 * @state: the state letter of /proc/PID/stat
 * @kernel_thread: PF_KTHREAD is set
 * @comm: name, raw, terminated, truncated if necessary
 */
struct vmwalk_target {
	pid_t	pid;
	pid_t	tgid;
	uid_t	uid;
	char	state;
	bool	kernel_thread;
	char	comm[64];
};

/**
 * vmwalk_target_read() - identify a process by files of /proc that need no privilege
 * @pid: process or thread
 * @target: filled as far as known
 *
 * Return: VMWALK_OK, VMWALK_ERR_NO_PROCESS, VMWALK_ERR_SYSTEM (out of descriptors, for
 * instance), VMWALK_ERR_DENIED (the mount option hidepid=1 of /proc), or, with @target
 * filled, VMWALK_ERR_KERNEL_THREAD or VMWALK_ERR_ZOMBIE.
 */
enum vmwalk_error vmwalk_target_read(pid_t pid, struct vmwalk_target *target);

/**
 * vmwalk_target_name() - as vmwalk_target_read(), but leaves @uid and @tgid 0
 *
 * Faster, for callers that look at all processes.
 */
enum vmwalk_error vmwalk_target_name(pid_t pid, struct vmwalk_target *target);

/**
 * vmwalk_target_parse() - parse /proc/PID/stat, see proc_pid_stat(5); pure
 * @stat: contents of /proc/PID/stat
 * @target: @comm, @state and @kernel_thread are set
 *
 * Return: 0, or -1 if the text cannot be parsed.
 */
int vmwalk_target_parse(const char *stat, struct vmwalk_target *target);

/*
 * The functions below that take a range repeat their ioctl, because a call may cover only
 * a part of the range. They return when the range is covered, when @each returns
 * non-zero, or after an error.
 */

/**
 * struct vmwalk_scan_request - arguments of a scan, as in &struct vmwalk_scan
 * @start: first address
 * @end: first address past the range; clipped to the user range
 * @flags: &enum vmwalk_scan_flags
 * @entry_flags: &enum vmwalk_entry_flags to report
 * @require: mask of &enum vmwalk_select, all of which must hold
 * @any: mask of &enum vmwalk_select, at least one of which must hold; 0: no condition
 * @invert: mask of &enum vmwalk_select that @require and @any negate
 * @pfn_start: first PFN selected
 * @pfn_end: first PFN past the selection; both 0: no condition
 */
struct vmwalk_scan_request {
	__u64 start;
	__u64 end;
	__u32 flags;
	__u32 entry_flags;
	__u64 require;
	__u64 any;
	__u64 invert;
	__u64 pfn_start;
	__u64 pfn_end;
};

/**
 * vmwalk_device_scan() - call a function for each selected run of a range
 * @dev: an attached device
 * @request: range and selection
 * @each: called for each run, by ascending address; non-zero ends the scan
 * @arg: passed to @each
 *
 * If the module cuts a run because the array is full or a signal is pending, the parts
 * are joined again. Entries that keep changing are read again a few times, and then
 * reported as a run of one page in the state VMWALK_CLASS_CHANGED, even if the selection
 * excludes it. Signals do not end the scan.
 *
 * Return: VMWALK_OK (also if @each ended it), VMWALK_ERR_GONE, VMWALK_ERR_RANGE,
 * VMWALK_ERR_DENIED (the selection depends on redacted fields) or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_scan(struct vmwalk_device *dev,
				     const struct vmwalk_scan_request *request,
				     int (*each)(const struct vmwalk_run *run, void *arg),
				     void *arg);

/**
 * vmwalk_device_vmas() - call a function for each VMA of a range
 * @dev: an attached device
 * @start: first address
 * @end: first address past the range
 * @each: called for each VMA, by ascending address, with its raw name; non-zero ends the
 *	listing
 * @arg: passed to @each
 *
 * Return: VMWALK_OK (also if @each ended it), VMWALK_ERR_GONE, VMWALK_ERR_RANGE or
 * VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_vmas(struct vmwalk_device *dev, __u64 start, __u64 end,
				     int (*each)(const struct vmwalk_vma *vma, const char *name,
						 void *arg),
				     void *arg);

/**
 * vmwalk_device_tables() - call a function for each page table of a range
 * @dev: an attached device
 * @start: first address
 * @end: first address past the range
 * @each: called for each table, a parent before its children; non-zero ends the listing
 * @arg: passed to @each
 *
 * A table that keeps changing is read again a few times, and then skipped together with
 * the tables below it.
 *
 * Return: as vmwalk_device_vmas().
 */
enum vmwalk_error vmwalk_device_tables(struct vmwalk_device *dev, __u64 start, __u64 end,
				       int (*each)(const struct vmwalk_table *table, void *arg),
				       void *arg);

/**
 * vmwalk_device_mm() - read the counters of the mm with VMWALK_IOC_MM
 * @dev: an attached device
 * @mm: filled
 *
 * Return: VMWALK_OK, VMWALK_ERR_GONE or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_mm(struct vmwalk_device *dev, struct vmwalk_mm *mm);

#ifdef __cplusplus
}
#endif

/* These headers use the declarations above, so they are included at the end. */
#include "libvmwalk_words.h"
#include "libvmwalk_books.h"
#include "libvmwalk_image.h"
#include "libvmwalk_facts.h"
#include "libvmwalk_cause.h"
#include "libvmwalk_watch.h"

#endif
