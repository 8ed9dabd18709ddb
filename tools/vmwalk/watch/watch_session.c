// SPDX-License-Identifier: GPL-2.0
/* Run a watch: show events until its end, then the recorded ones that are left. */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "last_words.h"
#include "view_event.h"
#include "watch_session.h"

/*
 * Longest wait, ms: a signal that arrives just before poll(2) does not interrupt it, and
 * is noticed only when it times out.
 */
#define LOOK_EVERY	200
/* The same with --follow=ptrace, where a child that stops waits for it */
#define SERVE_EVERY	10
/* Longest wait for recorded events and END once the watch was stopped, s */
#define END_WITHIN	10
/* Attempts to add a process that seems to execute one program after the other */
#define ADD_TRIES	5

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted++;
}

/* SA_RESETHAND: a second signal of the same kind kills vmwalk. */
static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESETHAND };
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

static void tell_no_calls(const struct watch_session *session, pid_t pid)
{
	int error = session->watch ? vmwalk_watch_account(session->watch)->mem_error : 0;

	if (!error)
		return;
	warnx("system calls of %d are not shown: only who may trace it may see them", (int)pid);
	warnx("/proc/%d/mem: %s", (int)pid, strerror(error));
}

static int error_watch(enum vmwalk_error error, const struct watch_session *session)
{
	const char *why = session->watch ? vmwalk_watch_why(session->watch) : "";
	int saved = errno;

	switch (error) {
	case VMWALK_ERR_NO_EVENTS:
		warnx("the loaded module has no events: no netlink family \"%s\", or no calls",
		      VMWALK_GENL_NAME);
		warnx("load the module that this command was built with");
		return STATUS_MODULE;
	case VMWALK_ERR_DENIED:
		tell_no_calls(session, session->source.target.pid);
		warnx("the module does not let you watch it%s%s", *why ? ": " : "", why);
		return STATUS_DENIED;
	case VMWALK_ERR_GONE:
		return error_target(error, session->source.given, &session->source.target);
	default:
		if (saved == EOPNOTSUPP && *why)
			warnx("%s", why);
		else
			warnx("cannot watch it: %s%s%s", strerror(saved), *why ? ": " : "",
			      why);
		return saved == EOPNOTSUPP ? STATUS_MODULE : STATUS_NO;
	}
}

/*
 * Return the source of an event; 0 if it needs none, or needs one without which the
 * module refuses to subscribe.
 */
static __u32 source_of(unsigned int event)
{
	if (info_is_call(event))
		return VMWALK_SOURCE_CALL;
	switch (event) {
	case VMWALK_EVENT_SIGNAL:
		return VMWALK_SOURCE_SIGNAL;
	case VMWALK_EVENT_COLLAPSE:
		return VMWALK_SOURCE_COLLAPSE;
	case VMWALK_EVENT_TLB:
		return VMWALK_SOURCE_TLB;
	case VMWALK_EVENT_EXCEPTION:
		return VMWALK_SOURCE_EXCEPTION;
	default:
		return 0;
	}
}

static int check_missing(const struct watch_session *session)
{
	__u32 sources = vmwalk_watch_account(session->watch)->sources;
	__u32 left = session->filter.events, source;
	unsigned int event;

	for (event = 0; event <= VMWALK_EVENT_LAST; event++) {
		source = source_of(event);
		if (!(session->filter.events & VMWALK_BIT(event)) || !source || sources & source)
			continue;
		warnx("this kernel has no \"%s\" events", vmwalk_event_name(event));
		left &= ~VMWALK_BIT(event);
	}
	return session->filter.events && !left ? STATUS_MODULE : STATUS_DONE;
}

/* Keep the kernel version only: other facts may change before the fault. */
static void look_around(struct watch_session *session)
{
	const struct vmwalk_address nowhere = { .call.leaf_level = VMWALK_LEVEL_NONE };

	vmwalk_around_read(session->source.dev, &nowhere, "", &session->around);
	session->around = (struct vmwalk_around) { .kernel = session->around.kernel };
}

int watch_session_begin(struct watch_session *session)
{
	struct vmwalk_device *dev = session->source.dev;
	enum vmwalk_error error;
	int status;

	status = watch_filter_range(&session->filter, &session->source, &session->options);
	if (status)
		return status;
	look_around(session);
	session->processes = watched_process_first(dev, session->source.target.tgid);
	if (!session->processes)
		return error_memory();
	/* List the symbols before the first event: the process may exit soon after it. */
	watched_process_look(session->processes, true);
	session->info.caps = vmwalk_device_caps(dev);
	session->info.traced = session->options.trace;
	catch_signals();
	error = vmwalk_watch_open(&session->watch, dev, &session->filter.request);
	/*
	 * Start the clock only now: attaching the probes takes a while, and records
	 * nothing.
	 */
	session->info.begun = watch_now_ns();
	if (error != VMWALK_OK)
		return error_watch(error, session);
	tell_no_calls(session, session->source.target.pid);
	return check_missing(session);
}

