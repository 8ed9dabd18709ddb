// SPDX-License-Identifier: GPL-2.0
/*
 * The file is not trusted: a wrong checksum, a frame longer or shorter than its reader
 * expects, and bytes after the frame are errors.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "late/zstd.h"
#include "packed.h"

/*
 * log2, bytes: the level that pack.c uses needs 2 MiB of history; a frame that wants more
 * than 8 MiB is refused.
 */
#define WINDOW_LOG_MAX	23

struct vmwalk_unpacker {
	int fd;
	bool ended;		/* the whole frame was read and checked */
	ZSTD_DCtx *stream;
	ZSTD_inBuffer in;	/* read from @fd; @in.pos: bytes of it used so far */
	unsigned char buf[65536];
};

struct vmwalk_unpacker *vmwalk_unpacker_new(int fd)
{
	struct vmwalk_unpacker *unpacker = vmwalk_zstd_load() ? malloc(sizeof(*unpacker)) : NULL;

	if (!unpacker)
		return NULL;
	unpacker->fd = fd;
	unpacker->ended = false;
	unpacker->in = (ZSTD_inBuffer) { unpacker->buf, 0, 0 };
	unpacker->stream = ZSTD_createDCtx();
	if (unpacker->stream &&
	    !ZSTD_isError(ZSTD_DCtx_setParameter(unpacker->stream, ZSTD_d_windowLogMax,
						 WINDOW_LOG_MAX)))
		return unpacker;
	vmwalk_unpacker_free(unpacker);
	errno = ENOMEM;
	return NULL;
}

void vmwalk_unpacker_free(struct vmwalk_unpacker *unpacker)
{
	if (!unpacker)
		return;
	ZSTD_freeDCtx(unpacker->stream);
	free(unpacker);
}

/*
 * Read more of the file if all was used. Return the bytes that are left to use, 0 at the
 * end of the file, or -1 with errno set.
 */
static ssize_t fill(struct vmwalk_unpacker *unpacker)
{
	ssize_t got;

	if (unpacker->in.pos < unpacker->in.size)
		return unpacker->in.size - unpacker->in.pos;
	do {
		got = read(unpacker->fd, unpacker->buf, sizeof(unpacker->buf));
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		unpacker->in = (ZSTD_inBuffer) { unpacker->buf, got, 0 };
	return got;
}

enum vmwalk_packed_error vmwalk_unpacker_raw(struct vmwalk_unpacker *unpacker, void *to,
					     size_t size)
{
	size_t done = 0, part;
	ssize_t got;

	while (done < size) {
		got = fill(unpacker);
		if (got <= 0)
			return got ? VMWALK_PACKED_SYSTEM : VMWALK_PACKED_SHORT;
		part = (size_t)got < size - done ? (size_t)got : size - done;
		memcpy((char *)to + done, unpacker->buf + unpacker->in.pos, part);
		unpacker->in.pos += part;
		done += part;
	}
	return VMWALK_PACKED_OK;
}

/* Stop if @out is full, or the frame ends; VMWALK_PACKED_SHORT if the file ends first. */
static enum vmwalk_packed_error decompress(struct vmwalk_unpacker *unpacker, ZSTD_outBuffer *out)
{
	size_t left, pos;
	ssize_t got;

	do {
		got = fill(unpacker);
		if (got < 0)
			return VMWALK_PACKED_SYSTEM;
		/*
		 * Go on at the end of the file: zstd may hold bytes that had no room in
		 * @out before.
		 */
		pos = out->pos;
		left = ZSTD_decompressStream(unpacker->stream, out, &unpacker->in);
		if (ZSTD_isError(left))
			return VMWALK_PACKED_DAMAGED;
		unpacker->ended = !left;
		if (!got && out->pos == pos && !unpacker->ended)
			return VMWALK_PACKED_SHORT;
	} while (out->pos < out->size && !unpacker->ended);
	return VMWALK_PACKED_OK;
}

enum vmwalk_packed_error vmwalk_unpacker_take(struct vmwalk_unpacker *unpacker, void *to,
					      size_t size)
{
	ZSTD_outBuffer out = { to, size, 0 };
	enum vmwalk_packed_error error = VMWALK_PACKED_OK;

	if (size && !unpacker->ended)
		error = decompress(unpacker, &out);
	if (!error && out.pos < size)
		error = VMWALK_PACKED_DAMAGED;
	return error;
}

enum vmwalk_packed_error vmwalk_unpacker_end(struct vmwalk_unpacker *unpacker)
{
	unsigned char more;
	ZSTD_outBuffer out = { &more, sizeof(more), 0 };
	enum vmwalk_packed_error error = VMWALK_PACKED_OK;
	ssize_t got;

	/* The checksum follows the last byte: it has not been looked at yet. */
	if (!unpacker->ended)
		error = decompress(unpacker, &out);
	if (error || out.pos)
		return error ? error : VMWALK_PACKED_DAMAGED;
	got = fill(unpacker);
	if (got < 0)
		return VMWALK_PACKED_SYSTEM;
	return got ? VMWALK_PACKED_DAMAGED : VMWALK_PACKED_OK;
}
