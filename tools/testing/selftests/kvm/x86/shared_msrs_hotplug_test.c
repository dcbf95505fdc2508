// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtualization is disabled under guest values: CPUs go offline and come back,
 * the system suspends, the last VM is destroyed, the module is unloaded.
 *
 * A vCPU runs in one long KVM_RUN, so that its values stay in the CPU. That
 * they are there is seen through the msr driver from another CPU, right before
 * the event; so is, where no vCPU runs by then, that the host's are back, before
 * the CPU has been in user mode. After every event the guest goes on and looks
 * at the effect of its values, and this program does so on each CPU.
 *
 * The suspend is cut short by /sys/power/pm_test.
 */
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

struct event {
	const char *name;
	int nr;			/* how often it is to happen */
	void (*run)(struct event *event);
	const char *level;	/* of pm_test */
	const char *skip;	/* why it cannot happen here */
	int happened;
	int dirty;		/* so often with a guest's values in the CPU */
	struct tally exit;
	struct tally guest[NR_EFFECTS];
	struct tally host[NR_HOST_EFFECTS];
};

/* The state to suspend to, for which CPUs go offline. */
static const char *suspend_state;

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
	host_thread(&thread, run_vcpu, NULL);
	while (!READ_ONCE(thread_id))
		usleep(1000);
	guest_move(guest_cpu);
}

/* The thread must have been moved last by guest_move(), to see its own CPU. */
static void guest_stop(struct event *event)
{
	WRITE_ONCE(worker->stop, true);
	pthread_join(thread, NULL);
	tallies_add(event->host, thread_host, NR_HOST_EFFECTS);
	memset(thread_host, 0, sizeof(thread_host));
}

static void guest_create(void)
{
	static u32 seed;

	vm = worker_vm_create(1, &vcpu, &worker, 0, ++seed);
}

static void guest_destroy(struct event *event)
{
	tally_add(&event->exit, &worker->exit);
	tallies_add(event->guest, worker->effects, NR_EFFECTS);
	kvm_vm_free(vm);
}

/* --- The host --- */

/*
 * Does @guest_cpu hold guest values? Reading them there, by an IPI, does not
 * bring that CPU to user mode.
 */
static bool is_dirty(void)
{
	struct tally differences = {};

	host_check_msrs(guest_cpu, &differences);
	return differences.failures;
}

/* User mode, on each CPU; the MSRs, too, unless a vCPU is in KVM_RUN. */
static void check_cpus(struct event *event, bool msrs)
{
	int cpu;

	for_each_host_cpu(cpu) {
		host_pin(cpu);
		host_check(event->host);
		if (msrs)
			host_check_msrs(cpu, &event->host[HOST_MSRS]);
	}
	host_pin(home_cpu);
}

static const char *online_file(int cpu)
{
	static char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	return path;
}

static void set_online(bool online)
{
	if (!host_write_file(online_file(guest_cpu), online ? "1" : "0"))
		ksft_exit_fail_msg("cannot take CPU %d %s, errno: %i\n",
				   guest_cpu, online ? "online" : "offline",
				   errno);
}

/* --- Events --- */

static void run_offline(struct event *event)
{
	int i;

	guest_create();
	guest_start();
	for (i = 0; i < event->nr; i++) {
		event->dirty += is_dirty();
		set_online(false);
		event->happened++;
		/* The kernel has moved the thread. */
		guest_progress();
		set_online(true);
		check_cpus(event, false);
		guest_move(guest_cpu);
	}
	guest_stop(event);
	check_cpus(event, true);
	guest_destroy(event);
}

/* --- A pool of threads, which go from CPU to CPU --- */

#define NR_POOL		4

static bool pool_stop;

struct pool_thread {
	pthread_t thread;
	struct tally host[NR_HOST_EFFECTS];
};

/* TSC_AUX of the CPU where the thread is: one of two, as it may be on its way. */
static u32 pool_tsc_aux(u32 aux)
{
	return aux == host_before.msrs[home_cpu][SHARED_TSC_AUX].value ? aux :
	       host_before.msrs[guest_cpu][SHARED_TSC_AUX].value;
}

static void *pool_main(void *arg)
{
	struct pool_thread *t = arg;
	cpu_set_t cpu;
	u32 aux, i;

	for (i = 0; !READ_ONCE(pool_stop); i++) {
		/* Fails while that CPU is offline. */
		CPU_ZERO(&cpu);
		CPU_SET(i & 1 ? guest_cpu : home_cpu, &cpu);
		sched_setaffinity(0, sizeof(cpu), &cpu);
		if (host_has_rdtscp()) {
			rdtscp(&aux);
			tally_check(&t->host[HOST_RDTSCP], "TSC_AUX", pool_tsc_aux(aux), aux);
		}
		if (host_has_rdpid()) {
			aux = rdpid();
			tally_check(&t->host[HOST_RDPID], "TSC_AUX", pool_tsc_aux(aux), aux);
		}
		host_sleep(1000000);
	}
	return NULL;
}

