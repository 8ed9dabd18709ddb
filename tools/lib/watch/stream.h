/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_STREAM_H
#define VMWALK_STREAM_H

#include "libvmwalk.h"

struct mnl_socket;
struct nlmsghdr;

struct vmwalk_watch {
	struct mnl_socket *socket;
	__u16 family;	/* assigned to VMWALK_GENL_NAME when the module was loaded */
	__u32 seq;	/* sequence number of the last request; its answer has the same */
	int device;	/* own descriptor of the device, for STOP; -1 before SUBSCRIBE */
	__u64 last;	/* sequence number of the last event, to count gaps */
	bool calls;	/* the request has system calls */
	const char *why;	/* as vmwalk_watch_why() */
	struct vmwalk_watch_account account;
	unsigned char *buf;
	size_t size;	/* bytes allocated for @buf */
	size_t at;	/* offset in @buf of the next message to hand out */
	size_t inside;	/* offset in that message of the next event to hand out, or 0 */
	size_t seen;	/* offset up to which messages were searched for an answer */
	size_t end;	/* offset in @buf of the first free byte */
	unsigned int taken;	/* calls of vmwalk_watch_next(), see TAKE_EVERY */
};

/* Open the socket. Return 0 or a negative errno; close @watch even after an error. */
int vmwalk_socket_open(struct vmwalk_watch *watch);

/*
 * Receive one batch without waiting. Return 0 or a negative errno; -EAGAIN if there is
 * none, or if the buffer would exceed @most bytes.
 */
int vmwalk_socket_take(struct vmwalk_watch *watch, size_t most);

/* As vmwalk_socket_take() without a limit, but wait up to @timeout ms; -1: forever. */
int vmwalk_socket_wait(struct vmwalk_watch *watch, int timeout);

/* Return the message at offset @at of the buffer, or NULL if none is complete there. */
const struct nlmsghdr *vmwalk_socket_message(const struct vmwalk_watch *watch, size_t at);

/* Begin a request in @buf, which must have room for its attributes. */
struct nlmsghdr *vmwalk_socket_begin(struct vmwalk_watch *watch, void *buf, __u16 type, __u8 cmd);

/*
 * Send a request, and wait up to 10 s for the answer. Return 0 or a negative errno;
 * -ETIMEDOUT if none came.
 */
int vmwalk_socket_ask(struct vmwalk_watch *watch, const struct nlmsghdr *request);

/* CLOCK_MONOTONIC, ms */
__s64 vmwalk_now_ms(void);

/*
 * Decode the event at @at, of which @left bytes follow; it needs no alignment. Return its
 * size, or 0 if a size in it does not fit. Fields that it does not have are 0 in @event.
 */
size_t vmwalk_event_decode(const void *at, size_t left, struct vmwalk_watch_event *event);

#endif
