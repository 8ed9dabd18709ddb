/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fuzzer of /dev/vmwalk: declarations of all its files.
 *
 * An input is a string of bytes, from which run.c takes its decisions: which call, on
 * which descriptor, with which fields, in which kind of memory. So any bytes are a valid
 * input, and a mutation of some bytes changes a few decisions. Inputs that reach new code
 * of the module, as kcov shows, are kept.
 */
#ifndef VMWALK_FUZZ_H
#define VMWALK_FUZZ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/vmwalk.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define __printf(a, b)	__attribute__((format(printf, a, b)))

#define PAGE		4096UL
#define MIB		(1UL << 20)
#define GIB		(1UL << 30)
#define THREADS_MAX	8
#define CALLS_MAX	16
#define INPUT_MAX	256

/* table.h, which table.awk generates from linux/vmwalk.h */

enum field_kind {
	FIELD_PLAIN,
	FIELD_SIZE,
	FIELD_FLAGS,
	FIELD_RESERVED,
	FIELD_DESCRIPTOR,
	FIELD_PID,
	FIELD_POINTER,
	FIELD_ARRAY,
	FIELD_RECORD,
	FIELD_LENGTH,
	FIELD_ADDRESS,
	FIELD_END,
	FIELD_LEVEL,
	FIELD_PFN,
	FIELD_MASK,
};

/**
 * struct fuzz_field - a field of a structure or of a nested one
 * @name: name in linux/vmwalk.h
 * @offset: bytes from the start of its structure
 * @unit: bytes of the field, or of one element of an array
 * @size: bytes of the whole field
 * @kind: what fill.c derives the values to try from
 * @in: the kernel reads the field
 * @out: the kernel writes the field
 * @fields: fields of each element, if it is a structure, or NULL
 * @nfields: number of @fields
 */
struct fuzz_field {
	const char *name;
	size_t offset;
	size_t unit;
	size_t size;
	enum field_kind kind;
	bool in;
	bool out;
	const struct fuzz_field *fields;
	size_t nfields;
};

/**
 * struct fuzz_call - an ioctl, and what linux/vmwalk.h says about it
 * @name: NAME in VMWALK_IOC_NAME
 * @request: ioctl request number
 * @size: bytes of its structure
 * @fields: fields of the structure
 * @nfields: number of @fields
 * @errors: errnos that the header allows, except ENOTTY; terminated by 0
 * @record_size: bytes of a record that it writes to an array, or 0
 * @record_fields: fields of that record, or NULL
 * @nrecord_fields: number of @record_fields
 */
struct fuzz_call {
	const char *name;
	unsigned long request;
	size_t size;
	const struct fuzz_field *fields;
	size_t nfields;
	int errors[24];
	size_t record_size;
	const struct fuzz_field *record_fields;
	size_t nrecord_fields;
};

extern const struct fuzz_call fuzz_calls[];
extern const unsigned int fuzz_calls_count;

/* input.c: random inputs, and the decisions taken from them */

struct input {
	uint8_t bytes[INPUT_MAX];
	size_t len;
};

/* Source of decisions: the bytes of an input, and zeros once those are used up */
struct source {
	const uint8_t *at;
	const uint8_t *end;
};

uint64_t random_next(uint64_t *state);
uint64_t take(struct source *source, unsigned int bytes);
unsigned int choose(struct source *source, unsigned int below);
void input_random(struct input *input, uint64_t *state);
void input_mutate(struct input *input, const struct input *other, uint64_t *state);

/* corpus.c: the inputs that are kept */

/*
 * Load the inputs in all files of a directory; print a message and return false on error.
 */
bool corpus_load(const char *directory);
/* Keep the input if @news is not 0: it reached @news places before any other input. */
void corpus_add(const struct input *input, unsigned int news);
/* Copy input @number modulo the size of the corpus to @input; false if there is none. */
bool corpus_pick(uint64_t number, struct input *input);
size_t corpus_size(void);
bool corpus_save(const char *path);
void input_print(const struct input *input);

