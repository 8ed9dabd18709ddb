// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "late/zstd.h"
#include "packed.h"

struct vmwalk_packer {
	int fd;
	int error;
	ZSTD_CCtx *stream;
	unsigned char buf[1 << 17];
};

void vmwalk_packer_raw(struct vmwalk_packer *packer, const unsigned char *bytes, size_t size)
{
	ssize_t done;

	while (size && !packer->error) {
		done = write(packer->fd, bytes, size);
		if (done >= 0) {
			bytes += done;
			size -= done;
		} else if (errno != EINTR) {
			packer->error = -errno;
		}
	}
}

static void compress(struct vmwalk_packer *packer, ZSTD_inBuffer *in, ZSTD_EndDirective how)
{
	ZSTD_outBuffer out = { packer->buf, sizeof(packer->buf), 0 };
	size_t left;

	do {
		out.pos = 0;
		left = ZSTD_compressStream2(packer->stream, &out, in, how);
		/* With valid parameters, zstd fails only for lack of memory. */
		if (ZSTD_isError(left))
			packer->error = -ENOMEM;
		vmwalk_packer_raw(packer, packer->buf, out.pos);
	} while (!packer->error && (how == ZSTD_e_end ? left : in->size - in->pos));
}

struct vmwalk_packer *vmwalk_packer_new(int fd)
{
	struct vmwalk_packer *packer = vmwalk_zstd_load() ? malloc(sizeof(*packer)) : NULL;

	if (!packer)
		return NULL;
	packer->fd = fd;
	packer->error = 0;
	packer->stream = ZSTD_createCCtx();
	if (packer->stream &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(packer->stream, ZSTD_c_checksumFlag, 1)))
		return packer;
	ZSTD_freeCCtx(packer->stream);
	free(packer);
	errno = ENOMEM;
	return NULL;
}

void vmwalk_packer_put(struct vmwalk_packer *packer, const void *bytes, size_t size)
{
	ZSTD_inBuffer in = { bytes, size, 0 };

	if (!packer->error && size)
		compress(packer, &in, ZSTD_e_continue);
}

int vmwalk_packer_end(struct vmwalk_packer *packer)
{
	ZSTD_inBuffer in = { NULL, 0, 0 };
	int error;

	if (!packer->error)
		compress(packer, &in, ZSTD_e_end);
	error = packer->error;
	ZSTD_freeCCtx(packer->stream);
	free(packer);
	return error;
}
