/* SPDX-License-Identifier: GPL-2.0 */
/* Where the lessons are: of each the story NAME.story, the program NAME and its source. */
#ifndef VMWALK_LESSON_FILES_H
#define VMWALK_LESSON_FILES_H

#include <stddef.h>

#include "lesson_story.h"

/**
 * struct lesson_entry - a lesson in the list
 * @name: its name
 * @title: its title
 * @place: in the teaching order
 */
struct lesson_entry {
	char *name;
	char *title;
	unsigned int place;
};

/**
 * lesson_path() - find a file of a lesson
 * @path: receives its path, which is also what was looked for last if there is none
 * @size: of @path, bytes
 * @name: of the lesson
 * @suffix: ".story", ".c" or ""
 *
 * Looks in $VMWALK_LESSONS, else beside this program as it was built, and where make
 * install puts them.
 *
 * Return: 0, or -1 if there is none.
 */
int lesson_path(char *path, size_t size, const char *name, const char *suffix);

/**
 * lesson_list() - all lessons, in teaching order
 * @list: set to an array to be given to lesson_list_free()
 * @nr: set to how many there are
 *
 * A story that cannot be read is told on stderr, and left out.
 *
 * Return: 0, or -1 if there is one that cannot be read.
 */
int lesson_list(struct lesson_entry **list, size_t *nr);

/* lesson_list_free() - give everything back */
void lesson_list_free(struct lesson_entry *list, size_t nr);

/**
 * lesson_load() - read the story of a lesson
 * @name: of the lesson
 * @story: filled; give it to lesson_story_free(), also after an error
 *
 * Return: enum status; what is not STATUS_DONE has been reported.
 */
int lesson_load(const char *name, struct lesson_story *story);

/**
 * lesson_code() - what a program does between two of its stops, as its source has it
 * @in: the source
 * @from: name of a stop, or NULL: the beginning of main()
 * @to: name of the next stop
 *
 * Return: the lines, to be freed, without the tab that all have; NULL if they are not there.
 */
char *lesson_code(FILE *in, const char *from, const char *to);

#endif /* VMWALK_LESSON_FILES_H */
