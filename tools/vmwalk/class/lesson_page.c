// SPDX-License-Identifier: GPL-2.0
/*
 * A lesson on a terminal: never more rows than fit between two pauses.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "lesson_page.h"

static int terminal_rows(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < 8 ||
	    size.ws_row > LESSON_ROWS)
		return LESSON_ROWS;
	return size.ws_row;
}

static void block_begin(struct lesson_page *page)
{
	page->screen.out = open_memstream(&page->block, &page->size);
	if (!page->screen.out)
		errx(STATUS_NO, "no memory");
}

void lesson_page_begin(struct lesson_page *page, const struct options *options)
{
	memset(page, 0, sizeof(*page));
	screen_begin(&page->screen, NULL, options);
	page->markdown = options->markdown;
	page->pauses = !options->no_pause && !options->markdown && isatty(STDIN_FILENO) &&
		       isatty(STDOUT_FILENO);
	page->rows = terminal_rows();
	if (page->screen.width > LESSON_COLUMNS)
		page->screen.width = LESSON_COLUMNS;
	if (page->markdown)
		page->screen.color = false;
	block_begin(page);
}

void lesson_page_put(struct lesson_page *page, enum ink ink, const char *text)
{
	if (ink != INK_PLAIN)
		screen_ink(&page->screen, ink);
	screen_put(&page->screen, text);
	if (ink != INK_PLAIN)
		screen_ink(&page->screen, INK_PLAIN);
}

bool lesson_page_empty(const struct lesson_page *page)
{
	return !ftell(page->screen.out);
}

/* Rows that a line takes: colours take none, and what is too long wraps. */
static int line_rows(const struct lesson_page *page, const char *line, size_t len)
{
	int columns = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (line[i] == '\033')
			i += strcspn(line + i, "m");
		else if ((line[i] & 0xc0) != 0x80)
			columns++;
	}
	return columns ? (columns + page->screen.width - 1) / page->screen.width : 1;
}

static int block_rows(const struct lesson_page *page)
{
	const char *line = page->block, *end;
	int rows = 0;

	for (; (end = strchr(line, '\n')); line = end + 1)
		rows += line_rows(page, line, end - line);
	return rows;
}

/* The prompt goes away again, where the terminal can. */
static void wait_enter(struct lesson_page *page, const char *what)
{
	const char *term = getenv("TERM");
	bool quit = true;
	int c;

	if (page->screen.color)
		fputs("\033[7m", stdout);
	printf(" %s ", what);
	if (page->screen.color)
		fputs("\033[0m", stdout);
	fflush(stdout);
	c = getchar();
	if (c != 'q' && c != 'Q' && c != EOF)
		quit = false;
	while (c != '\n' && c != EOF)
		c = getchar();
	if (term && strcmp(term, "dumb"))
		fputs("\033[A\033[K", stdout);
	page->used = 0;
	page->quit = quit;
}

static void show_lines(struct lesson_page *page)
{
	char *line = page->block, *end;
	int rows;

	for (; !page->quit && (end = strchr(line, '\n')); line = end + 1) {
		rows = line_rows(page, line, end - line);
		if (page->pauses && page->used + rows > page->rows - 1)
			wait_enter(page, "Enter: more, q: quit");
		if (page->quit)
			break;
		fwrite(line, 1, end + 1 - line, stdout);
		page->used += rows;
	}
}

void lesson_page_show(struct lesson_page *page)
{
	int rows;

	fclose(page->screen.out);
	rows = block_rows(page);
	if (page->pauses && page->used && rows < page->rows &&
	    page->used + rows > page->rows - 1)
		wait_enter(page, "Enter: more, q: quit");
	show_lines(page);
	fflush(stdout);
	free(page->block);
	block_begin(page);
}

void lesson_page_pause(struct lesson_page *page)
{
	lesson_page_show(page);
	if (page->pauses && page->used && !page->quit)
		wait_enter(page, "Enter: go on, q: quit");
}

void lesson_page_end(struct lesson_page *page)
{
	lesson_page_show(page);
	fclose(page->screen.out);
	free(page->block);
}