/* Watch the new address space of a process, if the kernel lets the user look at it. */
static enum vmwalk_error add_once(struct watch_session *session, pid_t pid)
{
	struct vmwalk_device *dev;
	enum vmwalk_error error = vmwalk_device_open(&dev);

	if (error == VMWALK_OK)
		error = vmwalk_device_attach(dev, pid);
	if (error == VMWALK_OK)
		error = vmwalk_watch_add(session->watch, dev);
	if (error == VMWALK_OK)
		tell_no_calls(session, pid);
	vmwalk_device_close(dev);
	return error;
}

static bool is_gone(enum vmwalk_error error)
{
	return error == VMWALK_ERR_GONE || error == VMWALK_ERR_NO_PROCESS;
}

/*
 * Wrappers such as env and nohup execute one program after the other: the second exec can
 * come between the opening of the first address space and ADD. Nothing tells of it, since
 * the process is not watched then.
 */
static enum vmwalk_error add(struct watch_session *session, pid_t pid)
{
	enum vmwalk_error error = add_once(session, pid);
	int tries;

	for (tries = 1; is_gone(error) && tries < ADD_TRIES && !kill(pid, 0); tries++) {
		usleep(1000);
		error = add_once(session, pid);
	}
	if (error == VMWALK_OK) {
		session->added = pid;
		session->added_by = watch_now_ns();
	}
	return error;
}

static void tell_unwatched(const struct watch_session *session, pid_t pid, enum vmwalk_error error)
{
	const struct options *options = &session->options;
	const char *why = vmwalk_watch_why(session->watch);
	int saved = errno;

	/* A reader of the events of many children need not be told of each that has ended. */
	if (is_gone(error) && (options->json || options->quiet))
		return;
	warnx("%d is not watched from exec on: %s%s%s", (int)pid,
	      is_gone(error) ? "it has ended" :
	      error == VMWALK_ERR_SYSTEM ? strerror(saved) :
	      "you may not look at the program that it has executed",
	      error == VMWALK_ERR_SYSTEM && *why ? ": " : "",
	      error == VMWALK_ERR_SYSTEM ? why : "");
}

/*
 * The number in an event is that of the moment at which it was recorded: a process that
 * was added since is not counted in it, and its own EXIT comes later.
 */
static bool none_left(const struct watch_session *session, const struct vmwalk_watch_event *event)
{
	return !event->task.left &&
	       (event->time >= session->added_by || event->tgid == (__u32)session->added);
}

/* With --follow=ptrace: the process is stopped before the first instruction. */
static void take_traced_exec(pid_t pid, void *arg)
{
	struct watch_session *session = arg;
	enum vmwalk_error error = add(session, pid);

	/* ENOENT: the watch has been stopped, and shows only what was recorded. */
	if (error != VMWALK_OK && !(error == VMWALK_ERR_SYSTEM && errno == ENOENT))
		tell_unwatched(session, pid, error);
}

/*
 * exec ends the authority to watch: attach again. If the kernel refuses that, there are
 * no more events of this process.
 */
static void take_exec(struct watch_session *session, const struct vmwalk_watch_event *event)
{
	struct watched_process *process = watched_process_find(session->processes, event->tgid);
	enum vmwalk_error error;

	if (process) {
		watched_process_remap(process, 0, ~0ULL);
		watched_process_look(process, true);
	}
	if (session->options.trace || !event->tgid)
		return;
	/* A child of vfork(2) is watched up to its exec, even without --follow. */
	if (!session->options.follow && event->tgid != (__u32)session->source.target.tgid) {
		if (none_left(session, event))
			vmwalk_watch_stop(session->watch);
		return;
	}
	error = add(session, event->tgid);
	if (error != VMWALK_OK)
		tell_unwatched(session, event->tgid, error);
	else if (!session->options.json && !session->options.quiet)
		fprintf(stderr, "%u was not watched from exec on: it is again, from here on\n",
			event->tgid);
	if (error != VMWALK_OK && none_left(session, event))
		vmwalk_watch_stop(session->watch);
}

/*
 * With --follow=ptrace the tracer knows the end: while a process is stopped at exec,
 * @left does not count it.
 */
static bool is_over(const struct watch_session *session, const struct vmwalk_watch_event *event)
{
	if (session->options.trace)
		return false;
	return none_left(session, event) || (session->options.thread &&
				     event->tid == (__u32)session->source.target.pid);
}

