// SPDX-License-Identifier: GPL-2.0
/* Lessons: the grammar of stories, what they reckon, and that a point that fails is heard. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class/lesson_command.h"
#include "class/lesson_expr.h"
#include "class/lesson_files.h"
#include "class/lesson_give.h"
#include "class/lesson_story.h"
#include "command.h"
#include "kselftest_harness.h"

static char why[512];

static int read_story(const char *text, struct lesson_story *story)
{
	FILE *in = fmemopen((void *)text, strlen(text), "r");
	int error = lesson_story_read(in, story, why, sizeof(why));

	fclose(in);
	return error;
}

#define HEAD	"# comment\ntitle A title\nplace 10\n\n= First\n"

TEST(a_story_is_read_line_by_line)
{
	static const struct {
		enum lesson_part_type type;
		const char *text;
	} parts[] = {
		{ LESSON_HEADING, "First" }, { LESSON_TEXT, "Some text." }, { LESSON_TEXT, "" },
		{ LESSON_GO, "ready" }, { LESSON_COMMAND, "vmwalk {pid} | head -n 2" },
		{ LESSON_LET, "{a} + 1" }, { LESSON_LET, "vmwalk --json {pid}" },
		{ LESSON_CHECK, "it holds" }, { LESSON_TERM, "{a} == 1" },
		{ LESSON_TERM, "vmwalk --expect none {pid} 0" }, { LESSON_HEADING, "Second" },
		{ LESSON_GO, "on" }, { LESSON_WATCH, "vmwalk watch {pid} | head -n 9" },
		{ LESSON_LET, LESSON_WATCHED },
	};
	struct lesson_story story;

	ASSERT_EQ(read_story(HEAD "Some text.\n\n@go ready\n$ vmwalk {pid} | head -n 2\n"
			     "@let b = {a} + 1\n@let c = vmwalk --json {pid} -> mm.rss\n"
			     "@check it holds\n\t{a} == 1\n\tvmwalk --expect none {pid} 0\n"
			     "= Second [guard]\n@go on\n\tvmwalk watch {pid} | head -n 9\n"
			     "@let d = watch -> 0.class\n", &story), 0)
		TH_LOG("%s", why);
	EXPECT_STREQ(story.title, "A title");
	EXPECT_EQ(story.place, 10);
	ASSERT_EQ(story.nr, sizeof(parts) / sizeof(parts[0]));
	for (size_t i = 0; i < story.nr; i++) {
		EXPECT_EQ(story.part[i].type, parts[i].type);
		EXPECT_STREQ(story.part[i].text, parts[i].text);
	}
	EXPECT_STREQ(story.part[5].name, "b");
	EXPECT_EQ(story.part[5].path, NULL);
	EXPECT_STREQ(story.part[6].path, "mm.rss");
	EXPECT_STREQ(story.part[10].name, "guard");
	EXPECT_STREQ(story.part[13].path, "0.class");
	EXPECT_EQ(story.part[0].name, NULL);
	lesson_story_free(&story);
}

TEST(what_is_wrong_in_a_story_is_told_with_its_line)
{
	static const char * const wrong[] = {
		"", "title A\n", "place 10\n= A\n", "title A\nplace x\n= A\n", "text first\n",
		HEAD "@stop here\n", HEAD "@go\n", HEAD "$ rm -rf /\n", HEAD "$ vmwalk 1 | sh\n",
		HEAD "$ vmwalk 1 | head -n\n", HEAD "$ vmwalk 1 | grep x y\n",
		HEAD "@let a\n", HEAD "@let a = vmwalk 1\n", HEAD "@let a = 1 -> b\n",
		HEAD "\t1 == 1\n", HEAD "@check nothing\n", HEAD "@check nothing\ntext\n",
		HEAD "@check x\n\t1\n", HEAD "@check x\n\t1 ==\n", HEAD "@check x\n\t{a} = 1\n",
		HEAD "@check x\n\tsh -c true\n", HEAD "@check x\n\t{a} < word\n",
		HEAD "@check x\n\t{a} == 1 +\n", HEAD "@go a\n\tvmwalk watch {pid}\n",
		HEAD "@go a\n@go b\n\tvmwalk {pid}\n", HEAD "@go a\n@go b\n\tsh -c true\n",
		HEAD "@go a\n@go b\n\tvmwalk watch 1 | sh\n", HEAD "@let a = watch -> #\n",
		HEAD "@go a\n@go b\n\tvmwalk watch {pid}\n\tvmwalk watch {pid}\n",
		HEAD "@go a\n@go b\n\tvmwalk watch {pid}\n@let a = watch\n",
	};
	struct lesson_story story;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		EXPECT_NE(read_story(wrong[i], &story), 0)
			TH_LOG("%s", wrong[i]);
		EXPECT_EQ(strncmp(why, "line ", 5), 0);
		lesson_story_free(&story);
	}
	read_story(HEAD "text\n@stop here\n", &story);
	EXPECT_NE(strstr(why, "line 7"), NULL);
	EXPECT_NE(strstr(why, "@stop here"), NULL);
	lesson_story_free(&story);
}

TEST(sums_are_what_they_are_on_paper)
{
	static const struct {
		const char *text;
		long long sum;
	} sums[] = {
		{ "1 + 2 * 3", 7 }, { "(1 + 2) * 3", 9 }, { "0x10 - 1", 15 }, { "7 / 2", 3 },
		{ "7 % 4", 3 }, { "0x7f123 >> 12", 0x7f }, { "0xff & 6", 6 }, { "1 - 2", -1 },
		{ "-1", -1 }, { "3 - -1", 4 }, { "010", 10 }, { "2 - 1 - 1", 0 },
	};
	static const char * const none[] = { "", "x", "1 +", "(1", "1 2", "1 / 0", "1 % 0", "0x" };
	__int128 sum;

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		EXPECT_TRUE(lesson_sum(sums[i].text, &sum))
			TH_LOG("%s", sums[i].text);
		EXPECT_EQ((long long)sum, sums[i].sum)
			TH_LOG("%s", sums[i].text);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		EXPECT_FALSE(lesson_sum(none[i], &sum))
			TH_LOG("%s", none[i]);
	}
}

TEST(terms_hold_or_do_not_and_say_what_was_there)
{
	EXPECT_TRUE(lesson_term_holds("0x1000 == 4096", why, sizeof(why)));
	EXPECT_TRUE(lesson_term_holds("0xffffffffffffffff > 1", why, sizeof(why)));
	EXPECT_TRUE(lesson_term_holds("16 >> 2 <= 4", why, sizeof(why)));
	EXPECT_TRUE(lesson_term_holds("rw-p == rw-p", why, sizeof(why)));
	EXPECT_TRUE(lesson_term_holds("cow != reuse", why, sizeof(why)));
	EXPECT_TRUE(lesson_term_holds("Bad address == Bad address", why, sizeof(why)));
	EXPECT_FALSE(lesson_term_holds("cow < reuse", why, sizeof(why)));
	EXPECT_FALSE(lesson_term_holds("cow == reuse", why, sizeof(why)));
	EXPECT_FALSE(lesson_term_holds("1 + 1 == 3", why, sizeof(why)));
	EXPECT_NE(strstr(why, "left side is 2"), NULL);
	EXPECT_NE(strstr(why, "right side 3"), NULL);
}

TEST(names_are_filled_in_and_nothing_else_in_braces)
{
	struct lesson_values values = { 0 };
	char *missing, *text;

	lesson_value_set(&values, "page", "0x1000");
	lesson_value_set(&values, "page", "0x2000");
	text = lesson_fill(&values, "{page}+{page} { x } {}", &missing);
	EXPECT_STREQ(text, "0x2000+0x2000 { x } {}");
	EXPECT_EQ(missing, NULL);
	free(text);
	text = lesson_fill(&values, "{page} {nobody} {else}", &missing);
	EXPECT_STREQ(text, "0x2000 {nobody} {else}");
	EXPECT_STREQ(missing, "nobody");
	free(text);
	free(missing);
	lesson_values_free(&values);
}

TEST(what_could_not_be_seen_is_known_by_its_name)
{
	struct lesson_values values = { 0 };

	lesson_value_set(&values, "class", NULL);
	lesson_value_set(&values, "page", "0x1000");
	EXPECT_TRUE(lesson_value_unseen(&values, "{page}: {class}"));
	EXPECT_FALSE(lesson_value_unseen(&values, "{page} {nobody} {"));
	EXPECT_EQ(lesson_value_get(&values, "class"), NULL);
	lesson_value_set(&values, "class", "cow");
	EXPECT_FALSE(lesson_value_unseen(&values, "{class}"));
	lesson_values_free(&values);
}

TEST(a_path_leads_to_a_value_of_json)
{
	static const char plain[] = "{\"a\":{\"b\":7},\"runs\":[{\"x\":1},{\"x\":2}]}";
	static const char walk[] = "{\"walk\":[{\"l\":\"PGD\"},{\"l\":\"PTE\",\"i\":9}]}";
	static const char flags[] = "{\"flags\":[\"lo\",\"rd\"]}";
	static const char events[] =
		"[{\"n\":1,\"flags\":[\"a\"]},{\"n\":2,\"flags\":[\"b\",\"c\"]}]";
	static const struct {
		const char *json;
		const char *path;
		const char *value;
	} paths[] = {
		{ plain, "a.b", "7" }, { plain, "runs.#", "2" }, { plain, "runs.1.x", "2" },
		{ flags, "flags", "lo rd" }, { walk, "walk.PTE.i", "9" },
		{ walk, "walk.PGD.l", "PGD" }, { plain, "a.c", NULL }, { walk, "walk.PUD.i", NULL },
		{ events, "#", "2" }, { events, "1.n", "2" }, { events, "c.n", "2" },
		{ events, "d.n", NULL }, { plain, "runs.2.x", NULL }, { plain, "a.b.c", NULL },
		{ "", "a", NULL },
	};
	char *text;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		text = lesson_json_get(paths[i].json, paths[i].path);
		EXPECT_EQ(!text, !paths[i].value);
		EXPECT_STREQ(text ?: "", paths[i].value ?: "")
			TH_LOG("%s", paths[i].path);
		free(text);
	}
}

/* In the place of vmwalk: says what it was given, and ends as its last word says. */
static int echo(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("%s%c", argv[i], i + 1 < argc ? ' ' : '\n');
	printf("one\n\033[1mtwo\033[0m\nthree\n");
	fputs("vmwalk: \"present\" does not hold: there is none\n", stderr);
	return atoi(argv[argc - 1]);
}