static void run_offline_pool(struct event *event)
{
	static struct pool_thread pool[NR_POOL];
	int i;

	for (i = 0; i < NR_POOL; i++)
		host_thread(&pool[i].thread, pool_main, &pool[i]);
	run_offline(event);
	WRITE_ONCE(pool_stop, true);
	for (i = 0; i < NR_POOL; i++) {
		pthread_join(pool[i].thread, NULL);
		tallies_add(event->host, pool[i].host, NR_HOST_EFFECTS);
	}
}

static void run_offline_dirty(struct event *event)
{
	int i;

	guest_create();
	for (i = 0; i < event->nr; i++) {
		guest_start();
		guest_move(home_cpu);
		event->dirty += is_dirty();
		set_online(false);
		event->happened++;
		guest_progress();
		set_online(true);
		host_check_msrs(guest_cpu, &event->host[HOST_MSRS]);
		check_cpus(event, false);
		guest_move(guest_cpu);
		guest_stop(event);
		check_cpus(event, true);
	}
	guest_destroy(event);
}

static void run_suspend(struct event *event)
{
	int i;

	TEST_ASSERT(host_write_file(PM_TEST, event->level),
		    "cannot write to %s, errno: %i", PM_TEST, errno);
	guest_create();
	guest_start();
	for (i = 0; i < event->nr; i++) {
		event->dirty += is_dirty();
		if (host_write_file("/sys/power/state", suspend_state))
			event->happened++;
		else
			ksft_print_msg("suspend failed, errno: %i\n", errno);
		guest_progress();
		check_cpus(event, false);
		guest_move(guest_cpu);
	}
	guest_stop(event);
	check_cpus(event, true);
	guest_destroy(event);
	host_write_file(PM_TEST, "none");
}

/* Leave guest values in @guest_cpu, where nothing runs in user mode then. */
static void run_and_leave(struct event *event)
{
	guest_create();
	guest_start();
	guest_move(home_cpu);
	guest_stop(event);
	event->dirty += is_dirty();
}