/* kcov.c: which code of the module the inputs reach */

struct kcov {
	int fd;
	uint64_t *area;
};

/* Return false if kcov is not available; the fuzzer then runs without feedback. */
bool kcov_open(struct kcov *kcov);
void kcov_begin(struct kcov *kcov);
/* Count the places that this thread has reached first since kcov_begin(). */
unsigned int kcov_news(struct kcov *kcov);
unsigned int kcov_places(void);

/* memory.c: the buffers of calls, and how the fuzzer reads them */

struct arena {
	char *plain;		/* the pages as the fuzzer sees them: all are mapped */
	char *view;		/* the first of them as calls see them, with a hole */
	char *racing;		/* the last two, which arena_disturb() unmaps */
	char *arrays;		/* two arrays, as the fuzzer sees them */
	char *arrays_view;
};

/*
 * Bytes of each of the two arrays, for records and for names. In @arrays_view an
 * inaccessible page follows, then a read-only one.
 */
#define ARRAY_BYTES	(8 * PAGE)

/* A buffer that is passed to a call, and the mapping by which the fuzzer reads it */
struct place {
	char *user;
	char *plain;		/* NULL if the fuzzer cannot read the answer */
	size_t room;		/* bytes that a call can access from @user on */
	bool writable;
	bool racing;
};

void arena_make(struct arena *arena, unsigned int number);
void place_choose(struct place *place, struct arena *arena, struct source *source,
		  size_t size);
/* @number: 0 for records, 1 for names */
void array_choose(struct place *place, struct arena *arena, struct source *source,
		  unsigned int number);
void arena_disturb(struct arena *arena, uint64_t *state);

/* target.c, region.c: the processes that are walked, and their memory */

enum region_kind {
	REGION_ANCHOR,		/* always mapped, and no page is ever missing */
	REGION_CHURN,
	REGION_HUGE,
	REGION_HUGE_ANCHOR,	/* as REGION_ANCHOR; huge pages are split and collapsed */
	REGION_SWAP,
	REGION_HUGETLB,
	REGION_SHMEM,
	REGION_FILE,
	REGION_PROTNONE,
	REGION_FLICKER,		/* freed and refilled in a loop, in one target */
	REGION_WATCHED,		/* write-protected and back in a loop, in one target */
	REGION_COUNT,
};

struct region {
	uintptr_t start;
	size_t len;
};

extern const struct region regions[REGION_COUNT];

/* Return the enum region_kind that contains the address, or -1. */
int region_of(uint64_t address);
void regions_prepare(void);
void regions_make(void);
void region_disturb(enum region_kind kind, uint64_t *state);
void region_flicker(void);
/*
 * Toggle the write protection of REGION_WATCHED for ever. Return only if userfaultfd is
 * not available or cannot write-protect.
 */
void region_watch(void);

#define TARGETS		5
#define TARGET_FLICKERING	1
#define TARGET_WATCHING		2
#define TARGET_MORTAL		3	/* killed and restarted by targets_tend() */
#define TARGET_EXECUTING	4	/* calls exec, which drops all regions */
/* Fixed descriptor numbers, so that threads which race on them close no other file */
#define SLOT_FIRST	100
#define SLOTS_SHARED	8
#define SLOTS_OWN	4
#define SLOTS		(SLOTS_SHARED + SLOTS_OWN * THREADS_MAX)
#define OBJECT_FIRST	200
#define OBJECTS		24
#define FD_SHMEM	90
#define FD_HUGETLB	91
#define FD_PRIVATE	300

/*
 * Start targets 1 and up. Target 0 is the fuzzer itself, whose regions are changed, too.
 */
void targets_start(uint64_t seed);
/* Kill TARGET_MORTAL, and restart each target that has exited since the last call. */
void targets_tend(void);
void targets_end(void);
pid_t target_pid(unsigned int number);
/* Continue TARGET_EXECUTING after its exec: make the regions, then exec again. */
int target_exec_main(char **argv);
/* Open files of many kinds from OBJECT_FIRST on, most of them wrong for ATTACH. */
void objects_make(void);
void objects_renew(unsigned int target);

