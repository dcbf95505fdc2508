// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many vCPUs on few CPUs, all with values of their own in the shared MSRs.
 *
 * Sixteen threads run the vCPUs of eight VMs, which change their MSRs, exit at
 * random, and look at the effect of their values after every exit; the main
 * thread moves them among the CPUs at random. Whenever KVM_RUN has returned,
 * the thread looks for the host's values. Somebody else may take a CPU offline,
 * but must bring it back: threads have to migrate.
 *
 * -s takes the seed that an earlier run has printed; the scheduler may still act
 * differently.  -n is the least number of exits.
 */
#include "shared_msrs_worker.h"

#include <time.h>

#define NR_VMS		8
#define NR_VCPUS	(NR_VMS * WORKERS_PER_VM)

/* Who waits for a sign of life hears one so often. */
#define NR_PARTS	20

/* How often each thread is moved at least, where there are CPUs to choose from. */
#define MIN_MOVES	10

static_assert(NR_VCPUS <= MAX_WORKERS, "values are not distinct");

static struct runner {
	pthread_t thread;
	pid_t tid;
	/* Held while the thread must stay where it is. */
	pthread_mutex_t stay;
	struct kvm_vcpu *vcpu;
	struct worker *worker;
	int cpu;		/* where the mover has put it */
	unsigned int moves;
	int last_cpu;		/* where it was seen */
	unsigned int migrations;
	u64 user_exits;
	struct tally exits;		/* to user mode, counted by the guest, too */
	struct tally host[NR_HOST_EFFECTS];
} runners[NR_VCPUS];

static pthread_barrier_t ready;

/* Right after KVM_RUN. */
static void check_host(struct runner *r)
{
	struct tally host[NR_HOST_EFFECTS] = {};
	int cpu;

	pthread_mutex_lock(&r->stay);
	cpu = host_check(host);
	/* The threads of a CPU that goes offline move in the middle of a look. */
	if (!host_is_pinned(r->cpu)) {
		host[HOST_RDTSCP] = (struct tally){};
		host[HOST_RDPID] = (struct tally){};
	}
	tallies_add(r->host, host, NR_HOST_EFFECTS);
	pthread_mutex_unlock(&r->stay);

	r->migrations += r->last_cpu >= 0 && r->last_cpu != cpu;
	r->last_cpu = cpu;
}

static void *run_vcpu(void *arg)
{
	struct runner *r = arg;
	struct access access;
	u16 answer;

	r->tid = syscall(SYS_gettid);
	r->last_cpu = -1;
	pthread_barrier_wait(&ready);

	for (;;) {
		vcpu_run(r->vcpu);
		check_host(r);
		if (!vcpu_access(r->vcpu, &access))
			break;
		answer = ++r->user_exits;
		memcpy(access.data, &answer, sizeof(answer));
	}
	vcpu_check_sync(r->vcpu);
	tally_check(&r->exits, "exits to user mode", r->worker->nr_user_exits,
		    r->user_exits);
	return NULL;
}

static void move(struct runner *r, int cpu)
{
	pthread_mutex_lock(&r->stay);
	if (host_try_pin_task(r->tid, cpu)) {
		r->moves += cpu != r->cpu;
		r->cpu = cpu;
	}
	pthread_mutex_unlock(&r->stay);
}

static bool enough(u64 exits, bool can_move)
{
	int i;

	for (i = 0; i < NR_VCPUS; i++) {
		if (READ_ONCE(runners[i].worker->exits) < exits / NR_VCPUS + 1 ||
		    (can_move && runners[i].moves < MIN_MOVES))
			return false;
	}
	return true;
}

/* Nothing of a guest is left on a CPU once this thread runs there. */
static void look_at_host(struct tally *tally)
{
	int cpu;

	for_each_host_cpu(cpu) {
		if (host_try_pin_task(0, cpu))
			host_check_msrs(cpu, tally);
	}
}

