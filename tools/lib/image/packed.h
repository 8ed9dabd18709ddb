/* SPDX-License-Identifier: GPL-2.0 */
/* Write and read a frame of zstd as a stream; private to the library. */
#ifndef VMWALK_PACKED_H
#define VMWALK_PACKED_H

#include <stddef.h>

struct vmwalk_packer;
struct vmwalk_unpacker;

/* Return NULL without memory. @fd stays the caller's. */
struct vmwalk_packer *vmwalk_packer_new(int fd);

/* Write in front of the frame, as they are; add to the frame. After an error both do nothing. */
void vmwalk_packer_raw(struct vmwalk_packer *packer, const unsigned char *bytes, size_t size);
void vmwalk_packer_put(struct vmwalk_packer *packer, const void *bytes, size_t size);

/* End the frame and free @packer. Return 0 or the first error, a negative errno. */
int vmwalk_packer_end(struct vmwalk_packer *packer);

enum vmwalk_packed_error {
	VMWALK_PACKED_OK = 0,
	VMWALK_PACKED_SYSTEM,	/* see errno */
	VMWALK_PACKED_SHORT,	/* the file ends within the frame */
	VMWALK_PACKED_DAMAGED,	/* no frame, a wrong checksum, or too few bytes in it */
};

struct vmwalk_unpacker *vmwalk_unpacker_new(int fd);
void vmwalk_unpacker_free(struct vmwalk_unpacker *unpacker);

/* Take bytes in front of the frame; take the next bytes of the frame. */
enum vmwalk_packed_error vmwalk_unpacker_raw(struct vmwalk_unpacker *unpacker, void *to,
					     size_t size);
enum vmwalk_packed_error vmwalk_unpacker_take(struct vmwalk_unpacker *unpacker, void *to,
					      size_t size);

/* Check that the frame ends here, and the file with it. */
enum vmwalk_packed_error vmwalk_unpacker_end(struct vmwalk_unpacker *unpacker);

#endif /* VMWALK_PACKED_H */
