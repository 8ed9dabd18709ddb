/* SPDX-License-Identifier: GPL-2.0 */
/* The story of a lesson: what the file NAME.story says, line by line. */
#ifndef VMWALK_LESSON_STORY_H
#define VMWALK_LESSON_STORY_H

#include <stdio.h>

/**
 * enum lesson_part_type - what a line of a story is
 * @LESSON_TEXT: a line to be read; may be empty
 * @LESSON_HEADING: "= TEXT" begins a section; "= TEXT [WORD]" one that is left out where
 *	the program says that WORD is missing
 * @LESSON_GO: "@go NAME": the program goes on to its stop of that name
 * @LESSON_WATCH: after a LESSON_GO, a tab and "vmwalk watch ...": runs while the program goes,
 *	and its output is shown then
 * @LESSON_COMMAND: "$ vmwalk ...": run, and its output shown
 * @LESSON_LET: "@let NAME = SUM", or "@let NAME = vmwalk ... -> PATH", or of the events of the
 *	last watch "@let NAME = watch -> PATH": a value kept
 * @LESSON_CHECK: "@check TEXT": a point that the lesson makes; terms follow
 * @LESSON_TERM: a tab and "LEFT == RIGHT", or a tab and "vmwalk ...": what must hold for the
 *	point to be true; a command must end with 0
 */
enum lesson_part_type {
	LESSON_TEXT, LESSON_HEADING, LESSON_GO, LESSON_WATCH, LESSON_COMMAND, LESSON_LET,
	LESSON_CHECK, LESSON_TERM,
};

/* In the place of a command: the events of the last watch */
#define LESSON_WATCHED	"watch"

/**
 * struct lesson_part - a line of a story
 * @type: what it is
 * @line: its number in the file
 * @text: without its sign; of LESSON_LET the sum, the command, or LESSON_WATCHED
 * @name: of LESSON_LET the name, of LESSON_HEADING the word in brackets, or NULL
 * @path: of LESSON_LET with a command: where its JSON has the value, or NULL
 */
struct lesson_part {
	enum lesson_part_type type;
	unsigned int line;
	char *text;
	char *name;
	char *path;
};

/**
 * struct lesson_story - a story
 * @title: one line, for the list
 * @place: in the teaching order: lessons are listed by it
 * @nr: of @part
 * @room: at @part
 * @part: the lines, in order
 */
struct lesson_story {
	char *title;
	unsigned int place;
	size_t nr;
	size_t room;
	struct lesson_part *part;
};

/**
 * lesson_story_read() - read and check a story; pure
 * @in: the file
 * @story: filled; give it to lesson_story_free(), also after an error
 * @why: receives what is wrong, in words, with the number of the line
 * @size: of @why, bytes
 *
 * All that can be wrong without running anything is found here: a story that is read runs
 * to its end if the kernel does as it says.
 *
 * Return: 0, or -1 with @why filled.
 */
int lesson_story_read(FILE *in, struct lesson_story *story, char *why, size_t size);

/* lesson_story_free() - give everything back; an all-zero one is fine */
void lesson_story_free(struct lesson_story *story);

#endif /* VMWALK_LESSON_STORY_H */