static void report(u64 min_exits, int nr_cpus, struct tally host[])
{
	struct tally guest[NR_EFFECTS] = {}, guest_exits = {}, user_exits = {};
	unsigned int migrations = 0;
	u64 exits = 0;
	int i;

	for (i = 0; i < NR_VCPUS; i++) {
		struct runner *r = &runners[i];

		exits += r->worker->exits;
		migrations += r->migrations;
		tally_add(&guest_exits, &r->worker->exit);
		tally_add(&user_exits, &r->exits);
		tallies_add(guest, r->worker->effects, NR_EFFECTS);
		tallies_add(host, r->host, NR_HOST_EFFECTS);
	}

	ksft_print_msg("%lu exits; %u migrations among %d CPUs\n", exits,
		       migrations, nr_cpus);
	report_point(exits >= min_exits, "%lu exits or more", min_exits);
	if (nr_cpus > 1)
		report_point(migrations >= NR_VCPUS, "threads migrate");
	else
		tally_report_unless("only one CPU", NULL, "threads migrate");
	tally_report(&guest_exits, "exits have their effect");
	tally_report(&user_exits, "host and guest count the same exits to user mode");
	report_effects("many vCPUs", guest, host);
}

int main(int argc, char *argv[])
{
	struct tally host[NR_HOST_EFFECTS] = {};
	u32 seed = time(NULL) * 16 + getpid();
	struct kvm_vm *vms[NR_VMS];
	int nr_cpus, opt, part, i;
	u64 min_exits = 40000;
	u32 random;

	while ((opt = getopt(argc, argv, "s:n:")) != -1) {
		switch (opt) {
		case 's':
			seed = strtoul(optarg, NULL, 0);
			break;
		case 'n':
			min_exits = strtoul(optarg, NULL, 0);
			break;
		default:
			fprintf(stderr, "usage: %s [-s SEED] [-n EXITS]\n",
				argv[0]);
			return KSFT_FAIL;
		}
	}

	shared_msrs_test_init();
	report_plan(4 + NR_EFFECTS + NR_HOST_EFFECTS);
	ksft_print_msg("seed %u\n", seed);

	nr_cpus = host_nr_cpus();
	for (i = 0; i < NR_VMS; i++) {
		struct kvm_vcpu *vcpus[WORKERS_PER_VM];
		struct worker *workers[WORKERS_PER_VM];
		int j;

		vms[i] = worker_vm_create(WORKERS_PER_VM, vcpus, workers,
					  i * WORKERS_PER_VM, seed);
		for (j = 0; j < WORKERS_PER_VM; j++) {
			struct runner *r = &runners[i * WORKERS_PER_VM + j];

			r->vcpu = vcpus[j];
			r->worker = workers[j];
			r->worker->user_exits = true;
		}
	}

	pthread_barrier_init(&ready, NULL, NR_VCPUS + 1);
	for (i = 0; i < NR_VCPUS; i++) {
		pthread_mutex_init(&runners[i].stay, NULL);
		/* The thread begins where this one is. */
		runners[i].cpu = host_pin_next(i ? runners[i - 1].cpu : 0);
		host_thread(&runners[i].thread, run_vcpu, &runners[i]);
	}
	host_unpin();
	pthread_barrier_wait(&ready);
	ksft_print_msg("vCPUs run\n");

	random = seed + !seed;
	for (part = 1; part <= NR_PARTS; part++) {
		while (!enough(min_exits * part / NR_PARTS, nr_cpus > 1)) {
			struct runner *r = &runners[next_random(&random) % NR_VCPUS];

			move(r, host_cpu_from(next_random(&random) %
					      (host_last_cpu() + 1)));
			usleep(next_random(&random) % 4000);
		}
		ksft_print_msg("%d of %d parts of the exits\n", part, NR_PARTS);
	}

	for (i = 0; i < NR_VCPUS; i++)
		WRITE_ONCE(runners[i].worker->stop, true);
	for (i = 0; i < NR_VCPUS; i++)
		pthread_join(runners[i].thread, NULL);
	look_at_host(&host[HOST_MSRS]);

	report(min_exits, nr_cpus, host);
	for (i = 0; i < NR_VMS; i++)
		kvm_vm_free(vms[i]);
	report_end();
}
