// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtualization is disabled under guest values: CPUs go offline and come back,
 * the system suspends, the last VM is destroyed, the module is unloaded.
 *
 * A vCPU runs in one long KVM_RUN, so that its values stay in the CPU.  That
 * they are there is seen through the msr driver from another CPU, right before
 * the event; so is, where no vCPU runs by then, that the host's are back, before
 * the CPU has been in user mode.  After every event the guest goes on and looks
 * at the effect of its values, and this program does so on each CPU.
 *
 * The suspend is cut short by /sys/power/pm_test.
 */
#define _GNU_SOURCE
#include <pthread.h>

#include "kvm_util.h"
#include "processor.h"
#include "shared_msrs_worker.h"

/* The unistd.h of tools/arch/x86 knows few system calls. */
#ifndef SYS_delete_module
#define SYS_delete_module	176
#endif

/* How often an event takes place, and the exits between one and the next. */
#define NR_EVENTS		10
#define NR_SUSPENDS		3
#define NR_RELOADS		3
#define PROGRESS		200

#define PM_TEST			"/sys/power/pm_test"
#define PM_TEST_DELAY		"/sys/module/suspend/parameters/pm_test_delay"

enum event {
	EVENT_OFFLINE,
	EVENT_OFFLINE_DIRTY,
	EVENT_PROCESSORS,
	EVENT_CORE,
	EVENT_LAST_VM,
	EVENT_UNLOAD,
	NR_EVENT_KINDS
};

static struct {
	const char *name;
	int nr;			/* how often it is to happen */
	const char *skip;	/* why it cannot happen here */
	int happened;
	int dirty;		/* so often with a guest's values in the CPU */
	struct tally exit;
	struct tally guest[NR_EFFECTS];
	struct tally host[NR_HOST_EFFECTS];
} events[NR_EVENT_KINDS] = {
	[EVENT_OFFLINE]		= { "CPU offline under a vCPU", NR_EVENTS },
	[EVENT_OFFLINE_DIRTY]	= { "CPU offline after a vCPU left it", NR_EVENTS },
	[EVENT_PROCESSORS]	= { "suspend, pm_test processors", NR_SUSPENDS },
	[EVENT_CORE]		= { "suspend, pm_test core", NR_SUSPENDS },
	[EVENT_LAST_VM]		= { "last VM destroyed", NR_EVENTS },
	[EVENT_UNLOAD]		= { "module unloaded and loaded", NR_RELOADS },
};

/* Unloading while there is a VM. */
static struct tally refusals;
static const char *vendor;

/* Where guest values are loaded, and where this program is meanwhile. */
static int guest_cpu, home_cpu;
static bool can_offline;

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static struct worker *worker;
static pthread_t thread;
static pid_t thread_id;
static struct tally thread_host[NR_HOST_EFFECTS];

/* --- Files --- */

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == strlen(text);
	close(fd);
	return ok;
}

static bool read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, text, size - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static bool file_has(const char *path, const char *word)
{
	char text[256];

	return read_file(path, text, sizeof(text)) && strstr(text, word);
}

/* --- The vCPU, in a thread of its own --- */

static void *run_vcpu(void *arg)
{
	WRITE_ONCE(thread_id, syscall(SYS_gettid));
	vcpu_run(vcpu);
	host_check(thread_host);
	vcpu_check_sync(vcpu);
	return NULL;
}

/* Wait until the guest has been through some more exits. */
static void guest_progress(void)
{
	u64 exits = READ_ONCE(worker->exits) + PROGRESS;
	int polls = 0;

	while (READ_ONCE(worker->exits) < exits) {
		/* A minute, if not more: it hangs. */
		if (polls++ == 60000)
			ksft_exit_fail_msg("guest hangs after %lu exits\n",
					   READ_ONCE(worker->exits));
		usleep(1000);
	}
}

static void guest_move(int cpu)
{
	host_pin_task(thread_id, cpu);
	guest_progress();
}

static void guest_start(void)
{
	WRITE_ONCE(worker->stop, false);
	WRITE_ONCE(thread_id, 0);
	TEST_ASSERT(!pthread_create(&thread, NULL, run_vcpu, NULL),
		    "pthread_create failed");
	while (!READ_ONCE(thread_id))
		usleep(1000);
	guest_move(guest_cpu);
}

