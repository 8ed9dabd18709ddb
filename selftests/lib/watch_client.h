/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A client of subscriptions that builds and parses messages by hand, without libmnl or
 * libvmwalk. Functions that return int return 0 or a negative errno, but for
 * watch_main() and watch_main_alone(), which return an exit status.
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
 * @len: bytes used in @buf
 */
struct request {
	unsigned char buf[4096] __attribute__((aligned(8)));
	size_t len;
};

/**
 * struct watch - a subscription, or the socket for one
 * @fd: the socket
 * @family: id of the family, 0 if the module is not loaded
 * @sources: sources in the answer to SUBSCRIBE
 * @records: ring_records in that answer
 * @redacted: redacted in that answer
 * @at: offset in @buf of the next message
 * @inside: offset in @buf of the next event of the last message, up to @inside_end
 * @end: offset in @buf of the end of the received data
 * @buf: the last datagram received
 */
struct watch {
	int fd;
	uint16_t family;
	uint32_t sources;
	uint32_t records;
	uint64_t redacted;
	size_t at;
	size_t inside;
	size_t inside_end;
	size_t end;
	unsigned char buf[2 * VMWALK_BATCH_SIZE] __attribute__((aligned(8)));
};

/* The leaf entry of an address at one moment of a fault, from three bodies */
struct event_leaf {
	struct vmwalk_leaf_state state;
	struct vmwalk_entry entry;
	struct vmwalk_page page;
};

/*
 * A parsed event. @size has the size of each body in bytes, 0 if it is absent. @got is that
 * of a fault or a signal.
 */
struct event {
	uint32_t kind;
	uint64_t time;
	uint64_t seq;
	uint32_t tgid;
	uint32_t tid;
	uint32_t got;
	uint16_t size[VMWALK_BODIES];
	/* From FAULT, EXCEPTION and SIGNAL events; @ns also from those of system calls */
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
	struct event_leaf before;
	struct event_leaf after;
	struct vmwalk_vma vma;
	/* From FORK, EXEC and EXIT events */
	uint32_t task_flags;
	uint32_t child_tgid;
	uint32_t child_tid;
	uint32_t status;
	uint32_t left;
	/* From MMAP and the other system-call events */
	uint64_t args[6];
	int64_t returned;
	struct vmwalk_around_call around_before;
	struct vmwalk_around_call around_after;
	/* From COLLAPSE and TLB events */
	uint32_t done;
	uint32_t order;
	uint32_t flush;
	uint64_t pages;
	/* From LOST and END events */
	uint64_t count;
	uint32_t reason;
	uint64_t delivered;
	uint64_t lost;
	uint64_t missed;
};

/* Arguments of SUBSCRIBE */
struct wanted {
	uint32_t flags;
	uint32_t records;
	uint32_t events;
	uint32_t outcomes;
	uint32_t access;
	uint64_t start;
	uint64_t end;
	int mem;	/* descriptor of /proc/PID/mem; 0 is none */
};

int watch_open(struct watch *watch);
void watch_close(struct watch *watch);

void request_begin(struct request *request, uint16_t type, uint8_t cmd);
/*
 * Send a request to a family, and drop events until its answer comes.
 * Return the error that the answer reports, or that of sending or receiving, such as
 * -ETIMEDOUT after 20 s.
 */
int request_send(struct watch *watch, struct request *request);

int watch_subscribe(struct watch *watch, int device, const struct wanted *wanted);
/* Open a socket and subscribe. On success the caller calls watch_close(). */
int watch_subscribe_new(struct watch *watch, int device, const struct wanted *wanted);
/*
 * Attach a device to @pid, open a socket and subscribe; the device is closed again. Pass
 * /proc/PID/mem if that can be opened.
 */
int watch_process(struct watch *watch, pid_t pid, const struct wanted *wanted);
/* Subscribe to @events of all threads of the caller. */
int watch_self(struct watch *watch, uint32_t events);
/* Watch the process of an attached device, too. @mem: as in struct wanted */
int watch_add_device(struct watch *watch, int device, int mem);
/* The same by a new device that is attached to @pid */
int watch_add_fd(struct watch *watch, int pagemap, int mem, pid_t pid);
/* Pass /proc/PID/mem if that can be opened. */
int watch_add(struct watch *watch, pid_t pid);
int watch_stop(struct watch *watch);

typedef void (*watch_found)(uint16_t type, const void *data, size_t size, void *arg);

void watch_attributes(const unsigned char *at, size_t len, watch_found found, void *arg);
/*
 * Return the next message, which stays in watch->buf until the next call. Return NULL and
 * set @err to -ETIMEDOUT after @ms milliseconds, or to another error.
 */
const struct nlmsghdr *watch_message(struct watch *watch, int ms, int *err);

/*
 * Read the next event. Return, among other errors, -ETIMEDOUT after @ms milliseconds, and
 * -EBADMSG if a size does not fit, a known body is shorter than it ever was, or a leaf that
 * is marked absent has other fields set.
 */
int watch_next(struct watch *watch, struct event *event, int ms);
/* Read the next event of @kind and drop events of other kinds; @ms is for each event. */
int watch_next_of(struct watch *watch, uint32_t kind, struct event *event, int ms);
/*
 * Read the next fault in a range of addresses and drop all other events. Return
 * -ETIMEDOUT if no event at all comes for 20 s.
 */
int watch_fault_in(struct watch *watch, const void *start, size_t size, struct event *event);

/*
 * Use in place of TEST_HARNESS_MAIN in tests that watch. Arming a probe patches kernel
 * code. Multithreaded QEMU TCG sometimes crashes if another CPU runs the code that is
 * being patched; a tracefs kretprobe crashes it as well, without vmwalk. As root on
 * emulated x86, therefore, take all CPUs but 0 offline, arm every probe by a
 * subscription, bring the CPUs back, and keep the subscription until @run has ended.
 * @run is called in a child process and may exit. Fail if a probe is left at the end.
 */
int watch_main(int argc, char **argv, int (*run)(int argc, char **argv));

/*
 * Return true if the kernel refuses a probe on handle_mm_fault() even through tracefs:
 * 6.12 on riscv accepts no probe at the entry of a function that ftrace traces. This arms
 * probes for a moment.
 */
bool watch_is_refused(void);

#define WATCH_REFUSED	"this kernel lets no probe be put on handle_mm_fault()"

/* Fork a process that only waits. It is killed when its parent exits. */
pid_t watch_sleeper(void);

/* Call machine_alone() around @run, which is called in a child process and may exit. */
int watch_main_alone(int argc, char **argv, int (*run)(int argc, char **argv));

#endif
