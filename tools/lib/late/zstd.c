// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>

#include "zstd.h"

#ifdef VMWALK_LINKED
bool vmwalk_zstd_load(void)
{
	return true;
}
#else
struct vmwalk_zstd_calls vmwalk_zstd;

#define CALL(name)	{ "ZSTD_" #name, &vmwalk_zstd.name }

bool vmwalk_zstd_load(void)
{
	static const struct late_call calls[] = {
		CALL(isError), CALL(createCCtx), CALL(freeCCtx), CALL(CCtx_setParameter),
		CALL(compressStream2), CALL(createDCtx), CALL(freeDCtx),
		CALL(DCtx_setParameter), CALL(decompressStream),
	};
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static bool loaded;
	bool done;

	pthread_mutex_lock(&lock);
	if (!loaded)
		loaded = vmwalk_late_load(LATE_ZSTD, calls, sizeof(calls) / sizeof(calls[0]));
	done = loaded;
	pthread_mutex_unlock(&lock);
	return done;
}
#endif
