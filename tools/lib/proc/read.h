/* SPDX-License-Identifier: GPL-2.0 */
/* Read whole files of /proc and /sys, private to the library. */
#ifndef VMWALK_READ_H
#define VMWALK_READ_H

/*
 * Read to the end of @fd, which stays open, into a string from malloc(3). Returns 0 or a negative
 * errno.
 */
int vmwalk_read_all(int fd, char **textp);

struct vmwalk_device;

/*
 * Read a file, without its trailing newlines, into a string from malloc(3); NULL on error. A
 * relative path is below /proc/PID of the process attached to @dev.
 */
char *vmwalk_text_read(const struct vmwalk_device *dev, const char *path);

#endif /* VMWALK_READ_H */
