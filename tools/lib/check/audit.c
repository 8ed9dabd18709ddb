// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "audit.h"

const char *vmwalk_book_counts(unsigned int book)
{
	switch (book) {
	case VMWALK_BOOK_MAPS:
	case VMWALK_BOOK_SMAPS:
		return "VMAs";
	case VMWALK_BOOK_STATUS:
	case VMWALK_BOOK_STAT:
		return "numbers";
	default:
		return "pages";
	}
}

enum vmwalk_error vmwalk_audit(struct vmwalk_device *dev, const struct vmwalk_auditor *auditor,
			       struct vmwalk_audit *audit)
{
	struct auditing auditing = { .dev = dev, .auditor = auditor, .audit = audit };
	enum vmwalk_error error;
	struct vmwalk_mm mm;

	memset(audit, 0, sizeof(*audit));
	auditing.page_shift = __builtin_ctz(vmwalk_device_caps(dev)->page_size);
	error = vmwalk_device_mm(dev, &mm);
	auditing.total = mm.total_vm;
	if (error == VMWALK_OK)
		error = vmwalk_audit_vmas(&auditing);
	if (error == VMWALK_OK)
		error = vmwalk_audit_pages(&auditing);
	if (error == VMWALK_OK)
		error = vmwalk_audit_status(&auditing);
	return error;
}
