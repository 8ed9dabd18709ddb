// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "output/escape.h"
#include "output/format.h"
#include "verdict.h"
#include "view_drawing.h"

const char *view_harmless(const struct drawing *drawing, const char *name)
{
	static char text[SCREEN_TEXT / 2];

	return escape_text(text, sizeof(text), name, drawing->options->ascii);
}

void view_verdict(struct screen *screen, const struct address_view *view)
{
	char verdict[1024], text[4 * sizeof(verdict)], *part, *rest = verdict;
	static const char dot[] = " · ";

	verdict_write(view, verdict, sizeof(verdict));
	while ((part = rest)) {
		rest = strstr(part, dot);
		if (rest) {
			*rest = '\0';
			rest += strlen(dot);
		}
		screen_part(screen, "%s", escape_text(text, sizeof(text), part, screen->ascii));
	}
}

void view_maps(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_maps *maps = &view->seen.books.maps;
	char *squeezed, *at;
	const char *from;
	char where[64];

	if (!view->line)
		return;
	squeezed = malloc(strlen(view->line->text) + 1);
	if (!squeezed)
		return;
	/* The kernel pads the line so that names are aligned: keep at most two blanks. */
	for (at = squeezed, from = view->line->text; *from; from++)
		if (*from != ' ' || at < squeezed + 2 || at[-1] != ' ' || at[-2] != ' ')
			*at++ = *from;
	*at = '\0';
	screen_row(&drawing->screen, "maps", VIEW_LABEL);
	snprintf(where, sizeof(where), "line %zu of %zu", view->line - maps->line + 1, maps->nr);
	screen_word(&drawing->screen, "%s", view_harmless(drawing, squeezed));
	screen_right(&drawing->screen, where);
	screen_end(&drawing->screen);
	free(squeezed);
}

/* The kernel has no symbol for what is built without CONFIG_KALLSYMS_ALL. */
static const char *symbol_of(struct drawing *drawing, const char *symbol)
{
	return *symbol ? view_harmless(drawing, symbol) : "without a symbol";
}

static void draw_ops(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_address *walk = &view->seen.walk;
	struct screen *screen = &drawing->screen;

	if (!(walk->vma.traits & VMWALK_VMA_HAS_OPS))
		screen_part(screen, "vm_ops none");
	else if (view_redacted(view, VMWALK_REDACTED_SYMBOLS))
		screen_part(screen, "vm_ops %s", HIDDEN_KERNEL_LONG);
	else if (walk->call.got & VMWALK_GOT_OPS)
		screen_part(screen, "vm_ops %s", symbol_of(drawing, walk->symbols.vm_ops));
	if (walk->call.got & VMWALK_GOT_OPS && walk->vma.traits & VMWALK_VMA_HAS_FAULT)
		screen_part(screen, "fault %s", symbol_of(drawing, walk->symbols.vm_fault));
}

void view_vma(struct drawing *drawing)
{
	const struct address_view *view = drawing->view;
	const struct vmwalk_vma *vma = &view->seen.walk.vma;
	struct screen *screen = &drawing->screen;
	char words[256], size[32];

	screen_row(screen, "VMA", VIEW_LABEL);
	screen_word(screen, "%llx-%llx", (unsigned long long)vma->start,
		    (unsigned long long)vma->end);
	screen_word(screen, "%s", vmwalk_words_join(words, sizeof(words), vmwalk_vma_words,
						    vma->flags, " "));
	screen_part(screen, "offset +%#llx of %s",
		    (unsigned long long)(view->seen.walk.call.address - vma->start),
		    format_size(vma->end - vma->start, size, sizeof(size)));
	screen_part(screen, "anon_vma %s", vma->traits & VMWALK_VMA_HAS_ANON_VMA ? "yes" : "no");
	draw_ops(drawing);
	if (vma->pkey)
		screen_part(screen, "pkey %u", vma->pkey);
	screen_end(screen);
}

static void draw_neighbour(struct drawing *drawing, const char *label, __u64 start, __u64 end,
			   const char *note)
{
	const struct vmwalk_maps_line *line;
	const char *name = "";

	line = vmwalk_maps_at(&drawing->view->seen.books.maps, start);
	if (line)
		name = line->name;
	screen_row(&drawing->screen, label, VIEW_LABEL);
	screen_word(&drawing->screen, "%llx-%llx %s  %s", (unsigned long long)start,
		    (unsigned long long)end, line ? line->perms : "", view_harmless(drawing, name));
	screen_right(&drawing->screen, note);
	screen_end(&drawing->screen);
}

void view_hole(struct drawing *drawing)
{
	const struct vmwalk_address *walk = &drawing->view->seen.walk;
	__u64 from, to;
	char size[32];

	view_gap(drawing->view, &from, &to);
	if (walk->call.got & VMWALK_GOT_PREV)
		draw_neighbour(drawing, "before", walk->call.prev_start, walk->call.prev_end, "");
	screen_row(&drawing->screen, "gap", VIEW_LABEL);
	screen_word(&drawing->screen, "%llx-%llx", (unsigned long long)from,
		    (unsigned long long)to);
	screen_word(&drawing->screen, " %s", format_size(to - from, size, sizeof(size)));
	screen_part(&drawing->screen, "the address is %#llx into it",
		    (unsigned long long)(walk->call.address - from));
	screen_end(&drawing->screen);
	if (walk->call.got & VMWALK_GOT_NEXT)
		draw_neighbour(drawing, "after", walk->call.next_start, walk->call.next_end,
			       "what find_vma() returns");
}