/* The thread must have been moved last by guest_move(), to see its own CPU. */
static void guest_stop(enum event event)
{
	int i;

	WRITE_ONCE(worker->stop, true);
	pthread_join(thread, NULL);
	for (i = 0; i < NR_HOST_EFFECTS; i++)
		tally_add(&events[event].host[i], &thread_host[i]);
	memset(thread_host, 0, sizeof(thread_host));
}

static void guest_create(void)
{
	static u32 seed;

	vm = worker_vm_create(1, &vcpu, &worker, 0, ++seed);
}

static void guest_destroy(enum event event)
{
	int i;

	tally_add(&events[event].exit, &worker->exit);
	for (i = 0; i < NR_EFFECTS; i++)
		tally_add(&events[event].guest[i], &worker->effects[i]);
	kvm_vm_free(vm);
}

/* --- The host --- */

/*
 * Does @guest_cpu hold guest values?  Reading them there, by an IPI, does not
 * bring that CPU to user mode.
 */
static bool is_dirty(void)
{
	struct tally differences = {};

	host_check_msrs(guest_cpu, &differences);
	return differences.failures;
}

/* User mode, on each CPU; the MSRs, too, unless a vCPU is in KVM_RUN. */
static void check_cpus(enum event event, bool msrs)
{
	struct tally *host = events[event].host;
	int cpu;

	for (cpu = host_cpu_from(0); cpu < CPU_SETSIZE;
	     cpu = host_cpu_from(cpu + 1)) {
		host_pin(cpu);
		host_check(host);
		if (msrs)
			host_check_msrs(cpu, &host[HOST_MSRS]);
	}
	host_pin(home_cpu);
}

static void set_online(bool online)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online",
		 guest_cpu);
	if (!write_file(path, online ? "1" : "0"))
		ksft_exit_fail_msg("cannot take CPU %d %s, errno: %i\n",
				   guest_cpu, online ? "online" : "offline",
				   errno);
}

/* --- Events --- */

static void test_offline(void)
{
	int i;

	guest_create();
	guest_start();
	for (i = 0; i < NR_EVENTS; i++) {
		events[EVENT_OFFLINE].dirty += is_dirty();
		set_online(false);
		events[EVENT_OFFLINE].happened++;
		/* The kernel has moved the thread. */
		guest_progress();
		set_online(true);
		check_cpus(EVENT_OFFLINE, false);
		guest_move(guest_cpu);
	}
	guest_stop(EVENT_OFFLINE);
	check_cpus(EVENT_OFFLINE, true);
	guest_destroy(EVENT_OFFLINE);
}

static void test_offline_dirty(void)
{
	int i;

	guest_create();
	for (i = 0; i < NR_EVENTS; i++) {
		guest_start();
		guest_move(home_cpu);
		events[EVENT_OFFLINE_DIRTY].dirty += is_dirty();
		set_online(false);
		events[EVENT_OFFLINE_DIRTY].happened++;
		guest_progress();
		set_online(true);
		host_check_msrs(guest_cpu,
				&events[EVENT_OFFLINE_DIRTY].host[HOST_MSRS]);
		check_cpus(EVENT_OFFLINE_DIRTY, false);
		guest_move(guest_cpu);
		guest_stop(EVENT_OFFLINE_DIRTY);
		check_cpus(EVENT_OFFLINE_DIRTY, true);
	}
	guest_destroy(EVENT_OFFLINE_DIRTY);
}

static void test_suspend(enum event event, const char *level, const char *state)
{
	int i;

	TEST_ASSERT(write_file(PM_TEST, level), "cannot write to %s, errno: %i",
		    PM_TEST, errno);
	guest_create();
	guest_start();
	for (i = 0; i < NR_SUSPENDS; i++) {
		events[event].dirty += is_dirty();
		if (write_file("/sys/power/state", state))
			events[event].happened++;
		else
			ksft_print_msg("suspend failed, errno: %i\n", errno);
		guest_progress();
		check_cpus(event, false);
		guest_move(guest_cpu);
	}
	guest_stop(event);
	check_cpus(event, true);
	guest_destroy(event);
	write_file(PM_TEST, "none");
}

