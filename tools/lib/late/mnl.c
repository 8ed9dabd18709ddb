// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>

#include "mnl.h"

#ifdef VMWALK_LINKED
bool vmwalk_mnl_load(void)
{
	return true;
}
#else
struct vmwalk_mnl_calls vmwalk_mnl;

#define CALL(name)	{ "mnl_" #name, &vmwalk_mnl.name }

bool vmwalk_mnl_load(void)
{
	static const struct late_call calls[] = {
		CALL(socket_open2), CALL(socket_bind), CALL(socket_close), CALL(socket_get_fd),
		CALL(socket_sendto), CALL(socket_setsockopt), CALL(nlmsg_ok),
		CALL(nlmsg_put_header), CALL(nlmsg_put_extra_header), CALL(nlmsg_get_payload),
		CALL(nlmsg_get_payload_len), CALL(nlmsg_get_payload_offset),
		CALL(nlmsg_get_payload_tail), CALL(attr_ok), CALL(attr_next),
		CALL(attr_get_type), CALL(attr_get_payload_len), CALL(attr_get_payload),
		CALL(attr_get_u16), CALL(attr_put_strz),
	};
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static bool loaded;
	bool done;

	pthread_mutex_lock(&lock);
	if (!loaded)
		loaded = vmwalk_late_load(LATE_MNL, calls, sizeof(calls) / sizeof(calls[0]));
	done = loaded;
	pthread_mutex_unlock(&lock);
	return done;
}
#endif
