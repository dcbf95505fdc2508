// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shared MSRs save: runs a 64-bit guest whose values differ from the
 * host's, and counts the kernel's WRMSRs with its own trace event.
 *
 * The guest executes CPUID, which the kernel handles by itself (kernel exits),
 * or OUT, which ends KVM_RUN (user round trips).
 */
#include <cpuid.h>
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kvm.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define KERNEL_EXITS	10000
#define USER_ROUND_TRIPS 1000

#define TRACING "/sys/kernel/tracing/"
#define CPU 0

#define MEMORY_SIZE	0x10000
#define PML4		0x1000
#define PDPT		0x2000
#define PAGE_DIRECTORY	0x3000
#define CODE		0x4000

#define PAGE_PRESENT_WRITABLE 0x3
#define PAGE_HUGE	0x80

#define CR0_PE_PG	0x80000001
#define CR4_PAE		0x20
#define EFER_SCE_LME_LMA 0x501

#define MSR_ARCH_CAPABILITIES 0x10a
#define MSR_TSX_CTRL	0x122
#define CPUID_7_EDX_ARCH_CAPABILITIES (1 << 29)
#define ARCH_CAPABILITIES_TSX_CTRL (1 << 7)

/*
 * R8 CPUIDs, one OUT, and again. KVM_SET_REGS sets R9, which survives the trip
 * to user mode.
 */
static const uint8_t guest_code[] = {
	0x4d, 0x89, 0xc8,		/* 0: mov %r9, %r8 */
	0x4d, 0x85, 0xc0,		/* 1: test %r8, %r8 */
	0x74, 0x07,			/*    jz 2f */
	0x0f, 0xa2,			/*    cpuid */
	0x49, 0xff, 0xc8,		/*    dec %r8 */
	0xeb, 0xf4,			/*    jmp 1b */
	0xe6, 0x10,			/* 2: out %al, $0x10 */
	0xeb, 0xed,			/*    jmp 0b */
};

static struct shared_msr {
	const char *name;
	uint32_t index;
	uint64_t guest;
	const char *remark;
	uint64_t host;
	bool absent;
	long kernel_wrmsrs;
	long user_wrmsrs;
} msrs[] = {
	{ "STAR", 0xc0000081, 0x0058005000000000 },
	{ "LSTAR", 0xc0000082, 0xffffffffdead0000 },
	{ "CSTAR", 0xc0000083, 0xffffffffdead1000,
	  "has no effect on Intel CPUs" },
	{ "SYSCALL_MASK", 0xc0000084, 0x8d5 },
	{ "EFER", 0xc0000080, EFER_SCE_LME_LMA, "switched by the VMCS" },
	{ "TSC_AUX", 0xc0000103, 0x1234 },
	{ "TSX_CTRL", MSR_TSX_CTRL, 0x1 },
};

static int kvm, vm, vcpu;
static struct kvm_run *run;

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "cannot write '%s' to %s", text, path);
	close(fd);
}

/* An emulated CPU may take any MSR. Intel SDM volume 4, IA32_TSX_CTRL. */
static bool has_tsx_ctrl(int msr_fd)
{
	unsigned int eax, ebx, ecx, edx;
	uint64_t arch_capabilities;

	return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) &&
	       (edx & CPUID_7_EDX_ARCH_CAPABILITIES) &&
	       pread(msr_fd, &arch_capabilities, 8, MSR_ARCH_CAPABILITIES) == 8 &&
	       (arch_capabilities & ARCH_CAPABILITIES_TSX_CTRL);
}

static void read_host_values(void)
{
	char path[32];
	size_t i;
	int fd;

	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", CPU);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "cannot open %s", path);

	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		if (pread(fd, &msrs[i].host, 8, msrs[i].index) == 8 &&
		    (msrs[i].index != MSR_TSX_CTRL || has_tsx_ctrl(fd)))
			continue;
		msrs[i].absent = true;
		msrs[i].remark = "this CPU does not have it";
	}
	close(fd);
}

static void start_tracing(void)
{
	char filter[256] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		sprintf(filter + strlen(filter), "%smsr == 0x%x",
			i ? " || " : "", msrs[i].index);

	write_file(TRACING "buffer_size_kb", "4096");
	write_file(TRACING "events/msr/write_msr/filter", filter);
	write_file(TRACING "events/msr/write_msr/enable", "1");
}

