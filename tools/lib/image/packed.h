/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_PACKED_H
#define VMWALK_PACKED_H

#include <stddef.h>

struct vmwalk_packer;
struct vmwalk_unpacker;

/*
 * Return NULL with errno ENOMEM if memory is short, or ELIBACC if libzstd cannot be loaded.
 * @fd stays the caller's.
 */
struct vmwalk_packer *vmwalk_packer_new(int fd);

/*
 * vmwalk_packer_raw() writes bytes as they are. Call it only before the first
 * vmwalk_packer_put(), which compresses: bytes inside the frame would damage it. After an
 * error both do nothing: vmwalk_packer_end() returns it.
 */
void vmwalk_packer_raw(struct vmwalk_packer *packer, const unsigned char *bytes, size_t size);
void vmwalk_packer_put(struct vmwalk_packer *packer, const void *bytes, size_t size);

/* End the frame and free @packer. Return 0 or the first error, a negative errno. */
int vmwalk_packer_end(struct vmwalk_packer *packer);

enum vmwalk_packed_error {
	VMWALK_PACKED_OK = 0,
	VMWALK_PACKED_SYSTEM,	/* read(2) failed: see errno */
	VMWALK_PACKED_SHORT,	/* the file ends within the raw bytes or the frame */
	/* zstd failed, the frame has another length than expected, or bytes follow it */
	VMWALK_PACKED_DAMAGED,
};

/* As vmwalk_packer_new() */
struct vmwalk_unpacker *vmwalk_unpacker_new(int fd);
void vmwalk_unpacker_free(struct vmwalk_unpacker *unpacker);

/*
 * vmwalk_unpacker_raw() reads bytes as they are, and only before the first
 * vmwalk_unpacker_take(), which decompresses. Less than @size bytes is an error:
 * VMWALK_PACKED_SHORT where the file ends, VMWALK_PACKED_DAMAGED where the frame ends.
 */
enum vmwalk_packed_error vmwalk_unpacker_raw(struct vmwalk_unpacker *unpacker, void *to,
					     size_t size);
enum vmwalk_packed_error vmwalk_unpacker_take(struct vmwalk_unpacker *unpacker, void *to,
					      size_t size);

/* Check the checksum, and that frame and file end here. */
enum vmwalk_packed_error vmwalk_unpacker_end(struct vmwalk_unpacker *unpacker);

#endif
