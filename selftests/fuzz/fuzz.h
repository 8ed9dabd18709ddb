/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fuzzer of /dev/vmwalk: declarations of all its files.
 *
 * An input is a string of bytes, from which decisions are taken: which call, on which
 * descriptor, with which fields, in which kind of memory. So any bytes are a valid input,
 * and a mutation of some bytes changes a few decisions. Inputs that reach new code of the
 * module, as kcov shows, are kept.
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

/* table.awk chooses the kind by the name and the kernel-doc of a field. */
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
	FIELD_OPTIONAL,
	FIELD_COUNT,
	FIELD_LENGTH,
	FIELD_ADDRESS,
	FIELD_END,
	FIELD_LEVEL,
	FIELD_PFN,
	FIELD_MASK,
};

/*
 * @size is the size of the field, @unit that of one element, or @size if the field is no
 * array, both in bytes. The kernel reads the field if @in, and writes it if @out. @fields
 * is NULL unless an element is a structure. @right is the size of the structure that the
 * kernel-doc names as the right value, or 0.
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
	size_t right;
};

/*
 * An ioctl. @errors are the errnos that linux/vmwalk.h allows, except ENOTTY, and end
 * with 0. @record_size is the size of a record in the array that the call fills, or 0 if
 * it fills none.
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

/* table.awk generates the array, and all that it points to, from linux/vmwalk.h. */
extern const struct fuzz_call fuzz_calls[];
extern const unsigned int fuzz_calls_count;
/* The members of struct vmwalk_address */
extern const struct fuzz_field *const fuzz_address;
extern const size_t fuzz_address_count;

struct input {
	uint8_t bytes[INPUT_MAX];
	size_t len;
};

/* Decisions are taken from the bytes of an input; once those are used up, all are 0. */
struct source {
	const uint8_t *at;
	const uint8_t *end;
};

uint64_t random_next(uint64_t *state);
uint64_t take(struct source *source, unsigned int bytes);
/* Take one byte for a number below @below, which is at most 256. */
unsigned int choose(struct source *source, unsigned int below);
void input_random(struct input *input, uint64_t *state);
void input_mutate(struct input *input, const struct input *other, uint64_t *state);

/*
 * Load the files of a directory, except hidden ones, until the corpus is full. On an
 * error, print it and return false.
 */
bool corpus_load(const char *directory);
/*
 * Keep the input if @news, the number of places that it was the first to reach, is not 0.
 * A full corpus (4096 inputs) keeps no more.
 */
void corpus_add(const struct input *input, unsigned int news);
/* Copy input @number modulo corpus_size() to @input; return false if there is none. */
bool corpus_pick(uint64_t number, struct input *input);
size_t corpus_size(void);
bool corpus_save(const char *path);
void input_print(const struct input *input);

struct kcov {
	int fd;
	uint64_t *area;
};

/* Return false if kcov is not available; the fuzzer then runs without feedback. */
bool kcov_open(struct kcov *kcov);
void kcov_begin(struct kcov *kcov);
/*
 * Return how many places this thread has reached since kcov_begin() that no thread had
 * reached before. Places are 16-bit hashes of code addresses, so some coincide.
 */
unsigned int kcov_news(struct kcov *kcov);
unsigned int kcov_places(void);

struct arena {
	char *plain;		/* all six pages, always accessible, for the fuzzer */
	char *view;		/* the first four, for calls; two are protected */
	char *racing;		/* the last two, for calls; see arena_disturb() */
	char *arrays;		/* for records and names, for the fuzzer */
	char *arrays_view;	/* the pages of @arrays, for calls */
};

/*
 * Bytes of each of the two arrays, for records and for names. In @arrays_view an
 * inaccessible page follows, then a read-only one.
 */
#define ARRAY_BYTES	(8 * PAGE)

