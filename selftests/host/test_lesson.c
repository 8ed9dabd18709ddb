// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class/lesson.h"
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
		{ LESSON_HEADING, "First" }, { LESSON_TEXT, "Some text.\nMore." },
		{ LESSON_TEXT, "Another." }, { LESSON_GO, "ready" },
		{ LESSON_COMMAND, "vmwalk {pid} | head -n 2" },
		{ LESSON_LET, "vmwalk --json {pid}" },
		{ LESSON_CHECK, "it holds" }, { LESSON_TERM, "{a} == 1" },
		{ LESSON_TERM, "vmwalk --expect none {pid} 0" }, { LESSON_HEADING, "Second" },
		{ LESSON_GO, "on" }, { LESSON_WATCH, "vmwalk watch {pid} | head -n 9" },
		{ LESSON_LET, LESSON_WATCHED },
	};
	struct lesson_story story;

	ASSERT_EQ(read_story(HEAD "Some text.\nMore.\n\nAnother.\n@go ready\n"
			     "$ vmwalk {pid} | head -n 2\n@let c = vmwalk --json {pid} -> mm.rss\n"
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
	EXPECT_EQ(story.part[2].line, 9);
	EXPECT_STREQ(story.part[5].name, "c");
	EXPECT_STREQ(story.part[5].path, "mm.rss");
	EXPECT_STREQ(story.part[9].name, "guard");
	EXPECT_STREQ(story.part[12].path, "0.class");
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
		HEAD "@let a = {b} + 1\n", HEAD "@let a = vmwalk 1 | sh -> b\n",
		HEAD "$ vmwalk\n", HEAD "$ vmwalk 1 | head -n 1 2\n", HEAD "$ | head -n 1\n",
		HEAD "@check x\n\t{a} - 1 == 1\n", HEAD "@check x\n\t{a} & 1 == 1\n",
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

TEST(expressions_are_evaluated_from_left_to_right)
{
	static const char * const equal[] = {
		"1 + 2 * 3 == 9", "2 * 3 + 1 == 7", "0x10 + 1 == 17", "7 / 2 == 3", "7 % 4 == 3",
		"0x7f123 / 4096 % 16 == 15", "-1 + 3 == 2", "3 + -1 == 2", "010 == 10",
		"0xffffffffffffffff + 1 > 0xffffffffffffffff", "-5 < -4",
	};
	static const char * const none[] = {
		"1 + == 1", "(1) == 1", "1 2 == 1", "0x == 0", "2 - 1 == 1", " == 1", "1 ==",
	};

	for (size_t i = 0; i < sizeof(equal) / sizeof(equal[0]); i++) {
		EXPECT_TRUE(lesson_comparison_check(equal[i]))
			TH_LOG("%s", equal[i]);
		EXPECT_TRUE(lesson_compare(equal[i], why, sizeof(why)))
			TH_LOG("%s: %s", equal[i], why);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		EXPECT_FALSE(lesson_comparison_check(none[i]))
			TH_LOG("%s", none[i]);
	}
	EXPECT_FALSE(lesson_compare("1 / 0 == 0", why, sizeof(why)));
	EXPECT_FALSE(lesson_compare("1 % 0 == 0", why, sizeof(why)));
}

TEST(comparisons_hold_or_do_not_and_say_what_was_there)
{
	static const char * const true_ones[] = {
		"0x1000 == 4096", "0xffffffffffffffff > 1", "16 / 4 <= 4", "16 / 4 >= 4",
		"1 < 2", "2 > 1", "1 <= 2", "2 >= 1", "1 != 2", "rw-p == rw-p", "cow != reuse",
		"Bad address == Bad address",
	};
	static const char * const false_ones[] = {
		"1 == 2", "2 == 1", "1 != 1", "1 < 1", "2 < 1", "1 > 1", "1 > 2", "2 <= 1",
		"1 >= 2", "cow < reuse", "reuse > cow", "cow <= cow", "cow == reuse",
		"cow != cow", "5 == five", "",
	};

	for (size_t i = 0; i < sizeof(true_ones) / sizeof(true_ones[0]); i++) {
		EXPECT_TRUE(lesson_compare(true_ones[i], why, sizeof(why)))
			TH_LOG("%s", true_ones[i]);
	}
	for (size_t i = 0; i < sizeof(false_ones) / sizeof(false_ones[0]); i++) {
		EXPECT_FALSE(lesson_compare(false_ones[i], why, sizeof(why)))
			TH_LOG("%s", false_ones[i]);
	}
	EXPECT_FALSE(lesson_compare("1 + 1 == 3", why, sizeof(why)));
	EXPECT_NE(strstr(why, "left side is 2"), NULL);
	EXPECT_NE(strstr(why, "right side 3"), NULL);
	EXPECT_FALSE(lesson_compare("cow == reuse", why, sizeof(why)));
	EXPECT_NE(strstr(why, "left side is \"cow\", the right side \"reuse\""), NULL);
}

TEST(names_are_filled_in_and_nothing_else_in_braces)
{
	json_t *values = json_pack("{s:s, s:n}", "page", "0x2000", "class");
	char *unknown, *text;

	text = lesson_fill(values, "{page}+{page} { x } {} {{page}", &unknown);
	EXPECT_STREQ(text, "0x2000+0x2000 { x } {} {0x2000");
	EXPECT_EQ(unknown, NULL);
	free(text);
	text = lesson_fill(values, "{page} {nobody} {else}", &unknown);
	EXPECT_STREQ(text, "0x2000 {nobody} {else}");
	EXPECT_STREQ(unknown, "nobody");
	free(text);
	free(unknown);
	/*
	 * "class" is null, as a value that the user may not see: there is no text to
	 * show.
	 */
	EXPECT_EQ(lesson_fill(values, "{page}: {class}", &unknown), NULL);
	EXPECT_EQ(unknown, NULL);
	json_decref(values);
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
	json_t *root, *values, *value;
	char *text, *unknown;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		root = json_loads(paths[i].json, 0, NULL);
		value = lesson_json_get(root, paths[i].path);
		json_decref(root);
		EXPECT_EQ(!value, !paths[i].value)
			TH_LOG("%s", paths[i].path);
		values = json_pack("{s:o*}", "value", value);
		text = lesson_fill(values, "{value}", &unknown);
		EXPECT_STREQ(text, paths[i].value ?: "{value}")
			TH_LOG("%s", paths[i].path);
		json_decref(values);
		free(unknown);
		free(text);
	}
}

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	interrupted = signal;
}

