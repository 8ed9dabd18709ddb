// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "output/format.h"
#include "verdict.h"
#include "view_drawing.h"
#include "view.h"

/* Return the permissions of kernel mode: each level can only restrict them. */
static unsigned int kernel_perms(const struct address_view *view)
{
	const struct vmwalk_address *walk = &view->seen.walk;
	unsigned int perms = VMWALK_PERM_R | VMWALK_PERM_W | VMWALK_PERM_X, level;
	const struct vmwalk_entry *entry;

	if (view_class(view) != VMWALK_CLASS_LEAF)
		return 0;
	for (level = 0; level <= walk->call.leaf_level; level++) {
		entry = &walk->entry[level];
		if (entry->type == VMWALK_CLASS_FOLDED)
			continue;
		if (view->arch->kernel_perm) {
			perms &= view->arch->kernel_perm(level, entry->value);
			continue;
		}
		if (!(entry->flags & VMWALK_E_WRITE))
			perms &= ~VMWALK_PERM_W;
		if (!(entry->flags & VMWALK_E_EXEC))
			perms &= ~VMWALK_PERM_X;
	}
	return perms;
}

void view_kernel_effective(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_address *walk = &view->seen.walk;
	struct screen *screen = &drawing->screen;
	char kernel[4], user[4];

	screen_row(screen, "  effective", 13);
	screen_word(screen, "%s  for the kernel", format_perms(kernel_perms(view), kernel));
	screen_part(screen, "%s for user mode", format_perms(walk->call.effective, user));
	if (view_class(view) != VMWALK_CLASS_LEAF)
		screen_part(screen, "the walk ends at the %s: %s",
			    vmwalk_level_name(walk->call.leaf_level),
			    vmwalk_class_name(view_class(view)));
	screen_end(screen);
}

void view_kernel_shadow(struct drawing *drawing)
{
	struct address_view *copy;
	struct screen *screen = &drawing->screen;

	if (!drawing->view->shadow)
		return;
	copy = view_of_shadow(drawing->view);
	if (!copy)
		return;
	screen_row(screen, drawing->view->arch->shadow, VIEW_LABEL);
	screen_word(screen, "what user mode's copy of the root has there:");
	screen_end(screen);
	view_table(screen, copy, drawing->options);
	free(copy);
}

void view_kernel_note(struct drawing *drawing)
{
	struct screen *screen = &drawing->screen;

	screen_row(screen, "note", VIEW_LABEL);
	screen_word(screen, "best effort: no lock of the process protects these tables;");
	screen_word(screen, "a table may be freed while it is read,");
	screen_word(screen, "so that the path was read twice");
	screen_end(screen);
}
