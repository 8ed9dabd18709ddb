/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sizes as first published, by the field that was then the last one. They never change,
 * and are the least that a module accepts, except 0 for a record of WALK.
 */
#ifndef VMWALK_TEST_FIRST_SIZE_H
#define VMWALK_TEST_FIRST_SIZE_H

#include <stddef.h>
#include <linux/vmwalk_netlink.h>

enum first_size {
	FIRST_CAPS = offsetof(struct vmwalk_caps, level) +
		sizeof(((struct vmwalk_caps *)0)->level),
	FIRST_ATTACH = offsetof(struct vmwalk_attach, task_size) +
		sizeof(((struct vmwalk_attach *)0)->task_size),
	FIRST_WALK = offsetof(struct vmwalk_walk, process_major) +
		sizeof(((struct vmwalk_walk *)0)->process_major),
	FIRST_SCAN = offsetof(struct vmwalk_scan, redacted) +
		sizeof(((struct vmwalk_scan *)0)->redacted),
	FIRST_VMAS = offsetof(struct vmwalk_vmas, stop) +
		sizeof(((struct vmwalk_vmas *)0)->stop),
	FIRST_TABLES = offsetof(struct vmwalk_tables, redacted) +
		sizeof(((struct vmwalk_tables *)0)->redacted),
	FIRST_MM = offsetof(struct vmwalk_mm, got) +
		sizeof(((struct vmwalk_mm *)0)->got),
	FIRST_SUBSCRIBE = offsetof(struct vmwalk_subscribe, redacted) +
		sizeof(((struct vmwalk_subscribe *)0)->redacted),
	FIRST_ADD = offsetof(struct vmwalk_add, redacted) +
		sizeof(((struct vmwalk_add *)0)->redacted),
	FIRST_STOP = offsetof(struct vmwalk_stop_watch, reserved) +
		sizeof(((struct vmwalk_stop_watch *)0)->reserved),
	FIRST_VMA = offsetof(struct vmwalk_vma, reserved) +
		sizeof(((struct vmwalk_vma *)0)->reserved),
	FIRST_ENTRY = offsetof(struct vmwalk_entry, type) +
		sizeof(((struct vmwalk_entry *)0)->type),
	FIRST_PAGE = offsetof(struct vmwalk_page, reserved) +
		sizeof(((struct vmwalk_page *)0)->reserved),
	FIRST_SYMBOLS = offsetof(struct vmwalk_symbols, vm_fault) +
		sizeof(((struct vmwalk_symbols *)0)->vm_fault),
	FIRST_TABLE = offsetof(struct vmwalk_table, reserved2) +
		sizeof(((struct vmwalk_table *)0)->reserved2),
	/* In events */
	FIRST_FAULT_RECORD = offsetof(struct vmwalk_fault_record, reserved2) +
		sizeof(((struct vmwalk_fault_record *)0)->reserved2),
	FIRST_SIGNAL_RECORD = offsetof(struct vmwalk_signal_record, got) +
		sizeof(((struct vmwalk_signal_record *)0)->got),
	FIRST_TASK_RECORD = offsetof(struct vmwalk_task_record, reserved) +
		sizeof(((struct vmwalk_task_record *)0)->reserved),
	FIRST_CALL_RECORD = offsetof(struct vmwalk_call_record, ns) +
		sizeof(((struct vmwalk_call_record *)0)->ns),
	FIRST_COLLAPSE_RECORD = offsetof(struct vmwalk_collapse_record, order) +
		sizeof(((struct vmwalk_collapse_record *)0)->order),
	FIRST_TLB_RECORD = offsetof(struct vmwalk_tlb_record, reserved) +
		sizeof(((struct vmwalk_tlb_record *)0)->reserved),
	FIRST_LOST_RECORD = offsetof(struct vmwalk_lost_record, reserved) +
		sizeof(((struct vmwalk_lost_record *)0)->reserved),
	FIRST_END_RECORD = offsetof(struct vmwalk_end_record, missed) +
		sizeof(((struct vmwalk_end_record *)0)->missed),
	FIRST_LEAF_STATE = offsetof(struct vmwalk_leaf_state, reserved2) +
		sizeof(((struct vmwalk_leaf_state *)0)->reserved2),
	FIRST_AROUND_CALL = offsetof(struct vmwalk_around_call, extent) +
		sizeof(((struct vmwalk_around_call *)0)->extent),
	/* Without and with VMWALK_SCAN_PAGE */
	FIRST_RUN = offsetof(struct vmwalk_run, flags_all),
	FIRST_RUN_PAGE = offsetof(struct vmwalk_run, page.reserved) +
		sizeof(((struct vmwalk_run *)0)->page.reserved),
};

#endif