/*
 * Replace "vmwalk watch": print two faults, the second one after SIGINT. For process 5
 * print the error of a module that has no events.
 */
static int watch(int argc, char **argv)
{
	const bool json = !strcmp(argv[2], "--json");

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

/*
 * Replace vmwalk: print the arguments, and the environment that a lesson sets. The last
 * argument is the exit status.
 */
static int echo(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("%s%c", argv[i], i + 1 < argc ? ' ' : '\n');
	printf("one\ntwo\nthree\n");
	printf("COLUMNS=%s LC_ALL=%s\n", getenv("COLUMNS"), getenv("LC_ALL") ?: "");
	if (signal(SIGPIPE, SIG_DFL) == SIG_IGN)
		puts("SIGPIPE is ignored");
	fputs("vmwalk: \"present\" does not hold: there is none\n", stderr);
	return atoi(argv[argc - 1]);
}

/*
 * A lesson executes its own program, here this test, with argv[0] "vmwalk". Act as vmwalk
 * then, before main() runs the tests again.
 */
__attribute__((constructor))
static void be_vmwalk(int argc, char **argv)
{
	if (!strcmp(argv[0], "vmwalk"))
		exit(argc > 2 && !strcmp(argv[1], "watch") ? watch(argc, argv) : echo(argc, argv));
}

TEST(a_command_is_run_in_words_and_filtered)
{
	struct screen screen = { .width = 72 };
	struct lesson_command command;

	signal(SIGPIPE, SIG_IGN);
	lesson_command_run(&command, "vmwalk  'a b' ; $(x) * 0", &screen);
	EXPECT_EQ(command.status, 0);
	EXPECT_STREQ(command.out, "vmwalk a b ; $(x) * 0\none\ntwo\nthree\nCOLUMNS=72 LC_ALL=\n");
	lesson_command_free(&command);
	lesson_command_run(&command, "vmwalk 3 | grep -E 'o.*e|^two' | head -n 1", &screen);
	EXPECT_EQ(command.status, 3);
	EXPECT_STREQ(command.out, "one\n");
	EXPECT_NE(strstr(command.err, "does not hold"), NULL);
	lesson_command_free(&command);
	lesson_command_run(&command, "vmwalk 0 | grep -E ^nothing", &screen);
	EXPECT_EQ(command.status, 0);
	EXPECT_STREQ(command.out, "");
	lesson_command_free(&command);
	lesson_command_run(&command, "vmwalk 0 | grep -E '('", &screen);
	EXPECT_NE(command.status, 0);
	lesson_command_free(&command);
	setenv("PATH", "/nonexistent", 1);
	lesson_command_run(&command, "vmwalk 0 | head -n 1", &screen);
	EXPECT_EQ(command.status, 127);
	EXPECT_NE(strstr(command.err, "head: No such file"), NULL);
	lesson_command_free(&command);
}

TEST(a_command_is_told_width_colours_and_ascii)
{
	struct screen screen = { .width = 80, .color = true, .ascii = true };
	struct lesson_command command;

	lesson_command_run(&command, "vmwalk 1", &screen);
	EXPECT_EQ(strncmp(command.out, "vmwalk 1 --color=always\n", 24), 0);
	EXPECT_NE(strstr(command.out, "COLUMNS=80 LC_ALL=C\n"), NULL);
	lesson_command_free(&command);
	/* A filter gets no colours: escape sequences would keep grep from matching. */
	lesson_command_run(&command, "vmwalk 1 | head -n 1", &screen);
	EXPECT_STREQ(command.out, "vmwalk 1\n");
	lesson_command_free(&command);
}

static char shown[8192];

static void take(FILE *file, char *text, size_t size)
{
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* Run a story without its program; keep what it prints in shown, and stderr in why. */
static int tell(const char *text)
{
	struct options options = { .width = 80, .no_pause = true };
	struct lesson lesson = { .values = json_object() };
	struct lesson_story story;
	int error = dup(STDERR_FILENO), out = dup(STDOUT_FILENO);
	FILE *file = tmpfile(), *screen = tmpfile();

	fflush(stdout);
	dup2(fileno(file), STDERR_FILENO);
	dup2(fileno(screen), STDOUT_FILENO);
	lesson.status = read_story(text, &story);
	lesson.story = &story;
	story.name = strdup("test");
	lesson_page_begin(&lesson.page, &options);
	while (!lesson.status && lesson.at < story.nr) {
		const struct lesson_part *part = &story.part[lesson.at];

		if (part->type != LESSON_GO && part->type != LESSON_WATCH) {
			lesson_step(&lesson);
			continue;
		}
		lesson.at++;
		if (part->type == LESSON_WATCH)
			lesson_watch_begin(&lesson, part);
		lesson_watch_end(&lesson);
	}
	lesson_page_end(&lesson.page);
	lesson_free(&lesson);
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
	EXPECT_EQ(tell(HEAD "@check two\n\t1 + 1 == 2\n"), STATUS_DONE)
		TH_LOG("%s", why);
	EXPECT_STREQ(why, "");
	EXPECT_NE(strstr(shown, "1 of 1\n[ok] two\n\n"), NULL)
		TH_LOG("%s", shown);
	EXPECT_EQ(tell(HEAD "@check one\n\t1 == 1\n\n@check two\n\t1 == 1\nText,\nmore.\n"),
		  STATUS_DONE);
	EXPECT_NE(strstr(shown, "[ok] one\n[ok] two\n\nText, more.\n"), NULL)
		TH_LOG("%s", shown);
	EXPECT_EQ(tell(HEAD "$ vmwalk 0 | head -n 2\n"), STATUS_DONE);
	EXPECT_NE(strstr(shown, "$ vmwalk 0 | head -n 2\nvmwalk 0\none\n\n"), NULL);
	EXPECT_EQ(tell(HEAD "text\n@check one is two\n\t1 == 2\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "lesson test, line 8"), NULL);
	EXPECT_NE(strstr(why, "otherwise than the lesson says: one is two"), NULL);
	EXPECT_NE(strstr(shown, "[FAILED] one is two\n"), NULL);
	EXPECT_EQ(tell(HEAD "@check all terms count\n\t1 == 1\n\t2 == 1\n"), STATUS_NO);
	EXPECT_EQ(tell(HEAD "@check all terms count\n\t2 == 1\n\t1 == 1\n"), STATUS_NO);
	EXPECT_EQ(tell(HEAD "@check what vmwalk says counts\n\tvmwalk --expect x 0\n"),
		  STATUS_DONE);
	EXPECT_EQ(tell(HEAD "@check what vmwalk says counts\n\tvmwalk --expect x 1\n"), STATUS_NO);
	EXPECT_NE(strstr(shown, "it exited with 1: vmwalk: \"present\" does not hold"), NULL);
	EXPECT_EQ(tell(HEAD "@check a name\n\t{nobody} == 1\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "{nobody}"), NULL);
	EXPECT_EQ(tell(HEAD "@let a = vmwalk 5 -> x\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "exited with 5"), NULL);
	EXPECT_EQ(tell(HEAD "@let a = vmwalk 0 -> x\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "has nothing at x"), NULL);
}

#define GOES	HEAD "@go a\n@go b\n"

TEST(a_watch_is_shown_and_can_be_asked)
{
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
	EXPECT_NE(strstr(why, "has nothing at 2.class"), NULL);
	EXPECT_EQ(tell(GOES "\tvmwalk watch 3\n@let a = watch -> #\n"), STATUS_NO);
	EXPECT_NE(strstr(why, "lost 3 events"), NULL);
}

TEST(where_nothing_can_be_watched_it_is_said_and_left_out)
{
	EXPECT_EQ(tell(GOES "\tvmwalk watch 5\n@let nr = watch -> #\n@let more = vmwalk {nr} -> x\n"
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
		"\n\tif (a)\n\t\ta = 2;\n\n\tstop(\"two\");\n"
		"\t}\n\n\ta = 4;\n\t\tstop(\"four\");\n}\n";
	static const struct {
		const char *from, *to, *code;
	} cases[] = {
		{ NULL, "one", "int a;\n\na = 1;\n" }, { "one", "two", "if (a)\n    a = 2;\n" },
		{ "two", "one", NULL }, { "one", "three", NULL }, { "none", "two", NULL },
		{ "two", "four", "a = 4;\n" },
	};
	char *code;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		code = lesson_code(source, cases[i].from, cases[i].to);
		EXPECT_STREQ(code ?: "", cases[i].code ?: "");
		free(code);
	}
}

TEST_HARNESS_MAIN
