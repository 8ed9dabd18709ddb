// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include "bench.h"

/* Ends of the text of goals.list, which goals_list.S links into the program */
extern const char goals_start[], goals_end[];

static bool parse(const char *line, const char *name, struct goal *goal)
{
	char found[64], direction[16];

	if (sscanf(line, "%63s %lf %lf %15s %15s", found, &goal->goal, &goal->stretch, goal->unit,
		   direction) != 5 || strcmp(found, name))
		return false;
	if (!strcmp(goal->unit, "-"))
		*goal->unit = '\0';
	goal->at_least = !strcmp(direction, "at-least");
	return goal->at_least || !strcmp(direction, "at-most");
}

bool goal_find(const char *name, struct goal *goal)
{
	const char *at = goals_start, *end;
	char line[256];

	for (; at < goals_end; at = end + 1) {
		end = memchr(at, '\n', goals_end - at);
		if (!end)
			return false;
		snprintf(line, sizeof(line), "%.*s", (int)(end - at), at);
		if (parse(line, name, goal))
			return true;
	}
	return false;
}

bool goal_met(const struct goal *goal, double bound, double figure)
{
	return goal->at_least ? figure >= bound : figure <= bound;
}
