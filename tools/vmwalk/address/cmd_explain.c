// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "address_view.h"
#include "command.h"
#include "output/escape.h"
#include "predict.h"
#include "view_explain.h"

static int draw(const struct address_view *view, const struct options *options, bool several)
{
	int error;

	if (options->json)
		error = view_explain_json(stdout, view, several);
	else if (options->quiet)
		error = view_explain_quiet(stdout, view);
	else
		error = view_explain(stdout, view, options);
	fflush(stdout);
	return error ? error_memory() : STATUS_DONE;
}

static void view_release(struct address_view *view, const struct source *source)
{
	struct utsname system;

	if (!source->dev)
		vmwalk_around_release(&view->around, source->image.release);
	else if (!uname(&system))
		vmwalk_around_release(&view->around, system.release);
}

/* Fill in what can be told of an address that no VMA can have. */
static bool view_outside(const struct source *source, __u64 address, struct address_view *view)
{
	static const char * const kinds[] = {
		[VMWALK_RANGE_BEYOND] = "beyond the end of user space",
		[VMWALK_RANGE_NONCANONICAL] = "not canonical: no table has an entry for it",
		[VMWALK_RANGE_KERNEL] = "an address of the kernel",
	};
	const struct vmwalk_caps *caps = source_caps(source);
	unsigned int range = vmwalk_arch_range(caps, source_task_size(source), address), access;

	memset(view, 0, sizeof(*view));
	if (range >= sizeof(kinds) / sizeof(kinds[0]) || !kinds[range])
		return false;
	view->outside = kinds[range];
	view->caps = caps;
	view->arch = vmwalk_arch_find(caps->arch);
	view->target = &source->target;
	view->seen.walk.call.address = address;
	view_release(view, source);
	for (access = 0; access < VMWALK_ACCESS_MAX; access++)
		vmwalk_cause_outside(caps, range, access, &view->predict[access]);
	view->predicted = true;
	return true;
}

/* [vsyscall] is in the maps, but no VMA: the kernel emulates some of the jumps there. */
static int check_vsyscall(struct source *source, const char *given, __u64 address)
{
	int status = source_gather(source, 0, ~0ULL, VMWALK_IMAGE_MAPS);

	if (status || !vmwalk_maps_at(&source->image.maps, address))
		return status;
	warnx("%s: what the kernel emulates in [vsyscall] is not predicted", given);
	return STATUS_NOTHING;
}

static int explain_one(struct source *source, const struct options *options, const char *text,
		       bool several)
{
	static struct address_view view;
	struct place_arg place;
	char given[512];
	int status;

	escape_text(given, sizeof(given), text, true);
	status = place_arg_find(source, text, &place);
	if (status)
		return status;
	if (place.start != place.end) {
		warnx("%s: explain is about an address, not about a range", given);
		return STATUS_USAGE;
	}
	if (view_outside(source, place.start, &view)) {
		status = check_vsyscall(source, given, place.start);
		return status ?: draw(&view, options, several);
	}
	status = view_gather(source, given, place.start, &view);
	if (!status && view.image)
		view_predict_image(&view);
	if (!status)
		status = draw(&view, options, several);
	view_free(&view);
	return status;
}

static int check_place(const char *text)
{
	int status = place_arg_check(text);

	if (status || (strcmp(text, "-") && !place_arg_is_range(text)))
		return status;
	warnx("%s: explain is about addresses, not about a range or a list", text);
	return STATUS_USAGE;
}

int cmd_explain(const struct options *options, int argc, char **argv)
{
	const int words = !options->from;	/* the PID */
	struct source source;
	int status, worst = STATUS_DONE, i;

	if (argc < words + 1) {
		warnx(words ? "explain needs a PID and an address" :
			      "explain needs an address");
		return STATUS_USAGE;
	}
	if (error_output(options, &step_columns))
		return STATUS_USAGE;
	for (i = words; i < argc && !worst; i++)
		worst = check_place(argv[i]);
	if (worst)
		return worst;
	worst = source_open(&source, options, &argc, &argv);
	for (i = 0; i < argc && source.ready; i++) {
		if (i && !options->json && !options->quiet)
			fputc('\n', stdout);
		status = explain_one(&source, options, argv[i], argc > 1);
		if (status > worst)
			worst = status;
	}
	source_close(&source);
	return worst;
}