TEST(a_command_is_run_in_words_and_filtered)
{
	struct screen screen = { .width = 80 };
	struct lesson_output output;

	lesson_command_main = echo;
	lesson_command_run("vmwalk  'a b' ; $(x) 0", &screen, &output);
	EXPECT_EQ(output.status, 0);
	EXPECT_EQ(strncmp(output.out, "vmwalk a b ; $(x) 0\none\n", 24), 0);
	lesson_output_free(&output);
	lesson_command_run("vmwalk 3 | grep -E 'o.*e|^two' | head -n 1", &screen, &output);
	EXPECT_EQ(output.status, 3);
	EXPECT_STREQ(output.out, "one\n");
	lesson_output_free(&output);
	lesson_command_run("vmwalk 0 | grep -E ^two", &screen, &output);
	EXPECT_STREQ(output.out, "\033[1mtwo\033[0m\n");
	lesson_output_free(&output);
}

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	interrupted = signal;
}

/*
 * In the place of vmwalk watch: two faults of which the second one comes when it is to end;
 * or, for the process 5, what it says where it is not possible.
 */
static int watch(int argc, char **argv)
{
	const bool json = argc > 2 && !strcmp(argv[2], "--json");

	if (!strcmp(argv[argc - 1], "5")) {
		fputs("vmwalk: the module tells no events\nload another one\n", stderr);
		return STATUS_MODULE;
	}
	signal(SIGINT, interrupt);
	puts(json ? "{\"event\":\"start\"}\n{\"event\":\"fault\",\"class\":\"cow\"}" :
		    "demo[7]\none");
	fflush(stdout);
	while (!interrupted)
		usleep(1000);
	puts(json ? "{\"event\":\"fault\",\"class\":\"reuse\",\"error_code\":[\"P\",\"W\"]}" :
		    "two");
	if (json)
		printf("{\"event\":\"end\",\"lost\":%s}\n", argv[argc - 1]);
	return 0;
}

