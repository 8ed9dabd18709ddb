/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compare the library's prediction of an access with the outcome: the signal, the fault
 * counters of the thread, the entry afterwards, and the events.
 */
#ifndef VMWALK_TEST_PREDICT_CHECK_H
#define VMWALK_TEST_PREDICT_CHECK_H

#include <limits.h>
#include "access_events.h"
#include "held_process.h"
#include "libvmwalk.h"

/**
 * struct predict_check - a process stopped before an access
 * @target: the stopped process
 * @dev: device attached to it; NULL if the state cannot be made, or if the device could
 *	not be opened, attached or walked
 * @address: the address that will be accessed, a multiple of 16
 * @key_forbids: the protection-key rights of the thread, which vmwalk does not read,
 *	forbid the access
 * @before: the walk before the access
 * @after: the walk after the access
 * @around: facts beyond the walk that the prediction needs
 * @prediction: the predicted faults
 * @events: the reported faults and signals
 * @name: name of the VMA
 */
struct predict_check {
	struct held_process target;
	struct vmwalk_device *dev;
	uint64_t address;
	bool key_forbids;
	struct vmwalk_address before;
	struct vmwalk_address after;
	struct vmwalk_around around;
	struct vmwalk_prediction prediction;
	struct access_events events;
	char name[PATH_MAX];
};

/*
 * Start the process and walk @address. Return false if the process could not be started.
 * After any other failure return true with @dev NULL.
 */
bool predict_check_start(struct predict_check *check, const struct state *state);

/*
 * Predict an access (VMWALK_ACCESS_*), let the process make it, and compare. Return false
 * if prediction and outcome differ, if the prediction lacks a fact that could be known,
 * or if the access could not be followed to its end. @why receives prediction and outcome
 * as text, or the failure.
 */
bool predict_check_holds(struct predict_check *check, unsigned int access, char *why,
			 size_t size);
void predict_check_end(struct predict_check *check);

#endif
