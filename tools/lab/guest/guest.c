// SPDX-License-Identifier: GPL-2.0-only
/*
 * User space on both sides of a virtual machine that runs Linux.
 *
 *   guest                  is /init of the guest: tasks on every CPU, and one
 *                          that moves between them, use what shared MSRs hold;
 *                          then it powers off
 *   guest syscalls N       the same, but all it does is N system calls
 *   guest host COMMAND...  runs COMMAND, a virtual machine monitor whose output
 *                          is the guest's console; the same tasks run on the
 *                          host meanwhile, and the monitor's threads are moved
 *                          from CPU to CPU
 *
 * Both print KTAP, the guest's is nested in the host's.
 */
#include <cpuid.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define GUEST_CPUS	2
#define GUEST_ROUNDS	30
#define LOOKS_PER_ROUND	20
#define HOST_PAUSE_US	20000
#define MOVE_EVERY_MS	500
#define MAX_CPUS	8

#define MSR_TSC_AUX	0xc0000103
#define INSTANCES	"/sys/kernel/tracing/instances/"

#define CPUID_80000001_EDX_RDTSCP (1 << 27)
#define CPUID_7_ECX_RDPID (1 << 22)

#define I386_GETPID	20

enum check {
	CHECK_RDTSCP,
	CHECK_RDPID,
	CHECK_SYSCALL,
	CHECK_DIRECTION,
	CHECK_INT80,
	CHECK_SIGNAL,
	CHECK_FORK,
	CHECK_EXEC,
	NR_CHECKS
};

static const char * const check_names[NR_CHECKS] = {
	[CHECK_RDTSCP]		= "RDTSCP agrees with getcpu",
	[CHECK_RDPID]		= "RDPID agrees with getcpu",
	[CHECK_SYSCALL]		= "SYSCALL",
	[CHECK_DIRECTION]	= "SYSCALL with DF set",
	[CHECK_INT80]		= "INT 0x80",
	[CHECK_SIGNAL]		= "signal handlers",
	[CHECK_FORK]		= "fork",
	[CHECK_EXEC]		= "exec",
};

/* Why a check cannot be made here, NULL if it can. */
static const char *absent[NR_CHECKS];

struct tally {
	unsigned long good;
	unsigned long bad;
	char first_bad[96];
};

/* Tasks 0 to nr_cpus - 1 stay on their CPUs, task nr_cpus moves. */
static struct shared {
	bool stop;
	struct tally tallies[MAX_CPUS + 1][NR_CHECKS];
} *shared;

static struct msr {
	const char *name;
	uint32_t index;
	bool absent;
	uint64_t values[MAX_CPUS];
} msrs[] = {
	{ .name = "STAR", .index = 0xc0000081 },
	{ .name = "LSTAR", .index = 0xc0000082 },
	{ .name = "CSTAR", .index = 0xc0000083 },
	{ .name = "SYSCALL_MASK", .index = 0xc0000084 },
	{ .name = "EFER", .index = 0xc0000080 },
	{ .name = "TSC_AUX", .index = MSR_TSC_AUX },
};

/* What the guest and its monitor have printed. */
static struct {
	unsigned long plan, passed, failed;
	bool powered_down;
	const char *skip;	/* why the guest cannot end, or NULL */
} guest;

static int nr_cpus, points, failures;

static void point(bool good, const char *skip, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", good ? "" : "not ", ++points);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(skip ? " # SKIP %s\n" : "\n", skip);
	failures += !good;
}

static void pin(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		err(1, "cannot move to CPU %d", cpu);
}

static int count_cpus(void)
{
	cpu_set_t cpus;
	int count;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		err(1, "sched_getaffinity");
	count = CPU_COUNT(&cpus);
	if (count > MAX_CPUS)
		errx(1, "%d CPUs are more than %d", count, MAX_CPUS);
	return count;
}

/* ---- what the tasks do */

static struct tally *tallies;

static void tally(enum check check, bool good, const char *format, ...)
{
	struct tally *tally = &tallies[check];
	va_list args;

	if (good) {
		tally->good++;
		return;
	}
	if (!tally->bad++) {
		va_start(args, format);
		vsnprintf(tally->first_bad, sizeof(tally->first_bad), format,
			  args);
		va_end(args);
	}
}

