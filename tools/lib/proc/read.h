/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMWALK_READ_H
#define VMWALK_READ_H

/*
 * Read @fd, which stays open, to its end, and set *@textp to a string from malloc(3).
 * Return 0, or a negative errno with *@textp unchanged.
 */
int vmwalk_read_all(int fd, char **textp);

struct vmwalk_device;

/*
 * Read a file into a string from malloc(3), without its trailing newlines. Return NULL on
 * error. A relative path is below /proc/PID of the process that @dev is attached to.
 */
char *vmwalk_text_read(const struct vmwalk_device *dev, const char *path);

#endif