/* What is shown, of the story that was told last */
static char shown[8192];

static void take(FILE *file, char *text, size_t size)
{
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* Goes through a story without a program; what comes on stderr is in why. */
static int tell(const char *text)
{
	struct options options = { .width = 80, .no_pause = true };
	struct lesson lesson = { .name = "test" };
	struct lesson_story story;
	int error = dup(STDERR_FILENO), out = dup(STDOUT_FILENO);
	FILE *file = tmpfile(), *screen = tmpfile();

	fflush(stdout);
	dup2(fileno(file), STDERR_FILENO);
	dup2(fileno(screen), STDOUT_FILENO);
	lesson.status = read_story(text, &story);
	lesson.story = &story;
	lesson_page_begin(&lesson.page, &options);
	while (!lesson.status && lesson_part(&lesson)) {
		const struct lesson_part *part = lesson_part(&lesson);

		lesson.at++;
		if (part->type == LESSON_CHECK)
			lesson_check(&lesson, part);
		else if (part->type == LESSON_LET)
			lesson_let(&lesson, part);
		else if (part->type == LESSON_WATCH)
			lesson_watch_begin(&lesson, part);
		lesson_watch_end(&lesson);
	}
	lesson_page_end(&lesson.page);
	lesson_forget(&lesson);
	free(lesson.watch.events);
	lesson_values_free(&lesson.values);
	lesson_story_free(&story);
	fflush(stdout);
	dup2(error, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	close(error);
	close(out);
	take(file, why, sizeof(why));
	take(screen, shown, sizeof(shown));
	return lesson.status;
}

TEST(a_point_that_does_not_hold_ends_the_lesson_and_says_so)
{
	lesson_command_main = echo;
	EXPECT_EQ(tell(HEAD "@let a = 1 + 1\n@check two\n\t{a} == 2\n"), STATUS_DONE)
		TH_LOG("%s", why);
	EXPECT_STREQ(why, "");
	EXPECT_EQ(tell(HEAD "@let a = 1\n@check {a} is two\n\t{a} == 2\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "lesson test, line 8"), NULL);
	EXPECT_NE(strstr(why, "otherwise than the lesson says: 1 is two"), NULL);
	EXPECT_EQ(tell(HEAD "@check all terms count\n\t1 == 1\n\t2 == 1\n"), STATUS_NO);
	EXPECT_EQ(tell(HEAD "@check what vmwalk says counts\n\tvmwalk --expect x 0\n"),
		  STATUS_DONE);
	EXPECT_EQ(tell(HEAD "@check what vmwalk says counts\n\tvmwalk --expect x 1\n"), STATUS_NO);
	EXPECT_EQ(tell(HEAD "@check a name\n\t{nobody} == 1\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "{nobody}"), NULL);
	EXPECT_EQ(tell(HEAD "@let a = vmwalk 5 -> x\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "ended with 5"), NULL);
}

#define GOES	HEAD "@go a\n@go b\n"

TEST(a_watch_is_shown_and_can_be_asked)
{
	lesson_command_main = watch;
	EXPECT_EQ(tell(GOES "\tvmwalk watch 0 | grep -E 'o'\n@let nr = watch -> #\n"
		       "@let class = watch -> 1.class\n@let code = watch -> reuse.error_code\n"
		       "@check two\n\t{nr} == 2\n\t{class} == reuse\n\t{code} == P W\n"),
		  STATUS_DONE)
		TH_LOG("%s", why);
	EXPECT_STREQ(why, "");
	EXPECT_NE(strstr(shown, "$ vmwalk watch 0 | grep -E 'o'\ndemo[7]\none\ntwo\n"), NULL)
		TH_LOG("%s", shown);
	EXPECT_NE(strstr(shown, "[ok] two"), NULL);
	EXPECT_EQ(tell(GOES "\tvmwalk watch 0\n@let a = watch -> 2.class\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "says nothing at 2.class"), NULL);
	EXPECT_EQ(tell(GOES "\tvmwalk watch 3\n@let a = watch -> #\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "lost 3 events"), NULL);
}

TEST(where_nothing_can_be_watched_it_is_said_and_left_out)
{
	lesson_command_main = watch;
	EXPECT_EQ(tell(GOES "\tvmwalk watch 5\n@let nr = watch -> #\n@let more = {nr} + 1\n"
		       "@check left out\n\t1 == 1\n\t{nr} == 2\n@check as well {more}\n\t1 == 2\n"
		       "@check goes on\n\t1 == 1\n"), STATUS_DONE)
		TH_LOG("%s", why);
	EXPECT_STREQ(why, "");
	EXPECT_NE(strstr(shown, "Not on this machine: the module tells no events."), NULL)
		TH_LOG("%s", shown);
	EXPECT_EQ(strstr(shown, "left out"), NULL);
	EXPECT_EQ(strstr(shown, "as well"), NULL);
	EXPECT_NE(strstr(shown, "[ok] goes on"), NULL);
}

TEST(code_is_what_lies_between_two_stops)
{
	static const char source[] =
		"int f(void)\n{\n}\n\nint main(void)\n{\n\tint a;\n\n\ta = 1;\n\tstop(\"one\");\n"
		"\n\tif (a)\n\t\ta = 2;\n\n\tstop(\"two\");\n}\n";
	static const struct {
		const char *from, *to, *code;
	} cases[] = {
		{ NULL, "one", "int a;\n\na = 1;\n" }, { "one", "two", "if (a)\n\ta = 2;\n" },
		{ "two", "one", NULL }, { "one", "three", NULL }, { "none", "two", NULL },
	};
	char *code;
	FILE *in;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		in = fmemopen((void *)source, sizeof(source) - 1, "r");
		code = lesson_code(in, cases[i].from, cases[i].to);
		fclose(in);
		EXPECT_STREQ(code ?: "", cases[i].code ?: "");
		free(code);
	}
}

TEST_HARNESS_MAIN
