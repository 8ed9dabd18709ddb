/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An access as the kernel's events tell it: the faults in its page, each with the class
 * that vmwalk watch gives it, and the signal.
 */
#ifndef VMWALK_TEST_ACCESS_EVENTS_H
#define VMWALK_TEST_ACCESS_EVENTS_H

#include "libvmwalk.h"
#include "watch_client.h"

/* More faults than one access can take */
#define ACCESS_FAULTS_MAX	8

/* A fault, and what it was by the record of it alone. */
struct access_events_fault {
	struct event event;
	struct vmwalk_decision decision;
};

/**
 * struct access_events - what one thread did with one page
 * @watch: the subscription
 * @page: first address of the page
 * @nr: faults in it that were told of, of which @fault has as many as there is room for
 * @fault: they, in their order
 * @signals: SIGSEGV and SIGBUS for an address in it
 * @signal: the last of them
 * @lost: events that did not come, and faults that could not be followed
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

/* From here on, what the thread does with the page of the address; 0 or negative errno. */
int access_events_begin(struct access_events *events, pid_t pid, uint64_t address);
/* All of it has come; 0 or negative errno. It ends either way. */
int access_events_end(struct access_events *events, const struct vmwalk_caps *caps,
		      uint32_t kernel);

/*
 * What this kernel lacks to tell of the end of such an access by a fault, and what tells of
 * it then; NULL if nothing.
 */
const char *access_events_lacks(const struct access_events *events,
				const struct vmwalk_prediction *prediction);
/* Whether it is certain how a fault ends, and what it leaves: not if another is waited for. */
bool is_certain(const struct vmwalk_decision *decision);
/* Adds to why what differs between the events and what is predicted of the access. */
void access_events_compare(const struct access_events *events,
			   const struct vmwalk_prediction *prediction,
			   unsigned int access, char *why, size_t size);
/* The class of a fault; VMWALK_CAUSE_MAX if its record leaves more than one. */
unsigned int access_events_class(const struct access_events_fault *fault);
/* Adds to why what was told. */
void access_events_words(const struct access_events *events, char *why, size_t size);

/* Adds to a text that ends with a NUL. */
void why_add(char *why, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
