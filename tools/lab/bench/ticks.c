// SPDX-License-Identifier: GPL-2.0-only
/*
 * ticks FILE COMMAND...: runs COMMAND, whose output goes to FILE, and prints by
 * how much the TSC has grown meanwhile.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

int main(int argc, char **argv)
{
	unsigned long long begin;
	int status;
	pid_t pid;

	if (argc < 3)
		errx(1, "usage: %s FILE COMMAND...", argv[0]);
	begin = __rdtsc();
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);

		if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)
			err(1, "%s", argv[1]);
		execv(argv[2], argv + 2);
		err(1, "%s", argv[2]);
	}
	if (waitpid(pid, &status, 0) < 0)
		err(1, "waitpid");
	printf("%llu\n", __rdtsc() - begin);
	return !WIFEXITED(status) || WEXITSTATUS(status);
}
