// SPDX-License-Identifier: GPL-2.0
/*
 * Decide what a caller may not see, and remove it where a record leaves.
 *
 * The tags of the fields in uapi/linux decide. Only a field whose tag lets it pass is
 * kept: bytes that the table does not name are zeroed, so that what was forgotten is
 * withheld.
 *
 * Pure: selftests/host/test_redact.c includes this file, with what it needs of the
 * kernel. Lock rule: none; it works on copies.
 */
#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "compat/compat.h"
#endif
#include <linux/vmwalk.h>
#include <linux/vmwalk_netlink.h>

#include "redact.h"

struct redact_field {
	u16 offset;
	u16 size;
	u8 tag;				/* enum vmwalk_tag */
};

/*
 * A row of redact_table.h, which is generated from the tags: FIELD(structure, tag, field)
 */
#define FIELD(type, decides, ...)	{ offsetof(struct type, __VA_ARGS__),		\
					  sizeof_field(struct type, __VA_ARGS__),	\
					  VMWALK_TAG_##decides }
#include "redact_table.h"

struct redact_type {
	const struct redact_field *field;	/* in the order of their offsets */
	unsigned int nr;
};

#define TYPE(type)	{ type##_fields, ARRAY_SIZE(type##_fields) }
static const struct redact_type redact_types[] = {
	[VMWALK_LEAVING_CAPS]		= TYPE(vmwalk_caps),
	[VMWALK_LEAVING_ATTACH]		= TYPE(vmwalk_attach),
	[VMWALK_LEAVING_WALK]		= TYPE(vmwalk_walk),
	[VMWALK_LEAVING_SCAN]		= TYPE(vmwalk_scan),
	[VMWALK_LEAVING_RUN]		= TYPE(vmwalk_run),
	[VMWALK_LEAVING_VMAS]		= TYPE(vmwalk_vmas),
	[VMWALK_LEAVING_VMA]		= TYPE(vmwalk_vma),
	[VMWALK_LEAVING_ENTRY]		= TYPE(vmwalk_entry),
	[VMWALK_LEAVING_PAGE]		= TYPE(vmwalk_page),
	[VMWALK_LEAVING_SYMBOLS]	= TYPE(vmwalk_symbols),
	[VMWALK_LEAVING_TABLES]		= TYPE(vmwalk_tables),
	[VMWALK_LEAVING_TABLE]		= TYPE(vmwalk_table),
	[VMWALK_LEAVING_MM]		= TYPE(vmwalk_mm),
	[VMWALK_LEAVING_SUBSCRIBE]	= TYPE(vmwalk_subscribe),
	[VMWALK_LEAVING_ADD]		= TYPE(vmwalk_add),
	[VMWALK_LEAVING_STOP]		= TYPE(vmwalk_stop_watch),
	[VMWALK_LEAVING_LEAF_STATE]	= TYPE(vmwalk_leaf_state),
	[VMWALK_LEAVING_AROUND_CALL]	= TYPE(vmwalk_around_call),
	[VMWALK_LEAVING_EVENT_HEAD]	= TYPE(vmwalk_event_head),
	[VMWALK_LEAVING_FAULT_RECORD]	= TYPE(vmwalk_fault_record),
	[VMWALK_LEAVING_SIGNAL_RECORD]	= TYPE(vmwalk_signal_record),
	[VMWALK_LEAVING_TASK_RECORD]	= TYPE(vmwalk_task_record),
	[VMWALK_LEAVING_CALL_RECORD]	= TYPE(vmwalk_call_record),
	[VMWALK_LEAVING_COLLAPSE_RECORD]	= TYPE(vmwalk_collapse_record),
	[VMWALK_LEAVING_TLB_RECORD]	= TYPE(vmwalk_tlb_record),
	[VMWALK_LEAVING_LOST_RECORD]	= TYPE(vmwalk_lost_record),
	[VMWALK_LEAVING_END_RECORD]	= TYPE(vmwalk_end_record),
};

/*
 * By tag: a caller from whom none of these bits is withheld sees the whole field. For any
 * other caller redact_part() decides.
 */
