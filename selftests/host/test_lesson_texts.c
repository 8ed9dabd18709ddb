// SPDX-License-Identifier: GPL-2.0
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "class/lesson_page.h"
#include "class/lesson_story.h"
#include "kselftest_harness.h"

static struct lesson_story *list;
static size_t nr;

/*
 * Count the columns of a line; a tab counts @tab. Return -1 if a character is neither
 * ASCII nor one of @ours, which --ascii replaces.
 */
static int columns(const char *line, int tab)
{
	static const char * const ours[] = { "·", "→", "…", "–" };
	int columns = 0;
	size_t i;

	for (; *line && *line != '\n'; line++) {
		columns += *line == '\t' ? tab : 1;
		if (!(*line & 0x80))
			continue;
		for (i = 0; i < 4 && strncmp(line, ours[i], strlen(ours[i])); i++)
			;
		if (i == 4)
			return -1;
		line += strlen(ours[i]) - 1;
	}
	return columns;
}

static FILE *open_file(const char *name, const char *suffix)
{
	char path[4096];

	return lesson_path(path, sizeof(path), name, suffix) ? NULL : fopen(path, "r");
}

FIXTURE(lessons) { };

FIXTURE_SETUP(lessons)
{
	static const char file[] = __FILE__;
	char path[4096];

	snprintf(path, sizeof(path), "%.*s/../../tools/lessons", (int)(strrchr(file, '/') - file),
		 file);
	setenv("VMWALK_LESSONS", path, 1);
	ASSERT_EQ(lesson_list(&list, &nr), 0);
}

FIXTURE_TEARDOWN(lessons)
{
	lesson_list_free(list, nr);
}

TEST_F(lessons, all_are_listed_in_order_and_fit)
{
	ASSERT_GE(nr, 20);
	/* The list of lessons, below its heading, must fit on a screen. */
	EXPECT_LE(nr, LESSON_ROWS - 1);
	for (size_t i = 0; i < nr; i++) {
		EXPECT_LE(strlen(list[i].name), 15);
		EXPECT_LE(columns(list[i].title, 1), LESSON_COLUMNS - 18)
			TH_LOG("%s", list[i].title);
		EXPECT_TRUE(!i || list[i - 1].place < list[i].place)
			TH_LOG("%s has the place of another", list[i].name);
	}
}

TEST_F(lessons, every_line_fits_the_screen)
{
	char line[512];
	FILE *in;

	for (size_t i = 0; i < nr; i++) {
		in = open_file(list[i].name, ".story");
		ASSERT_NE(in, NULL);
		while (fgets(line, sizeof(line), in)) {
			EXPECT_GE(columns(line, 1), 0)
				TH_LOG("%s: %s", list[i].name, line);
			EXPECT_LE(columns(line, 1), strchr("@\t$", *line) ? 100 : LESSON_COLUMNS)
				TH_LOG("%s: %s", list[i].name, line);
		}
		fclose(in);
	}
}

/* A reader must see a program without wrapped lines, and read it within minutes. */
TEST_F(lessons, every_program_can_be_read)
{
	unsigned int lines;
	char line[512];
	FILE *in;

	for (size_t i = 0; i < nr; i++) {
		in = open_file(list[i].name, ".c");
		ASSERT_NE(in, NULL);
		for (lines = 0; fgets(line, sizeof(line), in); lines++) {
			EXPECT_LE(columns(line, 4), LESSON_COLUMNS)
				TH_LOG("%s: %s", list[i].name, line);
		}
		EXPECT_LE(lines, 150)
			TH_LOG("%s: %u lines", list[i].name, lines);
		fclose(in);
	}
}

TEST_F(lessons, programs_stop_where_the_stories_say)
{
	char *code, *source = NULL;
	unsigned int checks;
	size_t room = 0;
	const char *from;
	FILE *in;

	for (size_t i = 0; i < nr; i++) {
		const struct lesson_story *story = &list[i];

		in = open_file(story->name, ".c");
		ASSERT_GT(getdelim(&source, &room, '\0', in), 0);
		fclose(in);
		from = NULL;
		checks = 0;
		for (size_t at = 0; at < story->nr; at++) {
			checks += story->part[at].type == LESSON_CHECK;
			if (story->part[at].type != LESSON_GO)
				continue;
			code = lesson_code(source, from, story->part[at].text);
			EXPECT_NE(code, NULL)
				TH_LOG("%s: nothing to show before \"%s\"", story->name,
				       story->part[at].text);
			free(code);
			from = story->part[at].text;
		}
		EXPECT_GE(checks, 4)
			TH_LOG("%s makes %u points", story->name, checks);
	}
	free(source);
}

/*
 * Print blocks of 10, 10, 10 and 40 rows, including the blank row after each, and exit.
 */
static void show_blocks(void)
{
	static const int blocks[] = { 10, 10, 10, 40 };
	struct options options = { .width = 80 };
	struct lesson_page page;

	lesson_page_begin(&page, &options);
	for (size_t block = 0; block < 4 && !page.quit; block++) {
		for (int i = 1; i < blocks[block]; i++)
			lesson_page_put(&page, INK_PLAIN, "line %zu.%d\n", block, i);
		lesson_page_show(&page);
	}
	lesson_page_end(&page);
	_exit(page.quit ? 1 : 0);
}

/*
 * Read up to the next prompt; return the number of rows, or -1 if there is no more
 * prompt.
 */
static int read_page(int fd, char *text, size_t size)
{
	size_t used = 0;
	int rows = 0;
	ssize_t n;

	while ((n = read(fd, text + used, size - used - 1)) > 0) {
		used += n;
		text[used] = '\0';
		if (strstr(text, "q: quit "))
			break;
	}
	for (size_t i = 0; i < used; i++)
		rows += text[i] == '\n';
	return n > 0 ? rows : -1;
}

static int give(const char *answer, int *pages, int *most)
{
	struct winsize size = { .ws_row = 50, .ws_col = 80 };
	int fd, status, rows;
	char text[65536];
	pid_t pid = forkpty(&fd, NULL, NULL, &size);

	if (!pid) {
		setenv("TERM", "dumb", 1);
		show_blocks();
	}
	*pages = *most = 0;
	while ((rows = read_page(fd, text, sizeof(text))) >= 0) {
		(*pages)++;
		if (rows > *most)
			*most = rows;
		if (write(fd, answer, strlen(answer)) < 0)
			break;
	}
	waitpid(pid, &status, 0);
	close(fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(a_terminal_is_given_no_more_than_fits)
{
	int pages, most;

	/* Three prompts separate pages of 10 + 10, 10 + 13, 23 and 4 rows. */
	EXPECT_EQ(give("\n", &pages, &most), 0);
	EXPECT_EQ(pages, 3);
	/* The terminal echoes the Enter key, which adds a row to the next page. */
	EXPECT_LE(most, LESSON_ROWS);
	EXPECT_EQ(give("q\n", &pages, &most), 1);
	EXPECT_EQ(pages, 1);
}

TEST_HARNESS_MAIN