/* Linux keeps the CPU's number and, from bit 12 on, its node in TSC_AUX. */
static void check_cpu_number(const char *where)
{
	unsigned int cpu, node, aux;
	uint64_t pid;

	/* Not glibc's, which may read TSC_AUX itself. */
	if (syscall(SYS_getcpu, &cpu, &node, NULL)) {
		tally(CHECK_SYSCALL, false, "getcpu: %s", strerror(errno));
		return;
	}
	if (!absent[CHECK_RDTSCP]) {
		asm volatile("rdtscp" : "=c" (aux) : : "eax", "edx");
		tally(CHECK_RDTSCP, aux == (node << 12 | cpu),
		      "%s: 0x%x, not 0x%x", where, aux, node << 12 | cpu);
	}
	if (!absent[CHECK_RDPID]) {
		/* rdpid %rax, which old assemblers do not know */
		asm volatile(".byte 0xf3, 0x0f, 0xc7, 0xf8" : "=a" (pid));
		tally(CHECK_RDPID, pid == (node << 12 | cpu),
		      "%s: 0x%" PRIx64 ", not 0x%x", where, pid,
		      node << 12 | cpu);
	}
}

static void on_signal(int signal)
{
	check_cpu_number("in a signal handler");
	tally(CHECK_SIGNAL, signal == SIGUSR1, "signal %d", signal);
}

static long int80(long number)
{
	asm volatile("int $0x80" : "+a" (number) : :
		     "r8", "r9", "r10", "r11", "memory");
	return number;
}

/*
 * With DF set, a kernel whose SYSCALL_MASK does not clear it would copy the
 * strings backwards.
 */
static void check_direction(void)
{
	struct { char before[512]; struct utsname name; } got, expected;
	long ret = SYS_uname;

	memset(&got, 0, sizeof(got));
	memset(&expected, 0, sizeof(expected));
	if (uname(&expected.name))
		err(1, "uname");
	asm volatile("std\n\tsyscall\n\tcld" : "+a" (ret) : "D" (&got.name) :
		     "rcx", "r11", "memory");
	tally(CHECK_DIRECTION, !ret && !memcmp(&got, &expected, sizeof(got)),
	      "uname returns %ld", ret);
}

static void check_syscalls(void)
{
	long pid = getpid(), ret;

	ret = syscall(SYS_getpid);
	tally(CHECK_SYSCALL, ret == pid, "getpid is %ld, not %ld", ret, pid);
	check_direction();
	if (absent[CHECK_INT80])
		return;
	ret = int80(I386_GETPID);
	tally(CHECK_INT80, ret == pid, "getpid is %ld, not %ld", ret, pid);
}

/* A child makes the checks, too: the same program once more if @exec. */
static void check_child(enum check check, bool exec)
{
	int status = -1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		struct tally mine[NR_CHECKS] = {};

		if (exec) {
			execl("/proc/self/exe", "guest", "child", NULL);
			_exit(2);
		}
		tallies = mine;
		check_cpu_number("in a child");
		check_syscalls();
		_exit(mine[CHECK_RDTSCP].bad || mine[CHECK_RDPID].bad ||
		      mine[CHECK_SYSCALL].bad || mine[CHECK_DIRECTION].bad ||
		      mine[CHECK_INT80].bad);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	tally(check, !status, "the child's status is 0x%x", status);
}

/* Runs @rounds times, or until told to stop. */
static void task(int number, int rounds, int pause_us)
{
	struct sigaction action = { .sa_handler = on_signal };
	int cpu = number % nr_cpus, i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tallies = shared->tallies[number];
	sigaction(SIGUSR1, &action, NULL);
	while (!__atomic_load_n(&shared->stop, __ATOMIC_RELAXED) && rounds--) {
		pin(cpu);
		for (i = 0; i < LOOKS_PER_ROUND; i++) {
			check_cpu_number("in a loop");
			check_syscalls();
			raise(SIGUSR1);
			if (pause_us)
				usleep(pause_us);
		}
		check_child(CHECK_FORK, false);
		check_child(CHECK_EXEC, true);
		usleep(1000);
		if (number == nr_cpus)
			cpu = (cpu + 1) % nr_cpus;
	}
	_exit(0);
}

