/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Remove from a record what its reader may not see, just before it leaves: nothing may
 * fill it afterwards. The exception is SCAN, by the rule at redact_model() in
 * walk/run.c.
 */
#ifndef VMWALK_REDACT_H
#define VMWALK_REDACT_H

#include <linux/types.h>
#include <linux/vmwalk.h>
#include <linux/vmwalk_netlink.h>

/* Each of these bits can withhold a fact that names physical memory or a swap slot. */
#define VMWALK_REDACTED_PHYS	(VMWALK_REDACTED_TABLES | VMWALK_REDACTED_PFN |	\
				 VMWALK_REDACTED_SWAP | VMWALK_REDACTED_PAGE)
#define VMWALK_REDACTED_ALL	(VMWALK_REDACTED_PHYS | VMWALK_REDACTED_SYMBOLS)

/*
 * Tags of the [out] fields in uapi/linux. ANY to KADDR tell what a field names; from
 * ADDRESS_BITS on each is a rule of redact_part(), for fields that are withheld in part,
 * or in some records only.
 */
enum vmwalk_tag {
	VMWALK_TAG_NONE,		/* not tagged: withheld if anything is */
	VMWALK_TAG_ANY,
	VMWALK_TAG_PHYS,
	VMWALK_TAG_SWAP,
	VMWALK_TAG_KADDR,
	VMWALK_TAG_ADDRESS_BITS,
	VMWALK_TAG_ENTRY_VALUE,
	VMWALK_TAG_KIND,
	VMWALK_TAG_GOT,
	VMWALK_TAG_RUN_VALUE,
	VMWALK_TAG_RUN_DETAIL,
	VMWALK_TAG_RUN_GOT,
	VMWALK_TAG_FAULT_IP,
	VMWALK_TAG_FAULT_CODE,
	VMWALK_TAG_FAULT_GOT,
};

enum vmwalk_leaving {
	VMWALK_LEAVING_UNNAMED,		/* without a table: all of it is withheld */
	VMWALK_LEAVING_CAPS,
	VMWALK_LEAVING_ATTACH,
	VMWALK_LEAVING_WALK,
	VMWALK_LEAVING_SCAN,
	VMWALK_LEAVING_RUN,
	VMWALK_LEAVING_VMAS,
	VMWALK_LEAVING_VMA,
	VMWALK_LEAVING_ENTRY,
	VMWALK_LEAVING_PAGE,
	VMWALK_LEAVING_SYMBOLS,
	VMWALK_LEAVING_TABLES,
	VMWALK_LEAVING_TABLE,
	VMWALK_LEAVING_MM,
	VMWALK_LEAVING_SUBSCRIBE,
	VMWALK_LEAVING_ADD,
	VMWALK_LEAVING_STOP,
	VMWALK_LEAVING_LEAF_STATE,
	VMWALK_LEAVING_AROUND_CALL,
	VMWALK_LEAVING_EVENT_HEAD,
	VMWALK_LEAVING_FAULT_RECORD,
	VMWALK_LEAVING_SIGNAL_RECORD,
	VMWALK_LEAVING_TASK_RECORD,
	VMWALK_LEAVING_CALL_RECORD,
	VMWALK_LEAVING_COLLAPSE_RECORD,
	VMWALK_LEAVING_TLB_RECORD,
	VMWALK_LEAVING_LOST_RECORD,
	VMWALK_LEAVING_END_RECORD,
};

enum vmwalk_leaving vmwalk_redact_body(u32 kind, enum vmwalk_body body);
bool vmwalk_redact_shows(u64 redacted, enum vmwalk_tag tag);
void vmwalk_redact_walk_records(struct vmwalk_address *address, u64 redacted);
u64 vmwalk_redact_record(enum vmwalk_leaving what, void *record, size_t size, u64 redacted);

/**
 * vmwalk_redact() - remove from a record what its reader may not see
 * @what: type of the record
 * @record: the record, complete
 * @size: bytes of it that leave
 * @redacted: what the reader may not see, mask of enum vmwalk_redacted
 *
 * Inline, so that it costs a reader with authority one test.
 *
 * Return: mask of enum vmwalk_redacted: what exists and was removed; for MM this is also
 * stored in the record.
 */
static inline u64 vmwalk_redact(enum vmwalk_leaving what, void *record, size_t size, u64 redacted)
{
	return redacted ? vmwalk_redact_record(what, record, size, redacted) : 0;
}

/**
 * vmwalk_redact_walk() - remove from the answer of a WALK what its reader may not see
 * @address: the answer, complete; @call.redacted is set to what exists and was removed
 * @redacted: what the reader may not see, mask of enum vmwalk_redacted
 */
static inline void vmwalk_redact_walk(struct vmwalk_address *address, u64 redacted)
{
	if (redacted)
		vmwalk_redact_walk_records(address, redacted);
}

#endif
