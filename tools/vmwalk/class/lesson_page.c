// SPDX-License-Identifier: GPL-2.0
/*
 * Print the output of a lesson: text is collected in a block, which is shown as a whole,
 * so that pauses come between blocks.
 */
#include <err.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "lesson_expr.h"
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

void lesson_page_put(struct lesson_page *page, enum ink ink, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		errx(STATUS_NO, "no memory");
	va_end(args);
	if (ink != INK_PLAIN)
		screen_ink(&page->screen, ink);
	screen_put(&page->screen, text);
	if (ink != INK_PLAIN)
		screen_ink(&page->screen, INK_PLAIN);
	free(text);
}

void lesson_page_put_lines(struct lesson_page *page, const char *before, const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		lesson_page_put(page, INK_PLAIN, "%s%.*s\n", end > text ? before : "",
				(int)(end - text), text);
	}
}

void lesson_page_put_filled(struct lesson_page *page, int column, const char *text)
{
	char *copy = lesson_format("%s", text), *word, *rest = copy;
	struct screen *screen = &page->screen;

	screen->indent = column;
	screen->column = column;
	screen->parts = 0;
	while ((word = strsep(&rest, "\n ")))
		if (*word)
			screen_word(screen, "%s", word);
	screen_end(screen);
	free(copy);
}

void lesson_page_put_fence(struct lesson_page *page, const char *language)
{
	if (page->markdown)
		lesson_page_put(page, INK_PLAIN, "```%s\n", language);
}

void lesson_page_put_command(struct lesson_page *page, const char *line, const char *output)
{
	const bool wide = screen_columns(&page->screen, line) + 2 > page->screen.width;
	const char *bar;

	lesson_page_put_fence(page, "console");
	lesson_page_put(page, INK_STRONG, "$ ");
	while (wide && (bar = strstr(line, " | "))) {
		lesson_page_put(page, INK_STRONG, "%.*s", (int)(bar + 2 - line), line);
		lesson_page_put(page, INK_PLAIN, "\n    ");
		line = bar + 3;
	}
	lesson_page_put(page, INK_STRONG, "%s", line);
	lesson_page_put(page, INK_PLAIN, "\n");
	lesson_page_put_lines(page, "", output);
	lesson_page_put_fence(page, "");
}

void lesson_page_put_heading(struct lesson_page *page, const char *text, const char *right)
{
	int room = page->screen.width - screen_columns(&page->screen, text) - strlen(right) - 2;

	if (page->markdown) {
		lesson_page_put(page, INK_PLAIN, "## %s\n\n", text);
		return;
	}
	lesson_page_put(page, INK_STRONG, "%s ", text);
	for (; room > 0; room--)
		lesson_page_put(page, INK_FAINT, "-");
	lesson_page_put(page, INK_FAINT, " %s\n", right);
}

/* Count screen rows: escape sequences take no columns, and a long line wraps. */
static int rows_of(const struct lesson_page *page, const char *text, const char *end)
{
	const int width = page->screen.width;
	int columns = 0, rows = 0;

	for (; text < end; text++) {
		if (*text == '\n') {
			rows += columns ? (columns + width - 1) / width : 1;
			columns = 0;
		} else if (*text == '\033') {
			text += strcspn(text, "m");
		} else {
			columns += (*text & 0xc0) != 0x80;
		}
	}
	return rows;
}

static void wait_enter(struct lesson_page *page, const char *prompt)
{
	const char *term = getenv("TERM");
	int c;

	if (page->screen.color)
		fputs("\033[7m", stdout);
	printf(" %s ", prompt);
	if (page->screen.color)
		fputs("\033[0m", stdout);
	fflush(stdout);
	c = getchar();
	page->quit = c == 'q' || c == 'Q' || c == EOF;
	while (c != '\n' && c != EOF)
		c = getchar();
	/*
	 * The Enter key has moved the cursor to the next line: go back and erase the
	 * prompt.
	 */
	if (term && strcmp(term, "dumb"))
		fputs("\033[A\033[K", stdout);
	page->used = 0;
}

static void show_lines(struct lesson_page *page)
{
	char *line = page->block, *end;
	int rows;

	for (; !page->quit && (end = strchr(line, '\n')); line = end + 1) {
		rows = rows_of(page, line, end + 1);
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

	if (!ftell(page->screen.out))
		return;
	lesson_page_put(page, INK_PLAIN, "\n");
	fclose(page->screen.out);
	rows = rows_of(page, page->block, page->block + page->size);
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