/* Counts what was written since the last call, by MSR. */
static void count_wrmsrs(long counts[ARRAY_SIZE(msrs)])
{
	FILE *trace = fopen(TRACING "trace", "r");
	char line[256];

	if (!trace)
		err(1, "cannot open " TRACING "trace");

	memset(counts, 0, ARRAY_SIZE(msrs) * sizeof(*counts));
	while (fgets(line, sizeof(line), trace)) {
		const char *event = strstr(line, "write_msr: ");
		uint32_t index;
		size_t i;

		if (strstr(line, "LOST"))
			errx(1, "the trace buffer is too small: %s", line);
		if (!event || sscanf(event, "write_msr: %" SCNx32, &index) != 1)
			continue;
		for (i = 0; i < ARRAY_SIZE(msrs); i++)
			counts[i] += msrs[i].index == index;
	}
	fclose(trace);
	write_file(TRACING "trace", "\n");
}

static long vm_exits(void)
{
	FILE *stat = fopen("/sys/kernel/debug/kvm/exits", "r");
	long exits;

	if (!stat || fscanf(stat, "%ld", &exits) != 1)
		err(1, "cannot read KVM's count of VM-exits");
	fclose(stat);
	return exits;
}

static void set_up_cpuid(void)
{
	struct kvm_cpuid2 *cpuid;
	const int nent = 256;

	cpuid = calloc(1, sizeof(*cpuid) + nent * sizeof(cpuid->entries[0]));
	if (!cpuid)
		err(1, "no memory");
	cpuid->nent = nent;
	if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, cpuid) ||
	    ioctl(vcpu, KVM_SET_CPUID2, cpuid))
		err(1, "cannot set the guest's CPUID");
	free(cpuid);
}

static void set_up_long_mode(void)
{
	struct kvm_segment code = {
		.selector = 0x8, .type = 0xb, .present = 1, .s = 1, .l = 1,
		.g = 1, .limit = 0xffffffff,
	};
	struct kvm_segment data = {
		.selector = 0x10, .type = 0x3, .present = 1, .s = 1, .db = 1,
		.g = 1, .limit = 0xffffffff,
	};
	struct kvm_sregs sregs;

	if (ioctl(vcpu, KVM_GET_SREGS, &sregs))
		err(1, "KVM_GET_SREGS");
	sregs.cs = code;
	sregs.ds = data;
	sregs.es = data;
	sregs.fs = data;
	sregs.gs = data;
	sregs.ss = data;
	sregs.cr3 = PML4;
	sregs.cr4 = CR4_PAE;
	sregs.cr0 = CR0_PE_PG;
	sregs.efer = EFER_SCE_LME_LMA;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs))
		err(1, "KVM_SET_SREGS");
}

static void set_up_msrs(void)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entry;
	} msr = { .header.nmsrs = 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		if (msrs[i].absent || msrs[i].guest == EFER_SCE_LME_LMA)
			continue;
		msr.entry.index = msrs[i].index;
		msr.entry.data = msrs[i].guest;
		if (ioctl(vcpu, KVM_SET_MSRS, &msr) != 1)
			err(1, "cannot set the guest's %s", msrs[i].name);
	}
}

static void create_guest(void)
{
	struct kvm_userspace_memory_region region = {
		.memory_size = MEMORY_SIZE,
	};
	uint8_t *memory;
	int size;

	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0)
		err(1, "cannot open /dev/kvm: is kvm_intel loaded?");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		err(1, "KVM_CREATE_VM");

	memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		err(1, "no memory for the guest");
	*(uint64_t *)(memory + PML4) = PDPT | PAGE_PRESENT_WRITABLE;
	*(uint64_t *)(memory + PDPT) = PAGE_DIRECTORY | PAGE_PRESENT_WRITABLE;
	*(uint64_t *)(memory + PAGE_DIRECTORY) =
		PAGE_PRESENT_WRITABLE | PAGE_HUGE;
	memcpy(memory + CODE, guest_code, sizeof(guest_code));
	region.userspace_addr = (uintptr_t)memory;
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		err(1, "KVM_SET_USER_MEMORY_REGION");

	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (vcpu < 0 || size < 0)
		err(1, "KVM_CREATE_VCPU");
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED)
		err(1, "cannot map struct kvm_run");

	set_up_cpuid();
	set_up_long_mode();
	set_up_msrs();
}

