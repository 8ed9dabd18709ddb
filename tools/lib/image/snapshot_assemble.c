// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "snapshot.h"

/*
 * No line of maps is shorter than this many bytes. A section of newlines could otherwise
 * claim a struct vmwalk_maps_line for each byte.
 */
#define MAPS_LINE_MIN	24

struct strings {
	const char *what;
	const char *bytes;
	size_t length;
	size_t at;
};

static enum vmwalk_snapshot_error damaged(char *why, size_t size, const char *what,
					  const char *how)
{
	snprintf(why, size, "%s: %s", what, how);
	return VMWALK_SNAPSHOT_DAMAGED;
}

static enum vmwalk_snapshot_error no_memory(char *why, size_t size)
{
	errno = ENOMEM;
	snprintf(why, size, "%s", strerror(errno));
	return VMWALK_SNAPSHOT_SYSTEM;
}

/* An unterminated last string ends at the NUL past the section. */
static enum vmwalk_snapshot_error take_string(struct strings *strings, char **copy, char *why,
					      size_t size)
{
	const char *string = strings->bytes + strings->at;

	if (strings->at >= strings->length)
		return damaged(why, size, strings->what, "too few");
	strings->at += strlen(string) + 1;
	*copy = strdup(string);
	return *copy ? VMWALK_SNAPSHOT_OK : no_memory(why, size);
}

static enum vmwalk_snapshot_error name_areas(struct vmwalk_image *image, struct strings *strings,
					     char *why, size_t size)
{
	enum vmwalk_snapshot_error error;
	size_t i;

	for (i = 0; i < image->nr_areas; i++) {
		error = take_string(strings, &image->areas[i].name, why, size);
		if (!error)
			error = take_string(strings, &image->areas[i].elf, why, size);
		if (error)
			return error;
	}
	if (strings->at != strings->length)
		return damaged(why, size, strings->what, "too many");
	return VMWALK_SNAPSHOT_OK;
}

static enum vmwalk_snapshot_error make_texts(struct vmwalk_image *image, struct strings *strings,
					     char *why, size_t size)
{
	enum vmwalk_snapshot_error error;
	struct vmwalk_text *text;
	size_t room = 0;

	while (strings->at < strings->length) {
		if (image->nr_texts == SNAPSHOT_TEXTS_MAX)
			return damaged(why, size, strings->what, "too many");
		text = vmwalk_array_grow(&image->texts, image->nr_texts, &room, sizeof(*text));
		if (!text)
			return no_memory(why, size);
		image->nr_texts++;
		error = take_string(strings, &text->name, why, size);
		if (!error)
			error = take_string(strings, &text->text, why, size);
		if (error)
			return error;
	}
	if (strings->at != strings->length)
		return damaged(why, size, strings->what, "the last string is not terminated");
	return VMWALK_SNAPSHOT_OK;
}

/* *@textp is set to NULL if the image takes it over, else it stays the caller's. */
static enum vmwalk_snapshot_error make_maps(struct vmwalk_image *image, char **textp,
					    size_t length, char *why, size_t size)
{
	char *text = *textp;
	size_t lines = 0, i;
	int error;

	for (i = 0; i < length; i++)
		lines += text[i] == '\n';
	if (strlen(text) != length || (length && text[length - 1] != '\n') ||
	    lines > length / MAPS_LINE_MIN)
		return damaged(why, size, "maps", "not the text of a maps file");
	*textp = NULL;
	error = vmwalk_maps_parse(&image->maps, text);
	if (error == -EINVAL)
		return damaged(why, size, "maps", "a line cannot be parsed");
	return error ? no_memory(why, size) : VMWALK_SNAPSHOT_OK;
}

/*
 * Set fields that the file does not have, and drop values that this version does not
 * know.
 */
static void fill_constants(struct vmwalk_image *image)
{
	unsigned char *flag = (unsigned char *)&image->target.kernel_thread;

	/* A bool from the file that is neither 0 nor 1 would be undefined behaviour. */
	*flag = *flag != 0;
	image->parts &= VMWALK_IMAGE_ALL;
	image->caps.size = sizeof(image->caps);
	image->attach.size = sizeof(image->attach);
	image->attach.pagemap_fd = -1;
	if (image->parts & VMWALK_IMAGE_MM)
		image->mm.size = sizeof(image->mm);
}

enum vmwalk_snapshot_error vmwalk_snapshot_assemble(struct vmwalk_image *image, char **bytes,
						    const size_t *length, char *why, size_t size)
{
	struct strings names = { "area strings", bytes[SNAPSHOT_AREA_STRINGS],
				 length[SNAPSHOT_AREA_STRINGS], 0 };
	struct strings texts = { "text strings", bytes[SNAPSHOT_TEXT_STRINGS],
				 length[SNAPSHOT_TEXT_STRINGS], 0 };
	enum vmwalk_snapshot_error error;

	fill_constants(image);
	error = name_areas(image, &names, why, size);
	if (!error)
		error = make_texts(image, &texts, why, size);
	if (!error)
		error = make_maps(image, &bytes[SNAPSHOT_MAPS], length[SNAPSHOT_MAPS], why, size);
	return error;
}
