/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the library predicts of an access, and what then comes of it: told by the signal,
 * the counters of the thread, what the module says is there afterwards, and the events of
 * the kernel.
 */
#ifndef VMWALK_TEST_PREDICT_CHECK_H
#define VMWALK_TEST_PREDICT_CHECK_H

#include <limits.h>
#include "access_events.h"
#include "held_process.h"
#include "libvmwalk.h"

/**
 * struct predict_check - a process that stands still before an access
 * @target: the process
 * @dev: attached to it; NULL if that could not be
 * @address: that will be accessed
 * @key_forbids: the rights of its protection key forbid all, which nobody else can see
 * @before: what is there before
 * @after: and afterwards
 * @around: what decides beside that
 * @prediction: what is predicted
 * @events: what events say of it
 * @name: of the VMA
 */
struct predict_check {
	struct held_process target;
	struct vmwalk_device *dev;
	uint64_t address;
	bool key_forbids;
	struct vmwalk_walk before;
	struct vmwalk_walk after;
	struct vmwalk_around around;
	struct vmwalk_prediction prediction;
	struct access_events events;
	char name[PATH_MAX];
};

/* False if the process could not be started; the state may still be missing. */
bool predict_check_start(struct predict_check *check, const struct state *state);

/*
 * Foretells the access, has it done, and compares; false with why if they differ, or if
 * what could be known is not.
 */
bool predict_check_holds(struct predict_check *check, unsigned int access, char *why,
			 size_t size);
void predict_check_end(struct predict_check *check);

#endif