static void take_exit(struct watch_session *session, const struct vmwalk_watch_event *event)
{
	bool thread = event->task.flags & VMWALK_TASK_THREAD;

	if (!thread && event->tgid == (__u32)session->source.target.tgid)
		session->ended = true;
	if (!thread)
		watched_process_forget(session->processes, event->tgid);
	if (is_over(session, event))
		vmwalk_watch_stop(session->watch);
}

static void note_call(struct watched_process *process, const struct vmwalk_watch_event *event)
{
	const struct vmwalk_call_event *call = &event->call;

	if (event->kind == VMWALK_EVENT_MMAP && call->result >= 0)
		watched_process_remap(process, call->result, call->result + call->args[1]);
	else if (event->kind == VMWALK_EVENT_MUNMAP || event->kind == VMWALK_EVENT_MREMAP)
		watched_process_remap(process, call->args[0], call->args[0] + call->args[1]);
	if (event->kind == VMWALK_EVENT_MREMAP && call->result >= 0)
		watched_process_remap(process, call->result, call->result + call->args[2]);
}

static void take_change(struct watch_session *session, const struct vmwalk_watch_event *event)
{
	struct watched_process *process;

	if (event->kind == VMWALK_EVENT_EXEC) {
		take_exec(session, event);
	} else if (event->kind == VMWALK_EVENT_EXIT) {
		take_exit(session, event);
	} else if (info_call(&session->info)) {
		process = watched_process_find(session->processes, event->tgid);
		if (process) {
			note_call(process, event);
			watched_process_look(process, false);
		}
	}
}

static void show(struct watch_session *session)
{
	const struct options *options = &session->options;

	fault_stats_add(&session->stats, &session->info);
	if (session->info.event->kind != VMWALK_EVENT_LOST)
		session->shown++;
	if (options->summary)
		return;
	if (options->json)
		view_event_json(session->screen.out, &session->info, options);
	else if (options->quiet || options->output)
		view_event_quiet(session->screen.out, &session->info, options);
	else
		view_event(&session->screen, &session->info);
}

static bool is_full(const struct watch_session *session)
{
	return session->options.count && session->shown >= session->options.count;
}

static void take_event(struct watch_session *session, const struct vmwalk_watch_event *event)
{
	struct watched_process *process = event->tgid ? watched_process_find(session->processes,
									     event->tgid) : NULL;

	if (event->kind == VMWALK_EVENT_END)
		return;
	info_take(&session->info, event, &session->around, process);
	if (!is_full(session) &&
	    (event->kind == VMWALK_EVENT_LOST ||
	     watch_filter_wants(&session->filter, &session->info)))
		show(session);
	take_change(session, event);
}

static void serve(struct watch_session *session)
{
	if (!session->options.trace || session->traced.none)
		return;
	launch_serve(session->command, &session->traced, take_traced_exec, session);
	if (session->traced.none)
		vmwalk_watch_stop(session->watch);
}

/* Take one event; flush the output before waiting. Return as vmwalk_watch_next(). */
static int next(struct watch_session *session, __u64 until)
{
	__u64 now, most = session->options.trace ? SERVE_EVERY : LOOK_EVERY;
	struct vmwalk_watch_event event;
	int got;

	serve(session);
	got = vmwalk_watch_next(session->watch, &event, 0);
	if (!got) {
		fflush(session->screen.out);
		now = watch_now_ns();
		if (now < until)
			got = vmwalk_watch_next(session->watch, &event,
						until - now < most * 1000000ULL ?
						(until - now) / 1000000 + 1 : most);
	}
	if (got > 0)
		take_event(session, &event);
	return got;
}

int watch_session_run(struct watch_session *session)
{
	__u64 until = session->options.seconds ?
		      watch_now_ns() + (__u64)(session->options.seconds * 1e9) : ~0ULL;
	int got = 0;

	while (got >= 0 && !interrupted && !is_full(session) && watch_now_ns() < until &&
	       !ferror(session->screen.out))
		got = next(session, until);
	if (got >= 0 && vmwalk_watch_stop(session->watch) == VMWALK_ERR_SYSTEM &&
	    errno != ENOENT)
		got = -errno;
	until = watch_now_ns() + END_WITHIN * 1000000000ULL;
	while (got >= 0 && watch_now_ns() < until)
		got = next(session, until);
	if (got >= 0 || got == -ENODATA)
		return STATUS_DONE;
	warnx("lost the event stream: %s", strerror(-got));
	return STATUS_MODULE;
}

void watch_session_free(struct watch_session *session)
{
	vmwalk_watch_close(session->watch);
	watched_processes_free(session->processes);
	fault_stats_free(&session->stats);
	source_close(&session->source);
}