/* Leave guest values in @guest_cpu, where nothing runs in user mode then. */
static void run_and_leave(enum event event)
{
	guest_create();
	guest_start();
	guest_move(home_cpu);
	guest_stop(event);
	events[event].dirty += is_dirty();
}

static void test_last_vm(void)
{
	int i;

	for (i = 0; i < NR_EVENTS; i++) {
		run_and_leave(EVENT_LAST_VM);
		guest_destroy(EVENT_LAST_VM);
		events[EVENT_LAST_VM].happened++;
		host_check_msrs(guest_cpu,
				&events[EVENT_LAST_VM].host[HOST_MSRS]);
		check_cpus(EVENT_LAST_VM, true);
	}
}

static int unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? errno : 0;
}

static void load_again(void)
{
	char command[64];

	snprintf(command, sizeof(command), "modprobe %s", vendor);
	if (system(command) || access("/dev/kvm", R_OK | W_OK))
		ksft_exit_fail_msg("modprobe %s failed\n", vendor);
}

static void test_unload(void)
{
	int i, err;

	for (i = 0; i < NR_RELOADS; i++) {
		guest_create();
		guest_start();
		tally_check(&refusals, "errno", EAGAIN, unload(vendor));
		guest_progress();
		guest_move(home_cpu);
		guest_stop(EVENT_UNLOAD);
		tally_check(&refusals, "errno", EAGAIN, unload(vendor));
		events[EVENT_UNLOAD].dirty += is_dirty();
		guest_destroy(EVENT_UNLOAD);

		err = unload(vendor);
		if (err) {
			ksft_print_msg("cannot unload %s, errno: %i\n", vendor,
				       err);
			return;
		}
		/* Others may use it. */
		unload("kvm");
		events[EVENT_UNLOAD].happened++;
		host_check_msrs(guest_cpu,
				&events[EVENT_UNLOAD].host[HOST_MSRS]);
		check_cpus(EVENT_UNLOAD, true);
		load_again();
		check_cpus(EVENT_UNLOAD, true);
	}
}

/* --- What can be done here --- */

static void choose_cpus(void)
{
	const char *skip = "only one CPU";
	char path[64];
	int cpu;

	guest_cpu = -1;
	for (cpu = host_cpu_from(0); cpu < CPU_SETSIZE;
	     cpu = host_cpu_from(cpu + 1)) {
		if (guest_cpu < 0) {
			home_cpu = cpu;
			guest_cpu = cpu;
			continue;
		}
		guest_cpu = cpu;
		skip = "no CPU can be taken offline";
		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu%d/online", cpu);
		if (!access(path, W_OK)) {
			can_offline = true;
			break;
		}
	}
	if (!can_offline) {
		events[EVENT_OFFLINE].skip = skip;
		events[EVENT_OFFLINE_DIRTY].skip = skip;
	}
}

/* The state to suspend to, for which CPUs go offline: NULL if there is none. */
static const char *suspend_state(void)
{
	const char *skip = NULL, *state = NULL;

	if (access(PM_TEST, W_OK))
		skip = "no /sys/power/pm_test";
	else if (write_file("/sys/power/mem_sleep", "deep"))
		state = "mem";
	else if (file_has("/sys/power/state", "standby"))
		state = "standby";
	else
		skip = "the system suspends to idle only, with all CPUs online";

	events[EVENT_PROCESSORS].skip = skip;
	events[EVENT_CORE].skip = skip;
	return state;
}

static void choose_module(void)
{
	char path[64], count[32];
	const char *skip = NULL;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", vendor);
	if (!read_file(path, count, sizeof(count)))
		skip = "KVM is built in, or modules stay for good";
	else if (atoi(count))
		skip = "KVM is in use";
	events[EVENT_LAST_VM].skip = skip;

	if (!skip && system("command -v modprobe >/dev/null"))
		skip = "no modprobe";
	events[EVENT_UNLOAD].skip = skip;

	/* From 6.12 on that is the default. */
	if (file_has("/sys/module/kvm/parameters/enable_virt_at_load", "Y"))
		events[EVENT_LAST_VM].skip =
			"virtualization is enabled with or without VMs";
}