static void run_last_vm(struct event *event)
{
	int i;

	for (i = 0; i < event->nr; i++) {
		run_and_leave(event);
		guest_destroy(event);
		event->happened++;
		host_check_msrs(guest_cpu, &event->host[HOST_MSRS]);
		check_cpus(event, true);
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

static void run_unload(struct event *event)
{
	int i, err;

	for (i = 0; i < event->nr; i++) {
		guest_create();
		guest_start();
		tally_check(&refusals, "errno", EAGAIN, unload(vendor));
		guest_progress();
		guest_move(home_cpu);
		guest_stop(event);
		tally_check(&refusals, "errno", EAGAIN, unload(vendor));
		event->dirty += is_dirty();
		guest_destroy(event);

		err = unload(vendor);
		if (err) {
			ksft_print_msg("cannot unload %s, errno: %i\n", vendor,
				       err);
			return;
		}
		/* Others may use it. */
		unload("kvm");
		event->happened++;
		host_check_msrs(guest_cpu, &event->host[HOST_MSRS]);
		check_cpus(event, true);
		load_again();
		check_cpus(event, true);
	}
}

/* --- What can be done here --- */

enum {
	EVENT_OFFLINE,
	EVENT_OFFLINE_POOL,
	EVENT_OFFLINE_DIRTY,
	EVENT_PROCESSORS,
	EVENT_CORE,
	EVENT_LAST_VM,
	EVENT_UNLOAD,
	NR_EVENT_KINDS
};

static struct event events[NR_EVENT_KINDS] = {
	[EVENT_OFFLINE]		= { "CPU offline under a vCPU", NR_EVENTS, run_offline },
	[EVENT_OFFLINE_POOL]	= { "CPU offline beside a pool of threads", NR_EVENTS,
				    run_offline_pool },
	[EVENT_OFFLINE_DIRTY]	= { "CPU offline after a vCPU left it", NR_EVENTS,
				    run_offline_dirty },
	[EVENT_PROCESSORS]	= { "suspend, pm_test processors", NR_SUSPENDS,
				    run_suspend, "processors" },
	[EVENT_CORE]		= { "suspend, pm_test core", NR_SUSPENDS, run_suspend, "core" },
	[EVENT_LAST_VM]		= { "last VM destroyed", NR_EVENTS, run_last_vm },
	[EVENT_UNLOAD]		= { "module unloaded and loaded", NR_RELOADS, run_unload },
};

static void choose_cpus(void)
{
	const char *skip = "only one CPU";
	int cpu;

	guest_cpu = -1;
	for_each_host_cpu(cpu) {
		if (guest_cpu < 0) {
			home_cpu = cpu;
			guest_cpu = cpu;
			continue;
		}
		guest_cpu = cpu;
		skip = "no CPU can be taken offline";
		if (!access(online_file(cpu), W_OK)) {
			can_offline = true;
			break;
		}
	}
	if (!can_offline) {
		events[EVENT_OFFLINE].skip = skip;
		events[EVENT_OFFLINE_POOL].skip = skip;
		events[EVENT_OFFLINE_DIRTY].skip = skip;
	}
}

static void choose_suspend(void)
{
	const char *skip = NULL;
	char states[64];

	if (access(PM_TEST, W_OK))
		skip = "no /sys/power/pm_test";
	else if (host_write_file("/sys/power/mem_sleep", "deep"))
		suspend_state = "mem";
	else if (read_file("/sys/power/state", states, sizeof(states)) &&
		 strstr(states, "standby"))
		suspend_state = "standby";
	else
		skip = "the system suspends to idle only, with all CPUs online";

	events[EVENT_PROCESSORS].skip = skip;
	events[EVENT_CORE].skip = skip;
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
	if (host_param_is_on("kvm", "enable_virt_at_load"))
		events[EVENT_LAST_VM].skip =
			"virtualization is enabled with or without VMs";
}

static char old_delay[32], old_mem_sleep[64];

/* Whatever happens, leave the machine as it was. */
static void put_back(void)
{
	char *end, *begin = strchr(old_mem_sleep, '[');

	if (can_offline)
		host_write_file(online_file(guest_cpu), "1");
	host_write_file(PM_TEST, "none");
	host_write_file(PM_TEST_DELAY, old_delay);
	if (begin) {
		end = strchr(begin, ']');
		if (end)
			*end = '\0';
		host_write_file("/sys/power/mem_sleep", begin + 1);
	}
}

/* At once: the next event may take the host down. */
static void report(const struct event *event)
{
	const char *name = event->name;
	const char *skip = event->skip;
	int i;

	if (skip) {
		tally_report_unless(skip, NULL, "%s", name);
		tally_report_unless(skip, NULL, "%s, guest values loaded", name);
		for (i = 0; i < 1 + NR_EFFECTS + NR_HOST_EFFECTS; i++)
			tally_report_unless(skip, NULL, "%s, values", name);
		return;
	}
	ksft_print_msg("%s: %d of %d times, %d with guest values loaded\n", name,
		       event->happened, event->nr, event->dirty);
	report_point(event->happened == event->nr, "%s", name);
	if (guest_cpu == home_cpu)
		tally_report_unless("only one CPU", NULL,
				    "%s, guest values loaded", name);
	else
		report_point(event->dirty, "%s, guest values loaded", name);
	tally_report(&event->exit, "%s: the guest's exits", name);
	report_effects(name, event->guest, event->host);
}

int main(int argc, char *argv[])
{
	int cpu, i;

	shared_msrs_test_init();
	if (geteuid())
		ksft_exit_skip("must be root\n");
	vendor = is_kvm_amd() ? "kvm_amd" : "kvm_intel";
	for_each_host_cpu(cpu) {
		if (!host_before.msrs[cpu][SHARED_LSTAR].has)
			ksft_exit_skip("no access to /dev/cpu/%d/msr\n", cpu);
	}
	read_file("/sys/power/mem_sleep", old_mem_sleep, sizeof(old_mem_sleep));
	read_file(PM_TEST_DELAY, old_delay, sizeof(old_delay));
	choose_cpus();
	choose_module();
	choose_suspend();
	atexit(put_back);
	/* By default it waits for seconds before it wakes up. */
	host_write_file(PM_TEST_DELAY, "0");

	report_plan(NR_EVENT_KINDS * (3 + NR_EFFECTS + NR_HOST_EFFECTS) + 1);
	host_pin(home_cpu);
	for (i = 0; i < NR_EVENT_KINDS; i++) {
		if (!events[i].skip)
			events[i].run(&events[i]);
		report(&events[i]);
	}
	tally_report_unless(events[EVENT_UNLOAD].skip, &refusals,
			    "unload is refused while there is a VM");
	report_end();
}