static const u64 redact_needs[] = {
	[VMWALK_TAG_NONE]		= ~0ULL,
	[VMWALK_TAG_ANY]		= 0,
	[VMWALK_TAG_PHYS]		= VMWALK_REDACTED_PHYS,
	[VMWALK_TAG_SWAP]		= VMWALK_REDACTED_SWAP,
	[VMWALK_TAG_KADDR]		= VMWALK_REDACTED_SYMBOLS,
	[VMWALK_TAG_ADDRESS_BITS]	= VMWALK_REDACTED_PHYS,
	[VMWALK_TAG_ENTRY_VALUE]	= VMWALK_REDACTED_PHYS,
	[VMWALK_TAG_KIND]		= VMWALK_REDACTED_PHYS,
	[VMWALK_TAG_GOT]		= ~0ULL,
	[VMWALK_TAG_RUN_VALUE]		= VMWALK_REDACTED_PHYS,
	[VMWALK_TAG_RUN_DETAIL]		= VMWALK_REDACTED_PHYS,
	[VMWALK_TAG_RUN_GOT]		= VMWALK_REDACTED_PHYS,
	[VMWALK_TAG_FAULT_IP]		= VMWALK_REDACTED_SYMBOLS,
	[VMWALK_TAG_FAULT_CODE]		= VMWALK_REDACTED_SYMBOLS,
	[VMWALK_TAG_FAULT_GOT]		= VMWALK_REDACTED_SYMBOLS,
};

/**
 * vmwalk_redact_shows() - test if a caller may see fields with a tag
 * @redacted: what the caller may not see, mask of enum vmwalk_redacted
 * @tag: the tag
 *
 * vmwalk_redact() withholds the fields themselves. This test is for answers that depend
 * on such a fact without showing it, as those of a SCAN that selects by PFN.
 *
 * Return: false if such fields are withheld, or part of them.
 */
bool vmwalk_redact_shows(u64 redacted, enum vmwalk_tag tag)
{
	return !(redacted & redact_needs[tag]);
}

/*
 * Return a raw entry without physical addresses and swap slots. Add to @withheld the
 * bits of what entries of this class can name: TABLES even for an empty one, because the
 * address of the entry itself is withheld.
 */
static u64 redact_value(u8 class, u64 value, u64 *withheld)
{
	switch (class) {
	case VMWALK_CLASS_UNREAD:
	case VMWALK_CLASS_FOLDED:
		return 0;
	case VMWALK_CLASS_NONE:
		*withheld |= VMWALK_REDACTED_TABLES;
		return value;
	case VMWALK_CLASS_TABLE:
	case VMWALK_CLASS_LEAF:
	case VMWALK_CLASS_PROTNONE:
	case VMWALK_CLASS_NUMA_HINT:
		*withheld |= VMWALK_REDACTED_TABLES;
		return value & ~vmwalk_arch_address_bits();
	default:
		*withheld |= VMWALK_REDACTED_TABLES | VMWALK_REDACTED_SWAP;
		return 0;
	}
}

/* Clear the bits of fields that are zeroed, so that nobody takes the zero for a value. */
static void redact_got(u64 *got, u64 redacted, u64 *withheld)
{
	static const struct {
		u64 got;
		u64 needs;
	} rows[] = {
		{ VMWALK_GOT_PFN,	VMWALK_REDACTED_PFN },
		{ VMWALK_GOT_PAGE,	VMWALK_REDACTED_PAGE },
		{ VMWALK_GOT_PAGE_CHANGED, VMWALK_REDACTED_PAGE },
		{ VMWALK_GOT_SWAP,	VMWALK_REDACTED_SWAP },
		{ VMWALK_GOT_OPS,	VMWALK_REDACTED_SYMBOLS },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(*got & rows[i].got && redacted & rows[i].needs))
			continue;
		*got &= ~rows[i].got;
		*withheld |= rows[i].needs;
	}
}

static void redact_run_got(struct vmwalk_run *run, u64 *withheld)
{
	if (run->got & VMWALK_RUN_FIRST)
		*withheld |= run->state == VMWALK_CLASS_SWAP ? VMWALK_REDACTED_SWAP :
							       VMWALK_REDACTED_PFN;
	run->got = 0;
}

/*
 * The address of a fault is one that the process used, or, in kernel mode, one of its
 * memory. In kernel mode the instruction is the kernel's. The error code of an access to
 * the kernel's half tells if a page is mapped there: the kernel hides that from the
 * process, too, in what it passes with the signal. The sign of an address does not tell
 * whose it is: a process can use an address of the kernel's half, or one with a tag, and
 * knows it. Return the VMWALK_FAULT_GOT_* that are withheld.
 */