static char old_delay[32], old_mem_sleep[64];

/* Whatever happens, leave the machine as it was. */
static void put_back(void)
{
	char *end, *begin = strchr(old_mem_sleep, '[');

	if (can_offline) {
		char path[64];

		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu%d/online", guest_cpu);
		write_file(path, "1");
	}
	write_file(PM_TEST, "none");
	write_file(PM_TEST_DELAY, old_delay);
	if (begin) {
		end = strchr(begin, ']');
		if (end)
			*end = '\0';
		write_file("/sys/power/mem_sleep", begin + 1);
	}
}

/* As soon as it is over, lest the next one takes the host down. */
static void report(enum event event)
{
	const char *name = events[event].name;
	const char *skip = events[event].skip;
	int i;

	if (skip) {
		ksft_test_result_skip("%s: %s\n", name, skip);
		ksft_test_result_skip("%s, guest values loaded: %s\n", name, skip);
		for (i = 0; i < 1 + NR_EFFECTS + NR_HOST_EFFECTS; i++)
			ksft_test_result_skip("%s, values: %s\n", name, skip);
		return;
	}
	ksft_print_msg("%s: %d of %d times, %d with guest values loaded\n", name,
		       events[event].happened, events[event].nr,
		       events[event].dirty);
	ksft_test_result(events[event].happened == events[event].nr, "%s\n",
			 name);
	if (guest_cpu == home_cpu)
		ksft_test_result_skip("%s, guest values loaded: only one CPU\n",
				      name);
	else
		ksft_test_result(events[event].dirty, "%s, guest values loaded\n",
				 name);
	tally_report(&events[event].exit, "%s: the guest's exits", name);
	report_effects(name, events[event].guest, events[event].host);
}

int main(int argc, char *argv[])
{
	const char *state;
	int cpu;

	shared_msrs_test_init();
	if (geteuid())
		ksft_exit_skip("must be root\n");
	vendor = access("/sys/module/kvm_intel", F_OK) ? "kvm_amd" : "kvm_intel";
	for (cpu = host_cpu_from(0); cpu < CPU_SETSIZE;
	     cpu = host_cpu_from(cpu + 1)) {
		if (!host_before.msrs[cpu][SHARED_LSTAR].has)
			ksft_exit_skip("no access to /dev/cpu/%d/msr\n", cpu);
	}
	read_file("/sys/power/mem_sleep", old_mem_sleep, sizeof(old_mem_sleep));
	read_file(PM_TEST_DELAY, old_delay, sizeof(old_delay));
	choose_cpus();
	choose_module();
	state = suspend_state();
	atexit(put_back);
	/* By default it waits for seconds before it wakes up. */
	write_file(PM_TEST_DELAY, "0");

	ksft_set_plan(NR_EVENT_KINDS * (3 + NR_EFFECTS + NR_HOST_EFFECTS) + 1);
	host_pin(home_cpu);
	if (!events[EVENT_OFFLINE].skip)
		test_offline();
	report(EVENT_OFFLINE);
	if (!events[EVENT_OFFLINE_DIRTY].skip)
		test_offline_dirty();
	report(EVENT_OFFLINE_DIRTY);
	if (!events[EVENT_PROCESSORS].skip)
		test_suspend(EVENT_PROCESSORS, "processors", state);
	report(EVENT_PROCESSORS);
	if (!events[EVENT_CORE].skip)
		test_suspend(EVENT_CORE, "core", state);
	report(EVENT_CORE);
	if (!events[EVENT_LAST_VM].skip)
		test_last_vm();
	report(EVENT_LAST_VM);
	if (!events[EVENT_UNLOAD].skip)
		test_unload();
	report(EVENT_UNLOAD);
	if (events[EVENT_UNLOAD].skip)
		ksft_test_result_skip("unload is refused while there is a VM: %s\n",
				      events[EVENT_UNLOAD].skip);
	else
		tally_report(&refusals, "unload is refused while there is a VM");
	ksft_finished();
}
