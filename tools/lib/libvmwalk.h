/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libvmwalk: what the kernel has at an address of a live process, for C.
 *
 * The library is the only caller of the ioctls of <linux/vmwalk.h>. It reads the
 * kernel's own books in /proc beside them and compares. It prints nothing and
 * knows no terminal. Addresses, sizes and offsets are bytes unless said
 * otherwise; strings that come from the kernel are raw and may hold any byte.
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
 * enum vmwalk_error - why a call of this library failed
 * @VMWALK_OK: it did not
 * @VMWALK_ERR_NO_MODULE: there is no /dev/vmwalk: the module is not loaded
 * @VMWALK_ERR_NO_ACCESS: the permissions of /dev/vmwalk refuse this caller
 * @VMWALK_ERR_ABI: the module speaks another version than this library
 * @VMWALK_ERR_NO_PROCESS: no process or thread has this id
 * @VMWALK_ERR_KERNEL_THREAD: it is a kernel thread, without an address space
 * @VMWALK_ERR_ZOMBIE: it has exited and waits for its parent
 * @VMWALK_ERR_DENIED: the kernel does not let this caller look at the process
 * @VMWALK_ERR_GONE: it exited, or exec'ed, after it was attached
 * @VMWALK_ERR_RANGE: the address is not one of the process's user range
 * @VMWALK_ERR_SYSTEM: something else: see errno
 * @VMWALK_ERR_NO_EVENTS: the module has no events to tell: there is no such family
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

/* device.c: the device and the process it is attached to */

struct vmwalk_device;

/**
 * vmwalk_device_open() - open /dev/vmwalk and learn what the module can do
 * @devp: set to the device, or to NULL
 *
 * With VMWALK_ERR_ABI @devp is set too: it is good for vmwalk_device_caps(),
 * whose abi_version is then the module's (0: it did not even say), and for
 * vmwalk_device_close().
 *
 * Return: VMWALK_OK, VMWALK_ERR_NO_MODULE, VMWALK_ERR_NO_ACCESS,
 * VMWALK_ERR_ABI or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_open(struct vmwalk_device **devp);

/** vmwalk_device_close() - close the device; NULL is fine */
void vmwalk_device_close(struct vmwalk_device *dev);

/** vmwalk_device_caps() - what the module answered to VMWALK_IOC_CAPS */
const struct vmwalk_caps *vmwalk_device_caps(const struct vmwalk_device *dev);

/**
 * vmwalk_device_attach() - bind the device to the address space of a process
 * @dev: an open device, not attached yet
 * @pid: process or thread, in the caller's pid namespace
 *
 * Opens /proc/PID/pagemap, which is where the kernel decides whether the caller
 * may look, and hands it to the module.
 *
 * Return: VMWALK_OK, or the first of VMWALK_ERR_NO_PROCESS,
 * VMWALK_ERR_KERNEL_THREAD, VMWALK_ERR_ZOMBIE, VMWALK_ERR_DENIED,
 * VMWALK_ERR_GONE and VMWALK_ERR_SYSTEM that holds.
 */
enum vmwalk_error vmwalk_device_attach(struct vmwalk_device *dev, pid_t pid);

/** vmwalk_device_attached() - what the module answered to VMWALK_IOC_ATTACH */
const struct vmwalk_attach *vmwalk_device_attached(const struct vmwalk_device *dev);

/**
 * vmwalk_device_watch() - be told how far scans have come
 * @dev: an open device
 * @reached: called now and then with the address that a scan has come to; it may not
 *	use @dev. NULL: no longer
 * @arg: for @reached
 */
void vmwalk_device_watch(struct vmwalk_device *dev, void (*reached)(__u64 address, void *arg),
			 void *arg);

/**
 * vmwalk_device_walk() - ask the module about one address
 * @dev: an attached device
 * @address: any address; need not be aligned
 * @walk: filled; all its optional parts are asked for
 * @name: receives the VMA's name, raw, always terminated
 * @size: of @name, bytes; PATH_MAX suffices
 *
 * Return: VMWALK_OK, VMWALK_ERR_GONE, VMWALK_ERR_RANGE or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_walk(struct vmwalk_device *dev, __u64 address,
				     struct vmwalk_walk *walk, char *name, size_t size);

/**
 * vmwalk_device_walk_kernel() - ask the module about an address of the kernel's
 * @dev: an attached device
 * @address: any address of the kernel's half
 * @shadow: from the user's copy of the root, where there is one
 * @walk: filled
 *
 * Return: VMWALK_OK, VMWALK_ERR_GONE, VMWALK_ERR_RANGE (no address of the kernel's,
 * or none under this root on this architecture), VMWALK_ERR_DENIED (page tables are
 * withheld from this caller) or VMWALK_ERR_SYSTEM (EINVAL: no such copy).
 */
enum vmwalk_error vmwalk_device_walk_kernel(struct vmwalk_device *dev, __u64 address, bool shadow,
					    struct vmwalk_walk *walk);

