/* SPDX-License-Identifier: GPL-2.0 */
/* Reading a whole file of /proc, private to the library. */
#ifndef VMWALK_READ_H
#define VMWALK_READ_H

/*
 * Read everything from a descriptor into memory from malloc(3), terminated.
 * Returns 0 or a negative errno; the descriptor stays open.
 */
int vmwalk_read_all(int fd, char **textp);

#endif /* VMWALK_READ_H */
