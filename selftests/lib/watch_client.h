/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A client of the generic netlink family that builds and parses messages by hand, without
 * libmnl or libvmwalk. Functions return 0 or more, or a negative errno.
 */
#ifndef VMWALK_TEST_WATCH_CLIENT_H
#define VMWALK_TEST_WATCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/netlink.h>
#include <linux/vmwalk_netlink.h>

/**
 * struct request - a message under construction
 * @buf: the message, starting with its nlmsghdr
 * @len: length of the message in bytes
 */
struct request {
	unsigned char buf[4096] __attribute__((aligned(8)));
	size_t len;
};

/**
 * struct watch - a subscription, or the socket for one
 * @fd: the socket
 * @family: id of the family, 0 if the module is not loaded
 * @words: text of the last extended acknowledgment
 * @sources: VMWALK_A_SOURCES in the answer to SUBSCRIBE
 * @records: VMWALK_A_RECORDS in that answer
 * @redacted: VMWALK_A_REDACTED in that answer
 * @at: offset in @buf of the next message
 * @end: offset in @buf of the end of the received data
 */
struct watch {
	int fd;
	uint16_t family;
	char words[128];
	uint32_t sources;
	uint32_t records;
	uint64_t redacted;
	size_t at;
	size_t end;
	unsigned char buf[2 * VMWALK_BATCH_SIZE] __attribute__((aligned(8)));
};

/* A parsed event. Bits of @has are the attributes present, bits of @has_detail the nested ones. */
struct event {
	uint32_t kind;
	uint64_t time;
	uint64_t seq;
	uint32_t tgid;
	uint32_t tid;
	uint64_t has;
	uint64_t has_detail;
	/* Set in FAULT events */
	uint64_t address;
	uint64_t ip;
	uint64_t code;
	uint64_t ns;
	uint64_t redacted;
	uint32_t access;
	uint32_t flags;
	uint32_t outcome;
	uint32_t result;
	uint32_t tries;
	uint32_t signal;
	uint32_t sigcode;
	uint32_t pkey;
	struct vmwalk_glance before;
	struct vmwalk_glance after;
	struct vmwalk_vma vma;
	/* Set in FORK, EXEC and EXIT events */
	uint32_t task_flags;
	uint32_t child_tgid;
	uint32_t child_tid;
	uint32_t status;
	uint32_t left;
	/* Set in MMAP and the other system-call events */
	uint64_t args[6];
	int64_t returned;
	struct vmwalk_around_call around_before;
	struct vmwalk_around_call around_after;
	/* Set in COLLAPSE and TLB events */
	uint32_t done;
	uint32_t order;
	uint32_t flush;
	uint64_t pages;
	/* Set in LOST and END events */
	uint64_t count;
	uint32_t reason;
	uint64_t delivered;
	uint64_t lost;
	uint64_t missed;
};

/* Attributes of SUBSCRIBE; those that are 0 are left out. */
struct wanted {
	uint32_t flags;
	uint32_t records;
	uint32_t events;
	uint32_t outcomes;
	uint32_t access;
	uint64_t start;
	uint64_t end;
};

int watch_open(struct watch *watch);
void watch_close(struct watch *watch);

void request_begin(struct request *request, uint16_t type, uint8_t cmd);
void request_put(struct request *request, uint16_t type, const void *data, size_t len);
void request_u32(struct request *request, uint16_t type, uint32_t value);
void request_u64(struct request *request, uint16_t type, uint64_t value);
/* Sends a request and waits for its answer, which is stored in @watch. */
int request_send(struct watch *watch, struct request *request);

int watch_subscribe(struct watch *watch, int device, const struct wanted *wanted);
/* Opens a socket and subscribes; on success the caller calls watch_close(). */
int watch_subscribe_new(struct watch *watch, int device, const struct wanted *wanted);
/* Opens the device, attaches it, opens a socket and subscribes. */
int watch_process(struct watch *watch, pid_t pid, const struct wanted *wanted);
/* Subscribes to @events of all threads of the caller. */
int watch_self(struct watch *watch, uint32_t events);
int watch_add_fd(struct watch *watch, int pagemap, pid_t pid);
int watch_add(struct watch *watch, pid_t pid);
int watch_stop(struct watch *watch);

typedef void (*watch_found)(uint16_t type, const void *data, size_t size, void *arg);

void watch_attributes(const unsigned char *at, size_t len, watch_found found, void *arg);
/*
 * Returns the next message, in watch->buf; NULL with @err after @ms
 * milliseconds or an error.
 */
const struct nlmsghdr *watch_message(struct watch *watch, int ms, int *err);

/*
 * Reads the next event. Returns -ETIMEDOUT after @ms milliseconds, and -EBADMSG
 * if an absent entry is not all zero.
 */
int watch_next(struct watch *watch, struct event *event, int ms);
/* Reads the next event of @kind and drops events of other kinds. */
int watch_next_of(struct watch *watch, uint32_t kind, struct event *event, int ms);
/* Reads the next fault in a range of addresses and drops all other events. */
int watch_fault_in(struct watch *watch, const void *start, size_t size, struct event *event);

/*
 * Replaces TEST_HARNESS_MAIN in tests that watch. Arming a probe patches kernel code.
 * Multithreaded QEMU TCG sometimes crashes if another CPU runs the code that is being
 * patched; a tracefs kretprobe crashes it as well, without vmwalk. On TCG, therefore, this
 * takes all other CPUs offline, arms every probe by a subscription of its own, brings the
 * CPUs back and keeps the subscription until @run has ended. @run is called in a child
 * process and may exit.
 */
int watch_main(int argc, char **argv, int (*run)(int argc, char **argv));

/*
 * True if the kernel refuses a probe on handle_mm_fault() even through tracefs: a probe at
 * the entry of a function that ftrace traces is not possible in 6.12 on riscv. Briefly arms
 * probes.
 */
bool watch_is_refused(void);

#define WATCH_REFUSED	"this kernel lets no probe be put on handle_mm_fault()"

/* A process that does nothing. It is killed when its parent exits. */
pid_t watch_sleeper(void);

/*
 * For tests that arm and disarm probes without watch_main(): takes the other CPUs offline
 * on TCG.
 */
void watch_alone(bool alone);
/* Calls watch_alone() around @run, which is called in a child process and may exit. */
int watch_main_alone(int argc, char **argv, int (*run)(int argc, char **argv));

#endif
