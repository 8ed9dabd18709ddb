// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"
#include "lib/device.h"
#include "lib/fork_bound.h"

char *map_base(size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	madvise(at, size, MADV_NOHUGEPAGE);
	return at;
}

bool subject_start(struct subject *subject, char *(*make)(void))
{
	int ends[2];

	if (pipe(ends))
		return false;
	subject->pid = fork_bound();
	if (!subject->pid) {
		char *at;

		at = make();
		if (write(ends[1], &at, sizeof(at)) != sizeof(at))
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	if (read(ends[0], &subject->at, sizeof(subject->at)) != sizeof(subject->at))
		subject->at = NULL;
	close(ends[0]);
	subject->device = device_of(subject->pid);
	if (proc_open(&subject->files, subject->pid) && subject->device >= 0 && subject->at)
		return true;
	subject_end(subject);
	return false;
}

void subject_end(struct subject *subject)
{
	if (subject->pid <= 0)
		return;
	close(subject->device);
	proc_close(&subject->files);
	kill(subject->pid, SIGKILL);
	waitpid(subject->pid, NULL, 0);
}