static int nr_tasks(void)
{
	return nr_cpus > 1 ? nr_cpus + 1 : 1;
}

static void start_tasks(pid_t pids[], int rounds, int pause_us)
{
	int i;

	fflush(NULL);
	for (i = 0; i < nr_tasks(); i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			err(1, "fork");
		if (!pids[i])
			task(i, rounds, pause_us);
	}
}

static void join_tasks(const pid_t pids[])
{
	int i, status;

	for (i = 0; i < nr_tasks(); i++) {
		char name[32] = "the task that moves";
		int check;

		if (i < nr_cpus)
			snprintf(name, sizeof(name), "the task on CPU %d", i);
		status = -1;
		waitpid(pids[i], &status, 0);
		if (status)
			printf("# status 0x%x\n", status);
		point(!status, NULL, "%s lives to its end", name);
		for (check = 0; check < NR_CHECKS; check++) {
			struct tally *t = &shared->tallies[i][check];

			if (t->bad)
				printf("# %lu of %lu, the first: %s\n", t->bad,
				       t->good + t->bad, t->first_bad);
			point(absent[check] || (t->good && !t->bad),
			      absent[check], "%s: %s", name,
			      check_names[check]);
		}
	}
}

static int points_of_tasks(void)
{
	return nr_tasks() * (1 + NR_CHECKS);
}

static void look_at_cpu(void)
{
	unsigned int eax, ebx, ecx, edx;
	int status = -1;
	pid_t pid;

	if (!__get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) ||
	    !(edx & CPUID_80000001_EDX_RDTSCP))
		absent[CHECK_RDTSCP] = "this CPU has no RDTSCP";
	if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) ||
	    !(ecx & CPUID_7_ECX_RDPID))
		absent[CHECK_RDPID] = "this CPU has no RDPID";

	pid = fork();
	if (!pid) {
		int80(I386_GETPID);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (status)
		absent[CHECK_INT80] = "this kernel has no INT 0x80";
}

static void set_up(void)
{
	nr_cpus = count_cpus();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "no memory");
	look_at_cpu();
}

/* ---- the guest */

static int power_off(void)
{
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	reboot(RB_POWER_OFF);
	return 1;
}

static int syscalls_main(long count)
{
	long i;

	for (i = 0; i < count; i++)
		syscall(SYS_getppid);
	printf("%ld system calls\n", i);
	return power_off();
}

static int guest_main(void)
{
	pid_t pids[MAX_CPUS + 1];

	mkdir("/proc", 0755);
	if (mount("proc", "/proc", "proc", 0, NULL))
		err(1, "cannot mount /proc");
	set_up();
	printf("KTAP version 1\n1..%d\n", 1 + points_of_tasks());
	point(nr_cpus == GUEST_CPUS, NULL, "%d CPUs are online", GUEST_CPUS);
	start_tasks(pids, GUEST_ROUNDS, 0);
	join_tasks(pids);
	return power_off();
}

/* ---- the host */

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "cannot write '%s' to %s", text, path);
	close(fd);
}

/* On that CPU, so that it has been in user mode since a guest ran there. */
static uint64_t read_msr(struct msr *msr, int cpu)
{
	uint64_t value = 0;
	char path[32];
	int fd;

	pin(cpu);
	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "cannot open %s", path);
	if (pread(fd, &value, sizeof(value), msr->index) != sizeof(value))
		msr->absent = true;
	close(fd);
	return value;
}

/* Counts WRMSRs of values that are not the host's, in a trace of its own. */
static void start_count(const struct msr *msr)
{
	char path[128], filter[512];
	int cpu, length;

	snprintf(path, sizeof(path), INSTANCES "%s", msr->name);
	if (mkdir(path, 0755))
		err(1, "cannot make %s", path);
	strcat(path, "/events/msr/write_msr/filter");
	length = sprintf(filter, "msr == 0x%x", msr->index);
	for (cpu = 0; cpu < nr_cpus; cpu++)
		length += sprintf(filter + length,
				  " && (CPU != %d || val != 0x%" PRIx64 ")",
				  cpu, msr->values[cpu]);
	write_file(path, filter);
	strcpy(strrchr(path, '/'), "/enable");
	write_file(path, "1");
}