/* A buffer: calls get @user, and the fuzzer accesses the same pages at @plain. */
struct place {
	char *user;
	char *plain;		/* NULL if the fuzzer does not read the answer */
	size_t room;		/* bytes accessible at @user, if @plain and not @racing */
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
	REGION_FLICKER,		/* TARGET_FLICKERING frees and refills it in a loop */
	REGION_WATCHED,		/* TARGET_WATCHING toggles write protection in a loop */
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
/* Return only if userfaultfd is not available or cannot write-protect. */
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

/* Start targets 1 and up. Target 0 is the fuzzer: its regions are changed, too. */
void targets_start(uint64_t seed);
/*
 * Kill TARGET_MORTAL, and restart each target that has exited since the last call. Renew
 * the pagemap of TARGET_EXECUTING: the old one keeps the mm from before an exec.
 */
void targets_tend(void);
void targets_end(void);
pid_t target_pid(unsigned int number);
/* TARGET_EXECUTING runs this after each exec, with "--target SEED PARENT". */
int target_exec_main(char **argv);
/*
 * Open files of many kinds, most of them wrong for ATTACH, on the descriptors that follow
 * those of the targets' pagemaps.
 */
void objects_make(void);
void objects_renew(unsigned int target);

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

/* Return the descriptor of own slot @n: input_run() keeps a device open there. */
int slot_own(const struct fuzzer *me, unsigned int n);
/* Return the descriptor of shared slot @n, which any thread may close or replace. */
int slot_shared(unsigned int n);
/* Choose a slot; return its descriptor. @own is its number, unless @shared is set. */
int slot_choose(struct fuzzer *me, struct source *source, bool *shared, unsigned int *own);

struct call {
	/*
	 * call whose structure is passed; after the ioctl, the one that @request names, if
	 * any
	 */
	const struct fuzz_call *what;
	unsigned long request;
	struct place place;
	uint32_t size;
	unsigned int target;
	bool shared;			/* other threads may close or replace @fd */
	unsigned int slot;		/* number of the own slot, if not @shared */
	bool second;			/* EFAULT can come from a second buffer */
	uint64_t start;
	struct place array;
	struct place names;
	int fd;
};

void structure_put(struct fuzzer *me, struct source *source, struct call *call);

#define NETLINK_OWN	2	/* sockets per thread */

/*
 * Choose a socket of the thread, open it if necessary, and check up to 16 of the messages
 * that are queued.
 */
void netlink_run(struct fuzzer *me, struct source *source);
/* Return the descriptor of socket @n of the thread, or -1. */
int netlink_socket(const struct fuzzer *me, unsigned int n);
/* Close the netlink sockets of the thread; messages still queued are not read. */
void netlink_end(struct fuzzer *me);

void chase(struct fuzzer *me);

/* Option -u: the fuzzer runs without capabilities, so answers must be redacted. */
extern bool unprivileged;

/* Print one of the first 8 findings and its input. Any finding ends the fuzzer. */
__printf(2, 3) void finding(struct fuzzer *me, const char *fmt, ...);
unsigned int findings(void);

/*
 * @shared: another thread may have closed or replaced the descriptor, so allow EBADF and
 * ENOTTY.
 */
void check_error(struct fuzzer *me, const struct fuzz_call *call, int error, bool shared);
/*
 * @records and @names are NULL if the fuzzer does not read these buffers. @target is -1
 * if the device is attached to none of the targets.
 */
void check_answer(struct fuzzer *me, const struct fuzz_call *call, const void *answer,
		  const char *records, const char *names, int target);
void fields_check(struct fuzzer *me, const struct fuzz_field *fields, size_t n,
		  const char *answer);
/* Return the bytes of a WALK and of the records that it asks for. */
uint64_t walk_bytes(const struct vmwalk_walk *walk);
/* Records that the call did not ask for must be zero in @w. */
void check_walk(struct fuzzer *me, const struct vmwalk_address *w, int target);
/* Address bits of an x86-64 entry: zero in answers to unprivileged callers */
#define ADDRESS_BITS	0x000ffffffffff000ULL

/* As for check_answer(), @records and @names can be NULL. */
void check_scan(struct fuzzer *me, const struct vmwalk_scan *scan, const char *records,
		int target);
void check_vmas(struct fuzzer *me, const struct vmwalk_vmas *vmas, const char *records,
		const char *names);
void check_tables(struct fuzzer *me, const struct vmwalk_tables *tables, const char *records);
void check_mm(struct fuzzer *me, const struct vmwalk_mm *mm);
/*
 * Print how many pages of REGION_FLICKER the calls of check_walk() so far have seen.
 * Return true if one of them was not mapped by its entry.
 */
bool check_moments(void);

#endif