static u32 redact_fault(const struct vmwalk_fault_record *fault)
{
	u32 hidden = 0;

	if (fault->flags & VMWALK_FAULT_KERNEL)
		hidden |= VMWALK_FAULT_GOT_IP;
	if (fault->flags & VMWALK_FAULT_BEYOND)
		hidden |= VMWALK_FAULT_GOT_CODE;
	return hidden;
}

static void redact_fault_got(struct vmwalk_fault_record *fault, u64 *withheld)
{
	const u32 hidden = redact_fault(fault);

	if (fault->got & hidden)
		*withheld |= VMWALK_REDACTED_SYMBOLS;
	fault->got &= ~hidden;
}

/*
 * Apply the rule of a tag to a field. The class that some rules look at is tagged "any",
 * so it was not zeroed before. Return false if nothing of the field may be seen.
 */
static bool redact_part(const struct redact_field *field, void *record, u64 redacted,
			u64 *withheld)
{
	void *at = record + field->offset;
	struct vmwalk_entry *entry = record;
	struct vmwalk_run *run = record;
	struct vmwalk_fault_record *fault = record;

	switch (field->tag) {
	case VMWALK_TAG_ADDRESS_BITS:
		*(u64 *)at &= ~vmwalk_arch_address_bits();
		return true;
	case VMWALK_TAG_ENTRY_VALUE:
		entry->value = redact_value(entry->type, entry->value, withheld);
		return true;
	case VMWALK_TAG_KIND:
		if (*(u8 *)at == VMWALK_KIND_KSM)
			*(u8 *)at = VMWALK_KIND_BASE;
		return true;
	case VMWALK_TAG_GOT:
		redact_got(at, redacted, withheld);
		return true;
	case VMWALK_TAG_RUN_VALUE:
		run->value = redact_value(run->state, run->value, withheld);
		return true;
	case VMWALK_TAG_RUN_DETAIL:
		return run->state != VMWALK_CLASS_SWAP;
	case VMWALK_TAG_RUN_GOT:
		redact_run_got(run, withheld);
		return true;
	case VMWALK_TAG_FAULT_IP:
		return !(redact_fault(fault) & VMWALK_FAULT_GOT_IP);
	case VMWALK_TAG_FAULT_CODE:
		return !(redact_fault(fault) & VMWALK_FAULT_GOT_CODE);
	case VMWALK_TAG_FAULT_GOT:
		redact_fault_got(fault, withheld);
		return true;
	default:
		return false;
	}
}

/*
 * Zero all bytes but those that may be seen. Return the VMWALK_REDACTED_* that the rules
 * of redact_part() added; a field that is zeroed as a whole adds none.
 */
static u64 redact_fields(const struct redact_type *type, void *record, size_t size, u64 redacted)
{
	u64 withheld = 0;
	size_t done = 0;
	unsigned int i;

	for (i = 0; i < type->nr; i++) {
		const struct redact_field *field = &type->field[i];

		if (field->offset >= size)
			break;
		if (!vmwalk_redact_shows(redacted, field->tag) &&
		    !redact_part(field, record, redacted, &withheld))
			continue;
		if (field->offset > done)
			memset(record + done, 0, field->offset - done);
		done = field->offset + field->size;
	}
	if (size > done)
		memset(record + done, 0, size - done);
	return withheld & redacted;
}

/* A kind without a case here is withheld: it may have fields that are not for anybody. */
static enum vmwalk_leaving detail_of(u32 kind)
{
	switch (kind) {
	case VMWALK_EVENT_FAULT:
	case VMWALK_EVENT_EXCEPTION:
		return VMWALK_LEAVING_FAULT_RECORD;
	case VMWALK_EVENT_SIGNAL:
		return VMWALK_LEAVING_SIGNAL_RECORD;
	case VMWALK_EVENT_FORK:
	case VMWALK_EVENT_EXEC:
	case VMWALK_EVENT_EXIT:
		return VMWALK_LEAVING_TASK_RECORD;
	case VMWALK_EVENT_MMAP:
	case VMWALK_EVENT_MUNMAP:
	case VMWALK_EVENT_MPROTECT:
	case VMWALK_EVENT_MREMAP:
	case VMWALK_EVENT_BRK:
	case VMWALK_EVENT_MADVISE:
		return VMWALK_LEAVING_CALL_RECORD;
	case VMWALK_EVENT_COLLAPSE:
		return VMWALK_LEAVING_COLLAPSE_RECORD;
	case VMWALK_EVENT_TLB:
		return VMWALK_LEAVING_TLB_RECORD;
	case VMWALK_EVENT_LOST:
		return VMWALK_LEAVING_LOST_RECORD;
	case VMWALK_EVENT_END:
		return VMWALK_LEAVING_END_RECORD;
	default:
		return VMWALK_LEAVING_UNNAMED;
	}
}

