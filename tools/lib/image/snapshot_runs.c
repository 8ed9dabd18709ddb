// SPDX-License-Identifier: GPL-2.0
/*
 * Store runs as steps from one to the next.
 *
 * Each run is predicted from the one before: it begins where that ends, has the same
 * size, and maps the next frame with the same flags; what follows from its frame is
 * predicted from the frame that it really maps. Only differences to the prediction are
 * stored, and once for all the runs that differ in the same way: a range in one extent is
 * two steps, and so is one that maps a single page again and again. Where frames are
 * scattered, a step has only its count and the frame: all other fields are 0.
 *
 * The prediction is part of the format. It must be defined for any input, and sums wrap.
 */
#include <string.h>

#include "snapshot.h"

/* log2 of the difference between the raw entries of two adjacent frames */
static unsigned int frame_shift(const struct vmwalk_caps *caps, unsigned int page_shift)
{
	/* RISC-V privileged architecture: the PFN is at bit 10, for any page size. */
	return caps->arch == VMWALK_ARCH_RISCV64 ? 10 : page_shift;
}

/* Folios are aligned to their size. */
static __u64 head_of(__u64 pfn, __u32 order)
{
	return pfn & ~0ULL << (order & 63);
}

/* Predict that the run after one without VMWALK_RUN_FIRST has the same @first (0). */
static __u64 next_first(const struct vmwalk_run *last)
{
	return last->got & VMWALK_RUN_FIRST ? last->last + 1 : last->first;
}

/* @start, @first: address and frame that @next really has */
static void predict(const struct vmwalk_caps *caps, const struct vmwalk_run *last, __u64 start,
		    __u64 first, struct vmwalk_run *next)
{
	unsigned int page_shift = __builtin_ctz(caps->page_size | 1U << 31);

	*next = *last;
	next->start = start;
	next->end = start + (last->end - last->start);
	next->first = first;
	next->last = first + (last->last - last->first);
	next->value += (first - last->first) << frame_shift(caps, page_shift);
	if (last->page.head_pfn == head_of(last->first, last->page.order))
		next->page.head_pfn = head_of(first, last->page.order);
	if (last->page.traits)
		next->page.index += (start - last->start) >> page_shift;
}

static const struct snapshot_field *fields_end(void)
{
	const struct snapshot_desc *desc = &vmwalk_snapshot_desc[SNAPSHOT_RUNS];

	return desc->fields + desc->nr_fields;
}

/* The first field of a step is the count, the others are those of a run. */
static const struct snapshot_field *run_fields(void)
{
	return vmwalk_snapshot_desc[SNAPSHOT_RUNS].fields + 1;
}

/*
 * Set @step to @run minus its prediction. The start and first frame of @step are relative
 * to the end of @last.
 */
static void subtract(const struct vmwalk_caps *caps, const struct vmwalk_run *last,
		     const struct vmwalk_run *run, struct vmwalk_run *step)
{
	const struct snapshot_field *field;
	struct vmwalk_run expected;
	size_t at;

	predict(caps, last, run->start, run->first, &expected);
	memset(step, 0, sizeof(*step));
	if (memcmp(&expected, run, sizeof(*run)))
		for (field = run_fields(); field < fields_end(); field++) {
			at = field->offset;
			vmwalk_snapshot_store((char *)step + at,
					      vmwalk_snapshot_fetch((char *)run + at, field->size) -
					      vmwalk_snapshot_fetch((char *)&expected + at,
								    field->size), field->size);
		}
	step->start = run->start - last->end;
	step->first = run->first - next_first(last);
}

void vmwalk_snapshot_put_runs(const struct vmwalk_caps *caps, const struct vmwalk_run *runs,
			      size_t nr, void (*put)(const struct snapshot_step *step, void *arg),
			      void *arg)
{
	struct snapshot_step step = { .count = 0 }, next = { .count = 1 };
	const struct vmwalk_run *run, nothing = { 0 }, *last = &nothing;

	for (run = runs; nr; nr--, last = run++) {
		subtract(caps, last, run, &next.run);
		if (step.count && !memcmp(&step.run, &next.run, sizeof(step.run))) {
			step.count++;
			continue;
		}
		if (step.count)
			put(&step, arg);
		step = next;
	}
	if (step.count)
		put(&step, arg);
}

/*
 * True if predict() has computed the whole run: the step stores only start and first
 * frame.
 */
static bool only_moves(const struct vmwalk_run *step)
{
	struct vmwalk_run rest = *step;
	static const struct vmwalk_run nothing;

	rest.start = 0;
	rest.first = 0;
	return !memcmp(&rest, &nothing, sizeof(rest));
}

void vmwalk_snapshot_next_run(const struct vmwalk_caps *caps, const struct vmwalk_run *last,
			      const struct snapshot_step *step, struct vmwalk_run *next)
{
	const __u64 start = last->end + step->run.start;
	const __u64 first = next_first(last) + step->run.first;
	const struct snapshot_field *field;
	size_t at;

	predict(caps, last, start, first, next);
	if (only_moves(&step->run))
		return;
	for (field = run_fields(); field < fields_end(); field++) {
		at = field->offset;
		vmwalk_snapshot_store((char *)next + at,
				      vmwalk_snapshot_fetch((char *)next + at, field->size) +
				      vmwalk_snapshot_fetch((char *)&step->run + at, field->size),
				      field->size);
	}
	next->start = start;
	next->first = first;
}