/**
 * vmwalk_device_book() - open a file of the attached process's /proc directory
 * @dev: an attached device
 * @file: its name, "maps" for example
 *
 * The directory was opened before the process was attached, so that the file is
 * of that process even if its id has been given to another one since.
 *
 * Return: a descriptor, or -1 with errno set.
 */
int vmwalk_device_book(const struct vmwalk_device *dev, const char *file);

/**
 * vmwalk_device_pagemap() - the entry of /proc/PID/pagemap for an address
 * @dev: an attached device
 * @address: any address
 * @entry: set to the entry, 0 past the end of the file
 *
 * It is read through the descriptor that was attached, so it is of the same
 * address space.
 *
 * Return: 0 or a negative errno.
 */
int vmwalk_device_pagemap(const struct vmwalk_device *dev, __u64 address, __u64 *entry);

/* target.c: who the process is */

/**
 * struct vmwalk_target - a process or thread, from its /proc directory
 * @pid: the id asked for
 * @tgid: of the process that it is a thread of
 * @uid: the owner of its /proc directory
 * @state: the state letter of /proc/PID/stat
 * @kernel_thread: whether it is one
 * @comm: its name, raw: any byte but NUL
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
 * vmwalk_target_read() - find out who a pid is; needs no privilege
 * @pid: process or thread
 * @target: filled as far as it is known
 *
 * Return: VMWALK_OK, VMWALK_ERR_NO_PROCESS, VMWALK_ERR_KERNEL_THREAD,
 * VMWALK_ERR_ZOMBIE (@target is filled with these two as well).
 */
enum vmwalk_error vmwalk_target_read(pid_t pid, struct vmwalk_target *target);

/**
 * vmwalk_target_parse() - take comm, state and flags from a line of /proc/PID/stat
 * @stat: the line
 * @target: comm, state and kernel_thread are set
 *
 * Return: 0, or -1 if it is no such line.
 */
int vmwalk_target_parse(const char *stat, struct vmwalk_target *target);

/* range.c, listing.c: the calls that go through a range, resumed until they have done it */

/**
 * struct vmwalk_scan_request - what a scan asks for; as &struct vmwalk_scan has it
 * @start: first address
 * @end: first address past the range; ~0 is the whole user range
 * @flags: &enum vmwalk_scan_flags
 * @entry_flags: &enum vmwalk_entry_flags that are to be told
 * @require: &enum vmwalk_select
 * @any: &enum vmwalk_select
 * @invert: &enum vmwalk_select
 * @pfn_start: first PFN; both 0: no condition
 * @pfn_end: first PFN past the range
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
 * vmwalk_device_scan() - hand every run of a range to a function
 * @dev: an attached device
 * @request: what to look for
 * @each: called for each run, in the order of addresses; not 0 ends the scan
 * @arg: for @each
 *
 * Two runs of one VMA that only the end of the module's array, or a signal, has
 * parted come as one. At entries that keep changing the scan tries again a few
 * times and then hands on a run of one page in the state VMWALK_CLASS_CHANGED,
 * whatever is selected. A signal that is handled does not end it.
 *
 * Return: VMWALK_OK (also when @each ended it), VMWALK_ERR_GONE, VMWALK_ERR_RANGE,
 * VMWALK_ERR_DENIED (a selection of what is withheld) or VMWALK_ERR_SYSTEM.
 */
enum vmwalk_error vmwalk_device_scan(struct vmwalk_device *dev,
				     const struct vmwalk_scan_request *request,
				     int (*each)(const struct vmwalk_run *run, void *arg),
				     void *arg);

/**
 * vmwalk_device_vmas() - hand every VMA of a range, with its name, to a function
 * @dev: an attached device
 * @start: first address
 * @end: first address past the range
 * @each: called for each VMA, in the order of addresses; @name is raw
 * @arg: for @each
 *
 * Return: as vmwalk_device_scan().
 */
enum vmwalk_error vmwalk_device_vmas(struct vmwalk_device *dev, __u64 start, __u64 end,
				     int (*each)(const struct vmwalk_vma *vma, const char *name,
						 void *arg),
				     void *arg);

/**
 * vmwalk_device_tables() - hand every page table of a range to a function
 * @dev: an attached device
 * @start: first address
 * @end: first address past the range
 * @each: called for each table, upper ones first
 * @arg: for @each
 *
 * A table that keeps changing is tried again a few times and then left out.
 *
 * Return: as vmwalk_device_scan().
 */
enum vmwalk_error vmwalk_device_tables(struct vmwalk_device *dev, __u64 start, __u64 end,
				       int (*each)(const struct vmwalk_table *table, void *arg),
				       void *arg);

/** vmwalk_device_mm() - the address space as a whole. Return: as vmwalk_device_walk(). */
enum vmwalk_error vmwalk_device_mm(struct vmwalk_device *dev, struct vmwalk_mm *mm);

#ifdef __cplusplus
}
#endif

/* Each is for those who include this. */
#include "libvmwalk_words.h"
#include "libvmwalk_books.h"
#include "libvmwalk_image.h"
#include "libvmwalk_facts.h"
#include "libvmwalk_cause.h"
#include "libvmwalk_watch.h"

#endif /* LIBVMWALK_H */
