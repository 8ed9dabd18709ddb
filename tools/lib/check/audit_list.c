// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"

static int list_vma(const struct vmwalk_vma *vma, const char *name, void *arg)
{
	struct audit_list *list = arg;
	struct audit_area *area;

	area = vmwalk_array_grow(&list->area, list->nr, &list->room, sizeof(*area));
	list->no_memory = !area;
	if (!area)
		return 1;
	area->vma = *vma;
	area->name = strdup(name);
	list->no_memory = !area->name;
	if (!area->name)
		return 1;
	list->nr++;
	vmwalk_account_vma(&list->total, vma);
	return 0;
}

static int list_run(const struct vmwalk_run *run, void *arg)
{
	struct audit_list *list = arg;
	struct audit_area *area;

	while (list->at < list->nr && list->area[list->at].vma.end <= run->start)
		list->at++;
	area = &list->area[list->at];
	/* The VMA of this run was created or has grown after the listing. */
	if (list->at == list->nr || area->vma.start > run->start) {
		list->total.incomplete = true;
		return 0;
	}
	vmwalk_account_add(&area->account, list->caps, &area->vma, run);
	vmwalk_account_add(&list->total, list->caps, &area->vma, run);
	return 0;
}

enum vmwalk_error audit_list_vmas(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end)
{
	enum vmwalk_error error;

	memset(list, 0, sizeof(*list));
	list->caps = vmwalk_device_caps(auditing->dev);
	error = vmwalk_device_vmas(auditing->dev, start, end, list_vma, list);
	if (error == VMWALK_OK && list->no_memory) {
		errno = ENOMEM;
		error = VMWALK_ERR_SYSTEM;
	}
	return error;
}

enum vmwalk_error audit_list_runs(struct auditing *auditing, struct audit_list *list,
				  __u64 start, __u64 end)
{
	const struct vmwalk_scan_request request = {
		.start = start, .end = end, .flags = AUDIT_SCAN_FLAGS,
	};
	enum vmwalk_error error;

	error = vmwalk_device_scan(auditing->dev, &request, list_run, list);
	list->at = 0;
	return error;
}

void audit_list_free(struct audit_list *list)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		free(list->area[i].name);
	free(list->area);
	memset(list, 0, sizeof(*list));
}
