/* SPDX-License-Identifier: GPL-2.0 */
/* A random address space: mappings of many kinds, touched and treated at random. */
#ifndef VMWALK_TEST_RANDOM_SPACE_H
#define VMWALK_TEST_RANDOM_SPACE_H

#include <sys/types.h>

#define RANDOM_SPACE	"--random-space"

/*
 * Execute this program with the arguments RANDOM_SPACE and the seed, for which main() must
 * call random_space_run(), and wait until that has stopped. The new program shares no
 * page with the caller that the caller might write. Return its pid, or -1.
 */
pid_t random_space_start(unsigned int seed);
/*
 * Make a random address space in this process, and stop. The same seed gives the same
 * mappings and accesses, on the same kernel. Processes that share the memory are killed
 * when this one exits, and this one when its parent does.
 */
int random_space_run(unsigned int seed);
void random_space_end(pid_t pid);

#endif
