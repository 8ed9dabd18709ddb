/* SPDX-License-Identifier: GPL-2.0 */
/* Reading whole files of /proc and /sys, private to the library. */
#ifndef VMWALK_READ_H
#define VMWALK_READ_H

/*
 * Read everything from a descriptor into memory from malloc(3), terminated.
 * Returns 0 or a negative errno; the descriptor stays open.
 */
int vmwalk_read_all(int fd, char **textp);

struct vmwalk_device;

/*
 * The text of a file without its last newlines, from malloc(3), or NULL. A path that does
 * not begin with a slash is one of the process that @dev is attached to.
 */
char *vmwalk_text_read(const struct vmwalk_device *dev, const char *path);

#endif /* VMWALK_READ_H */
