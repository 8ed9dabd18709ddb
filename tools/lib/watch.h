/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of the family, private to the library and its tests. */
#ifndef VMWALK_LIB_WATCH_H
#define VMWALK_LIB_WATCH_H

#include "libvmwalk.h"

struct nlmsghdr;

/*
 * An event from its message, whose length has been checked. Returns false if it does not
 * say of what kind it is.
 */
bool vmwalk_event_decode(const struct nlmsghdr *header, struct vmwalk_watch_event *event);

#endif /* VMWALK_LIB_WATCH_H */
