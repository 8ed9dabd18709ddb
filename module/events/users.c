// SPDX-License-Identifier: GPL-2.0
/*
 * Limits of subscriptions and of the memory of their rings, for each user and for all.
 *
 * A user is whoever opened the device, by the real user id that the kernel knows. Somebody
 * with a user namespace has many of these, so what is opened in a namespace counts for the
 * user who created the outermost one, unless that is root. Somebody who has subordinate ids
 * and runs set-user-ID programs of them outside of a namespace counts as several users; the
 * part that is kept is safe from these, too.
 *
 * An opener with CAP_SYS_RESOURCE in the initial user namespace, which is the capability to
 * override limits, is bound by the limits for all alone. A part of those is
 * kept for such callers: an administrator can look at the machine even if everybody else
 * has taken all they may. CAP_SYS_ADMIN is not asked for: it is about what may be seen.
 *
 * Lock rule: @lock protects everything here but @processes of a user, which watch_list.c
 * counts under its own lock, since probes do. @lock is taken last, and nothing sleeps
 * under it.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>
#include <linux/wait.h>

#include "events.h"

#define SUBSCRIPTIONS_MAX	64
#define SUBSCRIPTIONS_KEPT	8
#define SUBSCRIPTIONS_USER	16

/*
 * Subscriptions of a user with a seat, and without: those keep their memory until they are
 * retired, which takes longer than to subscribe again. One more waits for that.
 */
#define HOLDERS_USER		(4 * SUBSCRIPTIONS_USER)

/*
 * The rings of all subscriptions use at most 1/ALL_SHARE of memory, of which 1/KEPT_SHARE is
 * kept, and those of one user 1/USER_SHARE. A new subscription gets 1/NEW_SHARE of what is
 * left.
 */
#define ALL_SHARE	8
#define KEPT_SHARE	8
#define USER_SHARE	4
#define NEW_SHARE	8

struct taken {
	unsigned int subscriptions;
	long bytes;			/* of rings, and of those being allocated */
};

struct vmwalk_user {
	struct list_head entry;
	kuid_t uid;
	unsigned int holders;		/* subscriptions that are not freed yet */
	struct taken taken;
	unsigned int processes;		/* under the lock of watch_list.c */
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(users);
static DECLARE_WAIT_QUEUE_HEAD(retired);
static struct taken all;		/* by everybody */
static struct taken shared;		/* by those who count as a user */

static kuid_t user_of(const struct cred *cred)
{
	const struct user_namespace *ns = cred->user_ns;
	kuid_t uid = cred->uid;

	/* Namespaces that root made for others tell nothing: go by the id. */
	for (; ns != &init_user_ns; ns = ns->parent)
		if (!uid_eq(ns->owner, GLOBAL_ROOT_UID))
			uid = ns->owner;
	return uid;
}

static struct vmwalk_user *find(kuid_t uid)
{
	struct vmwalk_user *user;

	lockdep_assert_held(&lock);
	list_for_each_entry(user, &users, entry)
		if (uid_eq(user->uid, uid))
			return user;
	return NULL;
}

static int check_seats(const struct vmwalk_user *user)
{
	lockdep_assert_held(&lock);
	if (all.subscriptions >= SUBSCRIPTIONS_MAX)
		return -ENOSPC;
	if (!user)
		return 0;
	if (shared.subscriptions >= SUBSCRIPTIONS_MAX - SUBSCRIPTIONS_KEPT)
		return -ENOSPC;
	if (user->taken.subscriptions >= SUBSCRIPTIONS_USER)
		return -EDQUOT;
	return user->holders >= HOLDERS_USER ? -EAGAIN : 0;
}

static int seat_take(struct vmwalk_user *user)
{
	int err = check_seats(user);

	if (err)
		return err;
	all.subscriptions++;
	if (user) {
		shared.subscriptions++;
		user->taken.subscriptions++;
		user->holders++;
	}
	return 0;
}

/* Add @fresh to the list if the user is not in it. Set @user to the one that is. */
static int member_seat(kuid_t uid, struct vmwalk_user *fresh, struct vmwalk_user **user)
{
	int err;

	spin_lock(&lock);
	*user = find(uid);
	err = seat_take(*user ?: fresh);
	if (!err && !*user) {
		list_add(&fresh->entry, &users);
		*user = fresh;
	}
	spin_unlock(&lock);
	return err;
}

static struct vmwalk_user *member_get(kuid_t uid)
{
	struct vmwalk_user *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT), *user;
	int err;

	if (!fresh)
		return ERR_PTR(-ENOMEM);
	fresh->uid = uid;
	err = member_seat(uid, fresh, &user);
	if (err || user != fresh)
		kfree(fresh);
	return err ? ERR_PTR(err) : user;
}