/* run.c: execute the decisions of an input */

struct fuzzer {
	unsigned int number;
	uint64_t seed;
	uint64_t state;
	struct arena arena;
	struct kcov kcov;
	struct input *input;
	int targets[SLOTS_OWN];		/* attached target of each own slot, or -1 */
	atomic_ulong calls;
	unsigned long done[CALLS_MAX];	/* successful calls, by index in fuzz_calls */
};

void input_run(struct fuzzer *me, const struct input *input);

/* slot.c: the descriptors on which calls are made */

/* Return the descriptor of own slot @n, which always is an open device. */
int slot_own(const struct fuzzer *me, unsigned int n);
/* Return the descriptor of shared slot @n, which any thread may close or replace. */
int slot_shared(unsigned int n);
/* Choose a slot; return its descriptor. @own is its number, unless @shared is set. */
int slot_choose(struct fuzzer *me, struct source *source, bool *shared, unsigned int *own);

/* fill.c: choose the fields of a structure */

/* A call and the arguments chosen for it */
struct call {
	const struct fuzz_call *what;	/* the call whose structure is passed */
	unsigned long request;
	struct place place;
	uint32_t size;
	unsigned int target;
	bool shared;			/* other threads may close or replace @fd */
	unsigned int slot;		/* number of the own slot, if not @shared */
	bool second;			/* a field points to another buffer */
	uint64_t start;
	struct place array;		/* what the pointer to the records points to */
	struct place names;
	int fd;
};

void structure_put(struct fuzzer *me, struct source *source, struct call *call);

/* netlink.c: requests to the generic netlink family */

#define NETLINK_OWN	2	/* netlink sockets per thread */

/* Send at most one request, then check the messages that are queued. */
void netlink_run(struct fuzzer *me, struct source *source);
/* Close the netlink sockets of the thread; messages still queued are not read. */
void netlink_end(struct fuzzer *me);

/* chase.c: races with the death of a target */

void chase(struct fuzzer *me);

/* finding.c: report what is wrong */

/* Option -u: the fuzzer runs without capabilities, so answers must be redacted. */
extern bool unprivileged;

/* Print a finding and its input (at most 8 in total). Any finding ends the fuzzer. */
__printf(2, 3) void finding(struct fuzzer *me, const char *fmt, ...);
unsigned int findings(void);

/* check.c: check the answers of calls */

/*
 * Report an error that the header does not list. @shared: allow those of a closed file.
 */
void check_error(struct fuzzer *me, const struct fuzz_call *call, int error, bool shared);
/*
 * Check the answer of a successful call.
 * @records: contents of the array, or NULL if the fuzzer cannot read it
 * @names: contents of the buffer for names, or NULL if the fuzzer cannot read it
 * @target: number of the attached target, or -1 if it is none of them
 */
void check_answer(struct fuzzer *me, const struct fuzz_call *call, const void *answer,
		  const char *records, const char *names, int target);
void fields_check(struct fuzzer *me, const struct fuzz_field *fields, size_t n,
		  const char *answer);
void check_walk(struct fuzzer *me, const struct vmwalk_walk *w, int target);
/* Address bits of an x86-64 entry: zero in answers to unprivileged callers */
#define ADDRESS_BITS	0x000ffffffffff000ULL

/* check_range.c; @records and @names are NULL if the fuzzer cannot read the buffers */
void check_scan(struct fuzzer *me, const struct vmwalk_scan *scan, const char *records,
		int target);
void check_vmas(struct fuzzer *me, const struct vmwalk_vmas *vmas, const char *records,
		const char *names);
void check_tables(struct fuzzer *me, const struct vmwalk_tables *tables, const char *records);
void check_mm(struct fuzzer *me, const struct vmwalk_mm *mm);
/* At the end, print the counts of check_walk(); return true if they are a finding. */
bool check_moments(void);

#endif
