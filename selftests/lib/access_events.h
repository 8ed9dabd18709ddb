/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Record the page faults and signals that the module reports while another process
 * accesses one page, and compare them with a prediction.
 */
#ifndef VMWALK_TEST_ACCESS_EVENTS_H
#define VMWALK_TEST_ACCESS_EVENTS_H

#include "libvmwalk.h"
#include "watch_client.h"

/* No tested access takes so many faults; those beyond are counted, but not kept. */
#define ACCESS_FAULTS_MAX	8

/*
 * @decision is derived as by vmwalk watch, from @event, the capabilities and the kernel
 * version alone. It is set by access_events_end().
 */
struct access_events_fault {
	struct event event;
	struct vmwalk_decision decision;
};

/**
 * struct access_events - events of one thread in one page
 * @watch: the subscription
 * @page: first address of the page
 * @nr: number of faults reported in the page; @fault holds the first ACCESS_FAULTS_MAX
 * @fault: the first faults in the page, oldest first
 * @signals: number of SIGSEGV and SIGBUS for an address in the page
 * @signal: last SIGSEGV or SIGBUS in the page; zero if @signals is 0
 * @lost: @lost plus @missed of the END event
 */
struct access_events {
	struct watch watch;
	uint64_t page;
	size_t nr;
	struct access_events_fault fault[ACCESS_FAULTS_MAX];
	size_t signals;
	struct event signal;
	uint64_t lost;
};

/*
 * Start recording the faults and signals of the thread @pid in the page of @address.
 * Return 0 or a negative errno.
 */
int access_events_begin(struct access_events *events, pid_t pid, uint64_t address);
/*
 * Stop recording, wait for the END event, and decide the class of each fault. Close the
 * subscription even on error. Return 0 or a negative errno.
 */
int access_events_end(struct access_events *events, const struct vmwalk_caps *caps,
		      uint32_t kernel);

/*
 * Return why this kernel reports no fault event, or an incomplete one, for the predicted
 * end of an access, or NULL if the report is complete.
 */
const char *access_events_lacks(const struct access_events *events,
				const struct vmwalk_prediction *prediction);
/*
 * Return false if a fault can end in more than one way, or waits (for a migration, a
 * userfaultfd or I/O): the entry after it cannot be predicted then.
 */
bool is_certain(const struct vmwalk_decision *decision);
/*
 * Append differences between events and prediction, perhaps not all, to @why, a string in
 * a buffer of @size bytes; append nothing if they agree.
 */
void access_events_compare(const struct access_events *events,
			   const struct vmwalk_prediction *prediction,
			   unsigned int access, char *why, size_t size);
/* Return the class of the fault, or VMWALK_CAUSE_MAX if its record allows several. */
unsigned int access_events_class(const struct access_events_fault *fault);
/* Append the recorded events to @why, a string in a buffer of @size bytes. */
void access_events_words(const struct access_events *events, char *why, size_t size);

/* Append to @why, a string in a buffer of @size bytes, and cut what does not fit. */
void why_add(char *why, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
