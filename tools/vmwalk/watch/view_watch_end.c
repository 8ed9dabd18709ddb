// SPDX-License-Identifier: GPL-2.0
#include "output/escape.h"
#include "output/heading.h"
#include "output/json.h"
#include "output/screen.h"
#include "view_fault_stats.h"

void view_watch_start(FILE *out, const struct vmwalk_image *image,
		      const struct vmwalk_watch_account *account, const struct options *options)
{
	char sources[128];
	json_t *object;

	if (!options->json) {
		fprintf(out, "event=start pid=%d sources=%s\n", (int)image->target.pid,
			vmwalk_words_join(sources, sizeof(sources), vmwalk_source_words,
					  account->sources, ","));
		return;
	}
	object = json_object();
	field_text(object, "event", "start");
	json_object_update_new(object, heading_object(image));
	field_words(object, "sources", vmwalk_source_words, account->sources);
	field_words(object, "hidden", vmwalk_redacted_words, account->redacted);
	field_number(object, "records", account->records);
	field_print(out, object, true);
}

static __u64 missed_of(const struct vmwalk_watch_account *account)
{
	return account->lost[VMWALK_LOST_PROBE] + account->lost[VMWALK_LOST_NMI] +
	       account->lost[VMWALK_LOST_SLOT];
}

static void end_json(FILE *out, const struct fault_stats_end *end)
{
	const struct vmwalk_watch_account *account = end->account;
	json_t *object = json_object(), *reasons = json_object();
	unsigned int i;

	field_text(object, "event", "end");
	field_number(object, "delivered", account->delivered);
	field_number(object, "lost", account->lost[VMWALK_LOST_RING]);
	field_number(object, "missed", missed_of(account));
	for (i = 0; i <= VMWALK_LOST_SLOT; i++)
		if (account->lost[i])
			field_number(reasons, vmwalk_lost_name(i), account->lost[i]);
	json_object_set_new(object, "reasons", reasons);
	field_number(object, "shown", end->shown);
	field_truth(object, "complete", account->ended && !account->gaps);
	field_print(out, object, true);
}

static void end_text(FILE *out, const struct fault_stats *stats, const struct fault_stats_end *end,
		     const struct options *options)
{
	const struct vmwalk_watch_account *account = end->account;
	__u64 lost = account->lost[VMWALK_LOST_RING];
	struct screen screen;
	unsigned int i;
	char comm[256];

	screen_begin(&screen, out, options);
	screen_row(&screen, "", 0);
	screen_word(&screen, "%s[%d]: %llu fault%s",
		    escape_text(comm, sizeof(comm), end->comm, screen.ascii), (int)end->pid,
		    (unsigned long long)stats->event[VMWALK_EVENT_FAULT],
		    stats->event[VMWALK_EVENT_FAULT] == 1 ? "" : "s");
	for (i = 0; i <= VMWALK_ENDED_LAST; i++)
		if (stats->outcome[i])
			screen_part(&screen, "%llu %s", (unsigned long long)stats->outcome[i],
				    vmwalk_ended_name(i));
	if (stats->kernel)
		screen_part(&screen, "%llu in the kernel", (unsigned long long)stats->kernel);
	if (stats->waited)
		screen_part(&screen, "%llu waited", (unsigned long long)stats->waited);
	screen_part(&screen, "%llu event%s delivered", (unsigned long long)account->delivered,
		    account->delivered == 1 ? "" : "s");
	screen_ink(&screen, lost || missed_of(account) ? INK_BAD : INK_PLAIN);
	screen_part(&screen, "%llu lost", (unsigned long long)lost);
	if (missed_of(account))
		screen_part(&screen, "%llu not recorded", (unsigned long long)missed_of(account));
	if (!account->ended)
		screen_part(&screen, "the end of the stream did not come in time");
	screen_ink(&screen, INK_PLAIN);
	screen_end(&screen);
}

void view_watch_end(FILE *out, const struct fault_stats *stats, const struct fault_stats_end *end,
		    const struct options *options)
{
	const struct vmwalk_watch_account *account = end->account;

	if (options->json)
		end_json(out, end);
	else if (options->quiet)
		fprintf(out, "event=end delivered=%llu lost=%llu missed=%llu shown=%llu\n",
			(unsigned long long)account->delivered,
			(unsigned long long)account->lost[VMWALK_LOST_RING],
			(unsigned long long)missed_of(account), (unsigned long long)end->shown);
	else
		end_text(out, stats, end, options);
}
