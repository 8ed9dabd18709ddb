// SPDX-License-Identifier: GPL-2.0
/*
 * Compare the VMAs of a process with maps and smaps. Each try reads the file once and
 * lists all VMAs once, so that the cost is linear in the number of VMAs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"

struct difference {
	__u64 address;	/* start of the VMA or line */
	bool quiet;	/* a mismatch in every try, and unchanged() each time */
	struct vmwalk_check check;
};

struct pass {
	struct auditing *auditing;
	unsigned int book;
	struct audit_list list;
	/* differences that this and each earlier try found, by ascending address */
	struct difference *found;
	size_t nr;
	size_t room;
	/* differences that each earlier try found, by ascending address */
	struct difference *before;
	size_t nr_before;
	size_t at;	/* index in @before where found_before() starts to search */
	bool first;
};

/*
 * Return true if the module still reports @area at @address: its VMA and, for smaps, the
 * memory behind it. If @area is NULL, return true if there is still no VMA.
 */
static bool unchanged(struct pass *pass, __u64 address, const struct audit_area *area)
{
	const struct audit_area *now;
	enum vmwalk_error error;
	struct audit_list list;
	bool same;

	/* A range of one byte suffices, because VMAS reports the whole VMA. */
	error = audit_list_vmas(pass->auditing, &list, address, address + 1);
	if (error == VMWALK_OK && area && pass->book == VMWALK_BOOK_SMAPS)
		error = audit_list_runs(pass->auditing, &list, address, area->vma.end);
	now = list.area;
	if (!area || error != VMWALK_OK)
		same = error == VMWALK_OK && !list.nr;
	else
		same = list.nr == 1 && !memcmp(&now->vma, &area->vma, sizeof(now->vma)) &&
		       !strcmp(now->name, area->name) &&
		       !memcmp(&now->account, &area->account, sizeof(now->account));
	audit_list_free(&list);
	return same;
}

/*
 * Return the difference that each earlier try found at @address, or NULL. Within a try,
 * call it with ascending addresses.
 */
static const struct difference *found_before(struct pass *pass, __u64 address)
{
	while (pass->at < pass->nr_before && pass->before[pass->at].address < address)
		pass->at++;
	if (pass->at < pass->nr_before && pass->before[pass->at].address == address)
		return &pass->before[pass->at];
	return NULL;
}

static void note(struct pass *pass, __u64 address, const struct audit_area *area,
		 const struct vmwalk_check *check)
{
	const struct difference *before = found_before(pass, address);
	struct difference *found;

	if (!pass->first && !before)
		return;
	found = vmwalk_array_grow(&pass->found, pass->nr, &pass->room, sizeof(*found));
	if (!found)
		return;
	pass->nr++;
	found->address = address;
	found->check = *check;
	found->quiet = (pass->first || before->quiet) &&
		       check->result == VMWALK_CHECK_MISMATCH && unchanged(pass, address, area);
}

static void note_missing(struct pass *pass, const struct audit_area *area, const char *what)
{
	struct vmwalk_check check;

	vmwalk_conclude(&check, VMWALK_CHECK_MISMATCH, "a VMA here, but no %s", what);
	note(pass, area->vma.start, area, &check);
}

static void note_superfluous(struct pass *pass, __u64 address, const char *what)
{
	struct vmwalk_check check;

	/* [vsyscall] is past the user range, and the mm has no VMA for it. */
	if (address >= vmwalk_device_attached(pass->auditing->dev)->task_size)
		return;
	vmwalk_conclude(&check, VMWALK_CHECK_MISMATCH, "no VMA begins here, but a %s", what);
	note(pass, address, NULL, &check);
}

/*
 * Return the VMA that begins at @start, or NULL. Note as differences the VMAs below
 * @start that the file does not list, and @start itself if no VMA begins there. @what:
 * name of a part of the file, for messages
 */
static const struct audit_area *next_area(struct pass *pass, __u64 start, const char *what)
{
	struct audit_list *list = &pass->list;

	while (list->at < list->nr && list->area[list->at].vma.start < start)
		note_missing(pass, &list->area[list->at++], what);
	if (list->at < list->nr && list->area[list->at].vma.start == start)
		return &list->area[list->at++];
	note_superfluous(pass, start, what);
	return NULL;
}

