// SPDX-License-Identifier: GPL-2.0
#include "escape.h"
#include "format.h"
#include "heading.h"
#include "json.h"

void heading_row(struct screen *screen, const struct vmwalk_target *target,
		 const struct vmwalk_caps *caps, const char *right)
{
	char comm[4 * sizeof(target->comm)], page[32];

	screen_row(screen, "", 0);
	screen_ink(screen, INK_STRONG);
	screen_word(screen, "%s[%d]",
		    escape_text(comm, sizeof(comm), target->comm, screen->ascii),
		    (int)target->pid);
	screen_ink(screen, INK_PLAIN);
	if (target->tgid != target->pid)
		screen_word(screen, "thread of %d", (int)target->tgid);
	screen_word(screen, " %s, %u levels, %s pages", vmwalk_arch_find(caps->arch)->name,
		    caps->nr_levels, format_size(caps->page_size, page, sizeof(page)));
	screen_right(screen, right);
	screen_end(screen);
}

void heading_draw(struct screen *screen, const struct vmwalk_image *image, const char *right)
{
	heading_row(screen, &image->target, &image->caps, right);
}

void heading_verdict(struct screen *screen, enum ink ink)
{
	if (screen->width >= 100)
		screen_end(screen);
	screen_row(screen, "", 2);
	screen_ink(screen, ink);
}

void heading_verdict_end(struct screen *screen)
{
	screen_ink(screen, INK_PLAIN);
	screen_end(screen);
	if (screen->width >= 100)
		screen_end(screen);
}

json_t *heading_fields(const struct vmwalk_target *target, const struct vmwalk_caps *caps)
{
	json_t *root = json_object();

	field_number(root, "pid", target->pid);
	field_number(root, "tgid", target->tgid);
	field_text(root, "comm", target->comm);
	field_text(root, "arch", vmwalk_arch_find(caps->arch)->json);
	field_number(root, "page_size", caps->page_size);
	field_number(root, "levels", caps->nr_levels);
	return root;
}

json_t *heading_object(const struct vmwalk_image *image)
{
	return heading_fields(&image->target, &image->caps);
}
