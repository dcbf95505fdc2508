// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shared MSRs save: runs a 64-bit guest whose values differ from the
 * host's, and counts the kernel's WRMSRs with its own trace event.
 *
 * The guest executes CPUID, which the kernel handles by itself (kernel exits),
 * or OUT, which ends KVM_RUN (user round trips). In between it uses the MSRs by
 * SYSCALL and RDTSCP, or does not.
 */
#include <cpuid.h>
#include <inttypes.h>
#include <stdbool.h>

#include "../guest/guest_vm.h"

#define STRING_OF(a) #a
#define STRING(a) STRING_OF(a)

#define KERNEL_EXITS	10000
#define USER_ROUND_TRIPS 1000

#define MSR_ARCH_CAPABILITIES 0x10a
#define CPUID_7_EDX_ARCH_CAPABILITIES (1 << 29)
#define ARCH_CAPABILITIES_TSX_CTRL (1 << 7)

/* Where SYSCALL lands in the guest. */
#define LANDING		0x100

/*
 * With R10: RDTSCP and SYSCALL, which use the MSRs. Then R8 CPUIDs, one OUT, and
 * again. KVM_SET_REGS sets R9 and R10, which survive the trip to user mode.
 * SYSCALL is as good in the guest's kernel as in user mode.
 */
asm(".pushsection .rodata\n"
    "guest_code:\n"
    "	mov	%r9, %r8\n"
    "	test	%r10, %r10\n"
    "	jz	1f\n"
    "	rdtscp\n"
    "	syscall\n"
    "1:	test	%r8, %r8\n"
    "	jz	2f\n"
    "	cpuid\n"
    "	dec	%r8\n"
    "	jmp	1b\n"
    "2:	out	%al, $0x10\n"
    "	jmp	guest_code\n"
    "	.org	guest_code + " STRING(LANDING) "\n"
    "	jmp	*%rcx\n"
    "guest_code_end:\n"
    ".popsection\n");

extern const uint8_t guest_code[], guest_code_end[];

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
	{ "STAR", MSR_STAR, 0x0058005000000000 },
	{ "LSTAR", MSR_LSTAR, CODE + LANDING },
	{ "CSTAR", MSR_CSTAR, 0xffffffffdead1000,
	  "has no effect on Intel CPUs" },
	{ "SYSCALL_MASK", MSR_SYSCALL_MASK, 0x8d5 },
	{ "EFER", MSR_EFER, EFER_SCE_LME_LMA, "switched by the VMCS" },
	{ "TSC_AUX", MSR_TSC_AUX, 0x1234 },
	{ "TSX_CTRL", MSR_TSX_CTRL, 0x1 },
};

static struct vcpu vcpu;

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
	int fd = open_host_msrs();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		if (pread(fd, &msrs[i].host, 8, msrs[i].index) == 8 &&
		    (msrs[i].index != MSR_TSX_CTRL || has_tsx_ctrl(fd)))
			continue;
		msrs[i].absent = true;
		msrs[i].remark = "this CPU does not have it";
	}
	close(fd);
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

static void create_guest(void)
{
	struct vm vm;
	size_t i;

	create_vm(&vm, guest_code, guest_code_end - guest_code);
	create_vcpu(&vm, &vcpu, 0);
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		if (!msrs[i].absent && msrs[i].index != MSR_EFER)
			set_guest_msr(&vcpu, msrs[i].index, msrs[i].guest);
	}
}

/* Each trip to user mode comes after @cpuids kernel exits, and maybe @use of the MSRs. */
static void run_guest(long trips, long cpuids, bool use)
{
	struct kvm_regs regs = { .rip = CODE, .r9 = cpuids, .r10 = use };

	set_guest_regs(&vcpu, &regs);
	while (trips--) {
		if (ioctl(vcpu.fd, KVM_RUN, 0))
			err(1, "KVM_RUN");
		if (vcpu.run->exit_reason != KVM_EXIT_IO)
			errx(1, "the guest ended with exit reason %u",
			     vcpu.run->exit_reason);
	}
}

static void print_table(long kernel_wrmsrs, long user_wrmsrs, long unused_wrmsrs,
			int differing)
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
	printf("If the guest used none of them in between, it cost %.2f.\n",
	       (double)unused_wrmsrs / USER_ROUND_TRIPS);
}

int main(void)
{
	long none[ARRAY_SIZE(msrs)], many[ARRAY_SIZE(msrs)];
	long kernel_wrmsrs = 0, user_wrmsrs = 0, unused_wrmsrs = 0, exits;
	int differing = 0;
	size_t i;

	keep_other_tasks_off(1);
	read_host_values();
	create_guest();
	run_guest(1, 1, false);
	set_up_tracing();
	write_file(TRACING "events/msr/write_msr/enable", "1");
	count_wrmsrs(none);

	run_guest(USER_ROUND_TRIPS, 0, false);
	count_wrmsrs(many);
	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		unused_wrmsrs += many[i];

	/* Kernel exits cost what a trip with them costs more than one without. */
	run_guest(1, 0, true);
	count_wrmsrs(none);
	exits = vm_exits();
	run_guest(1, KERNEL_EXITS, true);
	exits = vm_exits() - exits;
	count_wrmsrs(many);
	if (exits < KERNEL_EXITS)
		errx(1, "KVM counts %ld exits, the guest made %d", exits,
		     KERNEL_EXITS);
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		msrs[i].kernel_wrmsrs = many[i] - none[i];
		kernel_wrmsrs += msrs[i].kernel_wrmsrs;
	}

	run_guest(USER_ROUND_TRIPS, 0, true);
	count_wrmsrs(many);
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		msrs[i].user_wrmsrs = many[i];
		user_wrmsrs += many[i];
		if (!msrs[i].remark && msrs[i].host != msrs[i].guest)
			differing++;
	}

	print_table(kernel_wrmsrs, user_wrmsrs, unused_wrmsrs, differing);
	/* For demo.sh. */
	printf("json \"kernel_exits\": %d,\n", KERNEL_EXITS);
	printf("json \"kernel_exit_wrmsrs\": %ld,\n", kernel_wrmsrs);
	printf("json \"user_round_trips\": %d,\n", USER_ROUND_TRIPS);
	printf("json \"user_round_trip_wrmsrs\": %ld,\n", user_wrmsrs);
	printf("json \"unused_user_round_trip_wrmsrs\": %ld,\n", unused_wrmsrs);
	printf("json \"differing_msrs\": %d,\n", differing);
	return kernel_wrmsrs || user_wrmsrs > 2L * differing * USER_ROUND_TRIPS ||
	       unused_wrmsrs > user_wrmsrs;
}