static unsigned long end_count(const struct msr *msr)
{
	unsigned long count = 0, n;
	char path[128], line[128];
	int cpu;

	snprintf(path, sizeof(path), INSTANCES "%s/events/msr/write_msr/enable",
		 msr->name);
	write_file(path, "0");
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		FILE *stats;

		snprintf(path, sizeof(path), INSTANCES "%s/per_cpu/cpu%d/stats",
			 msr->name, cpu);
		stats = fopen(path, "r");
		if (!stats)
			err(1, "cannot read %s", path);
		while (fgets(line, sizeof(line), stats))
			if (sscanf(line, "entries: %lu", &n) == 1 ||
			    sscanf(line, "overrun: %lu", &n) == 1)
				count += n;
		fclose(stats);
	}
	snprintf(path, sizeof(path), INSTANCES "%s", msr->name);
	rmdir(path);
	return count;
}

static pid_t start_monitor(char *command[], int *output)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		err(1, "pipe");
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execv(command[0], command);
		err(127, "cannot run %s", command[0]);
	}
	close(ends[1]);
	*output = ends[0];
	return pid;
}

/*
 * All threads of @pid to the next CPU: virtual CPU 1 runs on CPU 0 too, where
 * its TSC_AUX is not the host's.
 */
static void move_threads(pid_t pid)
{
	static int turn;
	struct dirent *entry;
	cpu_set_t cpus;
	char path[32];
	DIR *dir;

	CPU_ZERO(&cpus);
	CPU_SET(turn++ % nr_cpus, &cpus);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		/* Threads come and go. */
		if (entry->d_name[0] != '.')
			sched_setaffinity(atoi(entry->d_name), sizeof(cpus),
					  &cpus);
	}
	if (dir)
		closedir(dir);
}

static bool host_is_tcg(void)
{
	uint32_t eax, ebx = 0, ecx, edx;

	__cpuid(0x40000000, eax, ebx, ecx, edx);
	return ebx == 0x54474354;	/* "TCGT" */
}

static bool host_is_amd(void)
{
	uint32_t eax, ebx = 0, ecx, edx;

	__cpuid(0, eax, ebx, ecx, edx);
	return ebx == signature_AMD_ebx;
}

/* The monitor would wait for somebody to look at the guest. */
static void internal_error(pid_t pid, const char *suberror)
{
	kill(pid, SIGKILL);
	/*
	 * QEMU's AMD CPU leaves the type of the guest's last exception in
	 * EXITINTINFO, without the valid bit. KVM from 6.14 on looks at the type
	 * alone: it takes an access to MMIO for a part of the exception's delivery.
	 */
	if (!strcmp(suberror, " Suberror: 3") && host_is_tcg())
		guest.skip = "QEMU's AMD CPU reports a delivered exception as pending";
}

static void take_line(pid_t pid, const char *line)
{
	static const char error[] = "KVM internal error.";
	unsigned long n;

	/* Linux 5.4 lists it on each host, but its kvm_amd does not take it. */
	if (strstr(line, "failed to set MSR 0xe1 ") && host_is_amd())
		guest.skip = "this KVM lists IA32_UMWAIT_CONTROL and does not take it";
	if (!strncmp(line, error, strlen(error)))
		internal_error(pid, line + strlen(error));
	if (sscanf(line, "1..%lu", &n) == 1)
		guest.plan = n;
	else if (sscanf(line, "ok %lu", &n) == 1)
		guest.passed++;
	else if (sscanf(line, "not ok %lu", &n) == 1)
		guest.failed++;
	else if (strncmp(line, "KTAP ", 5) && line[0] != '#') {
		if (strstr(line, "reboot: Power down"))
			guest.powered_down = true;
		printf("# guest: %s\n", line);
		return;
	}
	printf("    %s\n", line);
}