static int compare_maps(struct pass *pass)
{
	const struct audit_area *area;
	struct vmwalk_check check;
	struct vmwalk_maps maps;
	const char *what;
	size_t i;
	int error;

	error = vmwalk_maps_read(pass->auditing->dev, &maps);
	for (i = 0; !error && i < maps.nr; i++) {
		area = next_area(pass, maps.line[i].start, "line");
		what = area ? vmwalk_line_difference(&area->vma, area->name, &maps.line[i]) : NULL;
		if (!what)
			continue;
		vmwalk_conclude(&check, VMWALK_CHECK_MISMATCH, "%s differs: maps has %.120s", what,
				maps.line[i].text);
		note(pass, area->vma.start, area, &check);
	}
	if (!error)
		next_area(pass, ~0ULL, "line");
	vmwalk_maps_free(&maps);
	return error;
}

static int compare_smaps(struct pass *pass)
{
	int fd = vmwalk_device_book(pass->auditing->dev, "smaps"), got;
	struct vmwalk_smaps_reader reader = { 0 };
	const struct audit_area *area;
	struct vmwalk_smaps smaps;
	struct vmwalk_check check;

	reader.file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!reader.file)
		return -errno;
	while ((got = vmwalk_smaps_next(&reader, &smaps)) > 0) {
		area = next_area(pass, smaps.start, "part of smaps");
		if (!area)
			continue;
		vmwalk_smaps_check(&area->account, &area->vma, &smaps, &check);
		if (check.result != VMWALK_CHECK_OK)
			note(pass, area->vma.start, area, &check);
	}
	if (!got)
		next_area(pass, ~0ULL, "part of smaps");
	fclose(reader.file);
	free(reader.line);
	return got;
}

/*
 * Keep the differences of this try: the next try ignores differences at other addresses.
 */
static void turn_over(struct pass *pass)
{
	free(pass->before);
	pass->before = pass->found;
	pass->nr_before = pass->nr;
	pass->found = NULL;
	pass->nr = 0;
	pass->room = 0;
	pass->at = 0;
	pass->first = false;
}

static enum vmwalk_error try_book(struct pass *pass, int *unreadable)
{
	bool sums = pass->book == VMWALK_BOOK_SMAPS;
	enum vmwalk_error error;

	error = audit_list_vmas(pass->auditing, &pass->list, 0, ~0ULL);
	if (error == VMWALK_OK && sums)
		error = audit_list_runs(pass->auditing, &pass->list, 0, ~0ULL);
	if (pass->first)
		pass->auditing->audit->book[pass->book].compared = pass->list.nr;
	if (error == VMWALK_OK)
		*unreadable = sums ? compare_smaps(pass) : compare_maps(pass);
	audit_list_free(&pass->list);
	turn_over(pass);
	return error;
}

static void settle(struct pass *pass)
{
	struct vmwalk_audit_book *outcome = &pass->auditing->audit->book[pass->book];
	const struct difference *left;

	for (left = pass->before; left < pass->before + pass->nr_before; left++) {
		if (left->quiet)
			audit_mismatch(pass->auditing, pass->book, left->address,
				       left->check.reason);
		else
			audit_raced(pass->auditing, pass->book);
	}
	/* A line without a VMA is a difference, but @compared has counted only VMAs. */
	if (outcome->compared < outcome->raced + outcome->mismatches)
		outcome->compared = outcome->raced + outcome->mismatches;
	outcome->ok = outcome->compared - outcome->raced - outcome->mismatches;
}

static enum vmwalk_error check_book(struct auditing *auditing, unsigned int book)
{
	struct pass pass = { .auditing = auditing, .book = book, .first = true };
	enum vmwalk_error error;
	int unreadable = 0, try;

	for (try = 0; try < AUDIT_TRIES; try++) {
		audit_wait_before(try);
		error = try_book(&pass, &unreadable);
		if (error != VMWALK_OK || unreadable || !pass.nr_before)
			break;
	}
	if (unreadable) {
		auditing->audit->book[book].compared = 0;
		audit_unavailable(auditing, book, strerror(-unreadable));
	} else if (error == VMWALK_OK) {
		settle(&pass);
	}
	free(pass.before);
	return error;
}

enum vmwalk_error vmwalk_audit_vmas(struct auditing *auditing)
{
	enum vmwalk_error error = check_book(auditing, VMWALK_BOOK_MAPS);

	auditing->audit->vmas = auditing->audit->book[VMWALK_BOOK_MAPS].compared;
	if (error == VMWALK_OK)
		error = check_book(auditing, VMWALK_BOOK_SMAPS);
	return error;
}