static bool has_retired(kuid_t uid)
{
	const struct vmwalk_user *user;
	bool has;

	spin_lock(&lock);
	user = find(uid);
	has = !user || user->holders < HOLDERS_USER;
	spin_unlock(&lock);
	return has;
}

static struct vmwalk_user *member_wait(kuid_t uid)
{
	struct vmwalk_user *user;

	do {
		user = member_get(uid);
		if (user != ERR_PTR(-EAGAIN))
			return user;
	} while (!wait_event_killable(retired, has_retired(uid)));
	return ERR_PTR(-EINTR);
}

/**
 * vmwalk_user_get() - take a seat for a subscription
 * @device: an open device, whose opener counts
 *
 * Return: the user, for vmwalk_seat_give() and then vmwalk_user_put(); NULL, for the same
 * two, if the opener may override limits; ERR_PTR(-ENOSPC) if there are as many
 * subscriptions as there may be, ERR_PTR(-EDQUOT) if the user has that many,
 * ERR_PTR(-ENOMEM), or ERR_PTR(-EINTR) if the caller was killed.
 */
struct vmwalk_user *vmwalk_user_get(const struct file *device)
{
	int err;

	if (!file_ns_capable(device, &init_user_ns, CAP_SYS_RESOURCE))
		return member_wait(user_of(device->f_cred));
	spin_lock(&lock);
	err = seat_take(NULL);
	spin_unlock(&lock);
	return err ? ERR_PTR(err) : NULL;
}

/**
 * vmwalk_seat_give() - give the seat of a subscription back
 * @user: from vmwalk_user_get(), or NULL
 *
 * Called when the subscription leaves, so that its owner can have the next at once. Its
 * memory and its processes count until it is freed.
 */
void vmwalk_seat_give(struct vmwalk_user *user)
{
	spin_lock(&lock);
	all.subscriptions--;
	if (user) {
		shared.subscriptions--;
		user->taken.subscriptions--;
	}
	spin_unlock(&lock);
}

/**
 * vmwalk_user_put() - forget the user of a subscription
 * @user: from vmwalk_user_get(), or NULL; rings and processes were given back
 */
void vmwalk_user_put(struct vmwalk_user *user)
{
	bool last;

	if (!user)
		return;
	spin_lock(&lock);
	last = !--user->holders;
	if (last)
		list_del(&user->entry);
	spin_unlock(&lock);
	wake_up_all(&retired);
	if (!last)
		return;
	WARN_ON_ONCE(user->taken.subscriptions || user->taken.bytes || user->processes);
	kfree(user);
}

/**
 * vmwalk_user_processes() - find the number of watched processes of a user
 * @user: of a subscription
 *
 * Return: pointer to the number, which watch_list.c changes under its lock.
 */
unsigned int *vmwalk_user_processes(struct vmwalk_user *user)
{
	return &user->processes;
}

static long room_left(const struct vmwalk_user *user)
{
	const long most = totalram_pages() / ALL_SHARE * PAGE_SIZE;
	long left = most - all.bytes;

	lockdep_assert_held(&lock);
	if (user) {
		left = min(left, most - most / KEPT_SHARE - shared.bytes);
		left = min(left, most / USER_SHARE - user->taken.bytes);
	}
	return left;
}

static void room_add(struct vmwalk_user *user, long bytes)
{
	lockdep_assert_held(&lock);
	all.bytes += bytes;
	if (user) {
		shared.bytes += bytes;
		user->taken.bytes += bytes;
	}
}

/**
 * vmwalk_room_take() - charge the memory of new rings to a user
 * @user: of the subscription, or NULL
 * @records: records wanted per ring, a power of two
 * @least: the least number of records that is of use
 * @bytes: memory of all rings of one subscription, for each record per ring
 *
 * Unprivileged users may subscribe, and rings are not swappable.
 *
 * Return: records per ring, halved until they fit; or 0 if not even @least do.
 */
u32 vmwalk_room_take(struct vmwalk_user *user, u32 records, u32 least, long bytes)
{
	long left;

	spin_lock(&lock);
	left = room_left(user);
	while (records > least && records * bytes > left / NEW_SHARE)
		records /= 2;
	if (records * bytes > left)
		records = 0;
	room_add(user, records * bytes);
	spin_unlock(&lock);
	return records;
}

/**
 * vmwalk_room_give() - undo vmwalk_room_take()
 * @user: as passed there
 * @bytes: of all rings of the subscription
 */
void vmwalk_room_give(struct vmwalk_user *user, long bytes)
{
	spin_lock(&lock);
	room_add(user, -bytes);
	spin_unlock(&lock);
}