/* Until the monitor closes its output. */
static void follow(pid_t pid, int output)
{
	struct pollfd ready = { .fd = output, .events = POLLIN };
	struct timespec now;
	long moved = 0, ms;
	char line[512];
	size_t length = 0;
	char c;

	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
		if (nr_cpus > 1 && ms - moved >= MOVE_EVERY_MS) {
			move_threads(pid);
			moved = ms;
		}
		if (poll(&ready, 1, MOVE_EVERY_MS) <= 0)
			continue;
		if (read(output, &c, 1) != 1)
			break;
		if (c == '\n' || length == sizeof(line) - 1) {
			line[length] = '\0';
			take_line(pid, line);
			length = 0;
		}
		if (c != '\r' && c != '\n')
			line[length++] = c;
	}
	if (length) {
		line[length] = '\0';
		take_line(pid, line);
	}
}

static int host_main(char *command[])
{
	unsigned long loaded[ARRAY_SIZE(msrs)];
	int cpu, output, status = -1;
	pid_t pids[MAX_CPUS + 1], pid;
	cpu_set_t everywhere;
	const char *skip;
	size_t i;

	set_up();
	sched_getaffinity(0, sizeof(everywhere), &everywhere);
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		for (cpu = 0; cpu < nr_cpus; cpu++)
			msrs[i].values[cpu] = read_msr(&msrs[i], cpu);
		if (!msrs[i].absent)
			start_count(&msrs[i]);
	}
	sched_setaffinity(0, sizeof(everywhere), &everywhere);

	printf("KTAP version 1\n1..%d\n", 3 + points_of_tasks() + nr_cpus);
	pid = start_monitor(command, &output);
	start_tasks(pids, -1, HOST_PAUSE_US);
	follow(pid, output);
	__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);

	point(!guest.failed && (guest.skip || (guest.plan && guest.passed == guest.plan)),
	      guest.skip, "the guest's tests pass");
	waitpid(pid, &status, 0);
	if (status)
		printf("# the monitor's status is 0x%x\n", status);
	point(guest.skip || (!status && guest.powered_down), guest.skip,
	      "the guest powers off");
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		loaded[i] = 0;
		if (msrs[i].absent)
			continue;
		loaded[i] = end_count(&msrs[i]);
		printf("# %s: %lu WRMSRs of other values than the host's\n",
		       msrs[i].name, loaded[i]);
	}
	/* The other MSRs' values are the same if both kernels are. */
	skip = absent[CHECK_RDTSCP] ? absent[CHECK_RDTSCP] : guest.skip;
	point(skip || loaded[ARRAY_SIZE(msrs) - 1], skip,
	      "the guest's TSC_AUX is loaded where the host's is another");
	join_tasks(pids);
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		bool same = true;

		for (i = 0; i < ARRAY_SIZE(msrs); i++) {
			uint64_t value = read_msr(&msrs[i], cpu);

			if (value == msrs[i].values[cpu])
				continue;
			same = false;
			printf("# %s is 0x%" PRIx64 ", was 0x%" PRIx64 "\n",
			       msrs[i].name, value, msrs[i].values[cpu]);
		}
		point(same, NULL, "CPU %d has the same values as before", cpu);
	}
	return failures > 0;
}

static int child_main(void)
{
	struct tally mine[NR_CHECKS] = {};
	int check;

	nr_cpus = count_cpus();
	look_at_cpu();
	tallies = mine;
	check_cpu_number("after exec");
	check_syscalls();
	for (check = 0; check < NR_CHECKS; check++)
		if (mine[check].bad)
			return 1;
	return 0;
}

int main(int argc, char *argv[])
{
	/* The kernel hands over options that it does not know before these. */
	if (getpid() == 1 && argc >= 3 && !strcmp(argv[argc - 2], "syscalls"))
		return syscalls_main(atol(argv[argc - 1]));
	if (getpid() == 1)
		return guest_main();
	if (argc == 2 && !strcmp(argv[1], "child"))
		return child_main();
	if (argc > 2 && !strcmp(argv[1], "host"))
		return host_main(argv + 2);
	errx(1, "usage: guest host COMMAND...");
}