/**
 * vmwalk_redact_body() - tell the type of a body of an event
 * @kind: enum vmwalk_event
 * @body: the body, below VMWALK_BODIES
 *
 * Return: the type, or VMWALK_LEAVING_UNNAMED if it is not known: all of it is withheld.
 */
enum vmwalk_leaving vmwalk_redact_body(u32 kind, enum vmwalk_body body)
{
	static const u8 types[VMWALK_BODIES] = {
		[VMWALK_BODY_VMA]		= VMWALK_LEAVING_VMA,
		[VMWALK_BODY_BEFORE]		= VMWALK_LEAVING_LEAF_STATE,
		[VMWALK_BODY_BEFORE_ENTRY]	= VMWALK_LEAVING_ENTRY,
		[VMWALK_BODY_BEFORE_PAGE]	= VMWALK_LEAVING_PAGE,
		[VMWALK_BODY_AFTER]		= VMWALK_LEAVING_LEAF_STATE,
		[VMWALK_BODY_AFTER_ENTRY]	= VMWALK_LEAVING_ENTRY,
		[VMWALK_BODY_AFTER_PAGE]	= VMWALK_LEAVING_PAGE,
		[VMWALK_BODY_CALL_BEFORE]	= VMWALK_LEAVING_AROUND_CALL,
		[VMWALK_BODY_CALL_AFTER]	= VMWALK_LEAVING_AROUND_CALL,
	};

	return body == VMWALK_BODY_DETAIL ? detail_of(kind) : types[body];
}

/**
 * vmwalk_redact_record() - remove from a record what its reader may not see
 * @what: type of the record
 * @record: the record, complete
 * @size: bytes of it that leave
 * @redacted: what the reader may not see, mask of enum vmwalk_redacted
 *
 * Return: as vmwalk_redact().
 */
u64 vmwalk_redact_record(enum vmwalk_leaving what, void *record, size_t size, u64 redacted)
{
	u64 withheld = redact_fields(&redact_types[what], record, size, redacted);
	struct vmwalk_scan *scan = record;
	struct vmwalk_mm *mm = record;

	switch (what) {
	case VMWALK_LEAVING_SCAN:
		/* A frame has a page, which was not even read for this caller. */
		if (scan->flags & VMWALK_SCAN_PAGE && scan->redacted & VMWALK_REDACTED_PFN)
			scan->redacted |= redacted & VMWALK_REDACTED_PAGE;
		break;
	case VMWALK_LEAVING_TABLE:
		withheld |= redacted & VMWALK_REDACTED_TABLES;
		break;
	case VMWALK_LEAVING_MM:
		withheld |= redacted & VMWALK_REDACTED_TABLES;
		mm->redacted = withheld;
		break;
	default:
		break;
	}
	return withheld;
}

/**
 * vmwalk_redact_walk_records() - remove from a WALK what its reader may not see
 * @address: the answer, complete; @call.redacted is set
 * @redacted: what the reader may not see, mask of enum vmwalk_redacted
 *
 * A page or symbols that are zeroed add nothing to @call.redacted by themselves: the bits
 * of @call.got show that there were any.
 */
void vmwalk_redact_walk_records(struct vmwalk_address *address, u64 redacted)
{
	struct vmwalk_walk *walk = &address->call;
	unsigned int i;
	u64 withheld;

	withheld = vmwalk_redact(VMWALK_LEAVING_WALK, walk, sizeof(*walk), redacted);
	vmwalk_redact(VMWALK_LEAVING_VMA, &address->vma, sizeof(address->vma), redacted);
	for (i = 0; i < ARRAY_SIZE(address->entry); i++)
		withheld |= vmwalk_redact(VMWALK_LEAVING_ENTRY, &address->entry[i],
					  sizeof(address->entry[i]), redacted);
	vmwalk_redact(VMWALK_LEAVING_PAGE, &address->page, sizeof(address->page), redacted);
	vmwalk_redact(VMWALK_LEAVING_SYMBOLS, &address->symbols, sizeof(address->symbols),
		      redacted);
	walk->redacted = withheld;
}
