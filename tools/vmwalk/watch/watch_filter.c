// SPDX-License-Identifier: GPL-2.0
/*
 * Select events by the lists of the command line. The module filters by all but the
 * class, which vmwalk computes from the event. vmwalk drops EXEC and EXIT events that
 * were subscribed to only for its own use.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "last_words.h"
#include "output/escape.h"
#include "watch_filter.h"

/* Size of a ring in units of 512 bytes: room for what occurs while vmwalk is not scheduled */
#define RECORDS	8192

struct list {
	const char *option;
	const char *what;	/* word for messages, such as "event" */
	const char *(*name)(unsigned int number);
	unsigned int first;
	unsigned int end;	/* last valid number + 1 */
	__u32 always;	/* mask of VMWALK_BIT(): always delivered, so no word for them */
};

static const struct list events = {
	"--event", "event", vmwalk_event_name, VMWALK_EVENT_FAULT, VMWALK_EVENT_LAST + 1,
	VMWALK_BIT(VMWALK_EVENT_LOST) | VMWALK_BIT(VMWALK_EVENT_END),
};

static const struct list accesses = {
	"--access", "access", vmwalk_access_name, VMWALK_TRIED_READ, VMWALK_TRIED_LAST + 1, 0,
};

static const struct list outcomes = {
	"--outcome", "outcome", vmwalk_ended_name, VMWALK_ENDED_UNKNOWN,
	VMWALK_ENDED_LAST + 1, 0,
};

static const struct list classes = {
	"--class", "class", vmwalk_cause_name, VMWALK_CAUSE_UNKNOWN, VMWALK_CAUSE_MAX, 0,
};

static bool is_word(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && !strncasecmp(name, text, len);
}

static void list_words(const struct list *list)
{
	const char *between = "";
	unsigned int i;

	for (i = list->first; i < list->end; i++) {
		if (list->always & VMWALK_BIT(i))
			continue;
		fprintf(stderr, "%s%s", between, list->name(i));
		between = ",";
	}
	fputc('\n', stderr);
}

static int take_word(const struct list *list, const char *text, size_t len, __u32 *mask)
{
	char given[256], word[128];
	unsigned int i;

	for (i = list->first; i < list->end; i++) {
		if (list->always & VMWALK_BIT(i) || !is_word(list->name(i), text, len))
			continue;
		*mask |= VMWALK_BIT(i);
		return STATUS_DONE;
	}
	snprintf(word, sizeof(word), "%.*s", (int)len, text);
	warnx("%s: \"%s\" is no %s; choose from:", list->option,
	      escape_text(given, sizeof(given), word, true), list->what);
	list_words(list);
	return STATUS_USAGE;
}

static int take_list(const struct list *list, const char *text, __u32 *mask)
{
	int status = STATUS_DONE;
	size_t len;

	*mask = 0;
	if (!text)
		return status;
	do {
		len = strcspn(text, ",");
		status = take_word(list, text, len, mask);
		text += len;
	} while (!status && *text++ == ',');
	return status;
}

int watch_filter_lists(struct watch_filter *filter, const struct options *options)
{
	struct vmwalk_watch_request *request = &filter->request;
	/*
	 * Always subscribe to EXEC and EXIT: the session attaches again or ends on them.
	 */
	const __u32 needed = VMWALK_BIT(VMWALK_EVENT_EXEC) | VMWALK_BIT(VMWALK_EVENT_EXIT);
	int status;

	memset(filter, 0, sizeof(*filter));
	request->records = RECORDS;
	request->flags = (options->thread ? 0 : VMWALK_WATCH_THREADS) |
			 (options->follow ? VMWALK_WATCH_FORKS : 0);
	status = take_list(&events, options->events, &filter->events);
	if (!status)
		status = take_list(&accesses, options->access, &request->access);
	if (!status)
		status = take_list(&outcomes, options->outcomes, &request->outcomes);
	if (!status)
		status = take_list(&classes, options->classes, &filter->classes);
	if (filter->events)
		request->events = filter->events | needed;
	return status;
}

int watch_filter_range(struct watch_filter *filter, struct source *source,
		       const struct options *options)
{
	struct place_arg place;
	int status;

	if (!options->range)
		return STATUS_DONE;
	status = place_arg_find(source, options->range, &place);
	if (status)
		return status;
	filter->request.start = place.start;
	filter->request.end = place.end > place.start ? place.end : place.start + 1;
	return STATUS_DONE;
}

static bool wants_class(const struct watch_filter *filter, const struct event_info *info)
{
	unsigned int i;

	for (i = 0; i < info->kinds.nr; i++)
		if (filter->classes & VMWALK_BIT(info->kinds.ending[i]->cause))
			return true;
	return false;
}

bool watch_filter_wants(const struct watch_filter *filter, const struct event_info *info)
{
	if (filter->events && !(filter->events & VMWALK_BIT(info->event->kind)))
		return false;
	return !filter->classes || !info_fault(info) || wants_class(filter, info);
}