/* Each trip to user mode comes after @cpuids kernel exits. */
static void run_guest(long trips, long cpuids)
{
	struct kvm_regs regs = { .rip = CODE, .rflags = 2, .r9 = cpuids };

	if (ioctl(vcpu, KVM_SET_REGS, &regs))
		err(1, "KVM_SET_REGS");
	while (trips--) {
		if (ioctl(vcpu, KVM_RUN, 0))
			err(1, "KVM_RUN");
		if (run->exit_reason != KVM_EXIT_IO)
			errx(1, "the guest ended with exit reason %u",
			     run->exit_reason);
	}
}

static void print_table(long kernel_wrmsrs, long user_wrmsrs, int differing)
{
	size_t i;

	printf("%-14s %-18s %-18s %12s %12s\n", "", "", "", "WRMSRs in",
	       "WRMSRs in");
	printf("%-14s %-18s %-18s %12d %12d\n", "", "", "", KERNEL_EXITS,
	       USER_ROUND_TRIPS);
	printf("%-14s %-18s %-18s %12s %12s\n", "shared MSR", "host value",
	       "guest value", "kernel exits", "user trips");
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		if (msrs[i].absent)
			printf("%-14s %-18s %-18s %12s %12s  %s\n",
			       msrs[i].name, "-", "-", "-", "-", msrs[i].remark);
		else
			printf("%-14s 0x%016" PRIx64 " 0x%016" PRIx64
			       " %12ld %12ld%s%s\n", msrs[i].name, msrs[i].host,
			       msrs[i].guest, msrs[i].kernel_wrmsrs,
			       msrs[i].user_wrmsrs, msrs[i].remark ? "  " : "",
			       msrs[i].remark ?: "");
	}
	printf("%-14s %-18s %-18s %12ld %12ld\n\n", "all", "", "",
	       kernel_wrmsrs, user_wrmsrs);

	printf("Exits handled in the kernel cost %ld WRMSRs. Switching these %d MSRs at every\n"
	       "exit and entry would have cost %d.\n", kernel_wrmsrs, differing,
	       2 * differing * KERNEL_EXITS);
	printf("A user round trip cost %.2f WRMSRs: at most 2 for each MSR that differs.\n",
	       (double)user_wrmsrs / USER_ROUND_TRIPS);
}

int main(void)
{
	const struct sched_param priority = { .sched_priority = 1 };
	long none[ARRAY_SIZE(msrs)], many[ARRAY_SIZE(msrs)];
	long kernel_wrmsrs = 0, user_wrmsrs = 0, exits;
	int differing = 0;
	cpu_set_t cpus;
	size_t i;

	/* A task that comes between would add user round trips of its own. */
	CPU_ZERO(&cpus);
	CPU_SET(CPU, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) ||
	    sched_setscheduler(0, SCHED_FIFO, &priority))
		err(1, "cannot keep other tasks off CPU %d", CPU);

	read_host_values();
	create_guest();
	run_guest(1, 1);
	start_tracing();
	count_wrmsrs(none);

	/* Kernel exits cost what a trip with them costs more than one without. */
	run_guest(1, 0);
	count_wrmsrs(none);
	exits = vm_exits();
	run_guest(1, KERNEL_EXITS);
	exits = vm_exits() - exits;
	count_wrmsrs(many);
	if (exits < KERNEL_EXITS)
		errx(1, "KVM counts %ld exits, the guest made %d", exits,
		     KERNEL_EXITS);
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		msrs[i].kernel_wrmsrs = many[i] - none[i];
		kernel_wrmsrs += msrs[i].kernel_wrmsrs;
	}

	run_guest(USER_ROUND_TRIPS, 0);
	count_wrmsrs(many);
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		msrs[i].user_wrmsrs = many[i];
		user_wrmsrs += many[i];
		if (!msrs[i].remark && msrs[i].host != msrs[i].guest)
			differing++;
	}

	print_table(kernel_wrmsrs, user_wrmsrs, differing);
	/* For demo.sh. */
	printf("json \"kernel_exits\": %d,\n", KERNEL_EXITS);
	printf("json \"kernel_exit_wrmsrs\": %ld,\n", kernel_wrmsrs);
	printf("json \"user_round_trips\": %d,\n", USER_ROUND_TRIPS);
	printf("json \"user_round_trip_wrmsrs\": %ld,\n", user_wrmsrs);
	printf("json \"differing_msrs\": %d,\n", differing);
	return kernel_wrmsrs || user_wrmsrs > 2L * differing * USER_ROUND_TRIPS;
}
