/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What demo.c and bench.c share: a small 64-bit guest by KVM's ioctls, the
 * host's values of the shared MSRs, and the trace event that shows WRMSRs.
 */
#ifndef TOOLS_LAB_GUEST_VM_H
#define TOOLS_LAB_GUEST_VM_H

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kvm.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* measure.sh has a folder of its own for this. */
#ifndef TRACING
#define TRACING "/sys/kernel/tracing/"
#endif
#define CPU 0

/* The guest's memory, mapped where it is: page tables, and code behind them. */
#define MEMORY_SIZE	0x10000
#define PML4		0x1000
#define PDPT		0x2000
#define PAGE_DIRECTORY	0x3000
#define CODE		0x4000

#define PAGE_PRESENT_WRITABLE 0x3
#define PAGE_HUGE	0x80

#define CODE_SELECTOR	0x10
#define DATA_SELECTOR	0x18

#define CR0_PE_PG	0x80000001
#define CR4_PAE		0x20
#define EFER_SCE_LME_LMA 0x501

#define MSR_TSX_CTRL	0x122
#define MSR_EFER	0xc0000080
#define MSR_STAR	0xc0000081
#define MSR_LSTAR	0xc0000082
#define MSR_CSTAR	0xc0000083
#define MSR_SYSCALL_MASK 0xc0000084
#define MSR_TSC_AUX	0xc0000103

struct vm {
	int kvm;
	int fd;
	uint8_t *memory;
};

struct vcpu {
	int fd;
	struct kvm_run *run;
	size_t run_size;
};

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "cannot write '%s' to %s", text, path);
	close(fd);
}

/* A task that comes between would add user round trips of its own. */
static void keep_other_tasks_off(int priority)
{
	const struct sched_param param = { .sched_priority = priority };
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(CPU, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) ||
	    sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "cannot keep other tasks off CPU %d", CPU);
}

static int open_host_msrs(void)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", CPU);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "cannot open %s", path);
	return fd;
}

/* Trace the WRMSRs of the shared MSRs. Tracing stays off. */
static void set_up_tracing(void)
{
	static const uint32_t msrs[] = {
		MSR_TSX_CTRL, MSR_EFER, MSR_STAR, MSR_LSTAR, MSR_CSTAR,
		MSR_SYSCALL_MASK, MSR_TSC_AUX,
	};
	char filter[256] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		sprintf(filter + strlen(filter), "%smsr == 0x%x",
			i ? " || " : "", msrs[i]);

	write_file(TRACING "buffer_size_kb", "4096");
	write_file(TRACING "events/msr/write_msr/filter", filter);
}

static void create_vm(struct vm *vm, const void *code, size_t code_size)
{
	struct kvm_userspace_memory_region region = {
		.memory_size = MEMORY_SIZE,
	};

	vm->kvm = open("/dev/kvm", O_RDWR);
	if (vm->kvm < 0)
		err(1, "cannot open /dev/kvm: is kvm_intel loaded?");
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	if (vm->fd < 0)
		err(1, "KVM_CREATE_VM");

	vm->memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (vm->memory == MAP_FAILED)
		err(1, "no memory for the guest");
	*(uint64_t *)(vm->memory + PML4) = PDPT | PAGE_PRESENT_WRITABLE;
	*(uint64_t *)(vm->memory + PDPT) =
		PAGE_DIRECTORY | PAGE_PRESENT_WRITABLE;
	*(uint64_t *)(vm->memory + PAGE_DIRECTORY) =
		PAGE_PRESENT_WRITABLE | PAGE_HUGE;
	memcpy(vm->memory + CODE, code, code_size);
	region.userspace_addr = (uintptr_t)vm->memory;
	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region))
		err(1, "KVM_SET_USER_MEMORY_REGION");
}

static void set_up_cpuid(const struct vm *vm, const struct vcpu *vcpu)
{
	struct kvm_cpuid2 *cpuid;
	const int nent = 256;

	cpuid = calloc(1, sizeof(*cpuid) + nent * sizeof(cpuid->entries[0]));
	if (!cpuid)
		err(1, "no memory");
	cpuid->nent = nent;
	if (ioctl(vm->kvm, KVM_GET_SUPPORTED_CPUID, cpuid) ||
	    ioctl(vcpu->fd, KVM_SET_CPUID2, cpuid))
		err(1, "cannot set the guest's CPUID");
	free(cpuid);
}

static void set_up_long_mode(const struct vcpu *vcpu)
{
	struct kvm_segment code = {
		.selector = CODE_SELECTOR, .type = 0xb, .present = 1, .s = 1,
		.l = 1, .g = 1, .limit = 0xffffffff,
	};
	struct kvm_segment data = {
		.selector = DATA_SELECTOR, .type = 0x3, .present = 1, .s = 1,
		.db = 1, .g = 1, .limit = 0xffffffff,
	};
	struct kvm_sregs sregs;

	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs))
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
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs))
		err(1, "KVM_SET_SREGS");
}

static void create_vcpu(const struct vm *vm, struct vcpu *vcpu, int id)
{
	int size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, id);
	if (vcpu->fd < 0 || size < 0)
		err(1, "KVM_CREATE_VCPU");
	vcpu->run_size = size;
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		err(1, "cannot map struct kvm_run");

	set_up_cpuid(vm, vcpu);
	set_up_long_mode(vcpu);
}

static void set_guest_msr(const struct vcpu *vcpu, uint32_t index,
			  uint64_t value)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entry;
	} msr = {
		.header.nmsrs = 1,
		.entry = { .index = index, .data = value },
	};

	if (ioctl(vcpu->fd, KVM_SET_MSRS, &msr) != 1)
		err(1, "cannot set the guest's MSR 0x%x", index);
}

static void set_guest_regs(const struct vcpu *vcpu, struct kvm_regs *regs)
{
	regs->rflags = 2;
	if (ioctl(vcpu->fd, KVM_SET_REGS, regs))
		err(1, "KVM_SET_REGS");
}

#endif /* TOOLS_LAB_GUEST_VM_H */
