/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-ins for what the VMX part takes from the headers of the kernel and of
 * KVM. What hardware or the scheduler have to do with is vmcs.c's or vcpu_run.c's.
 */
#ifndef SHARED_MSRS_KVM_H
#define SHARED_MSRS_KVM_H

#include "kernel.h"
#include "vmx/demand_shared_msrs.h"
#include "vmx/passthrough_shared_msrs.h"
#include "vmx/shared_msrs.h"

#define likely(condition) (condition)
#define module_param(name, type, mode)

#define U64_MAX (~0ull)
#define S64_MAX ((s64)(U64_MAX >> 1))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof(*(array)))
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define min(a, b) ((a) < (b) ? (a) : (b))

/* All that the VMX part clamps is the predictor's patience. */
#define clamp_t(type, value, low, high) vcpu_patience(value, low, high)

/* Intel SDM volume 4, "Architectural MSRs": EFER, TSX_CTRL */
#define EFER_SCE BIT(0)
#define EFER_LMA BIT(10)
#define EFER_NX BIT(11)
#define TSX_CTRL_CPUID_CLEAR BIT(1)

/* Intel SDM volume 3, "Secondary Processor-Based VM-Execution Controls" */
#define SECONDARY_EXEC_ENABLE_RDTSCP BIT(3)

/* Of guests; RTM is in kernel.h. */
#define X86_FEATURE_RDTSCP 0x10
#define X86_FEATURE_RDPID 0x20

struct x86_exception {
	u8 vector;
};

struct kvm {
	struct {
		u64 shared_msr_owner;
		u32 user_space_msr_mask;
	} arch;
};

struct kvm_vcpu {
	struct kvm *kvm;
	int vcpu_id;
	struct {
		u64 efer;
		unsigned long cpuid;
	} arch;
	struct {
		u64 exits;
		u64 fpu_reload;
		u64 host_state_reload;
		u64 shared_msr_gated;
		u64 shared_msr_faults;
		u64 shared_msr_passthrough;
	} stat;
};

/**
 * struct loaded_vmcs - a VMCS
 * @guest_efer: what the CPU loads at VM-entry
 * @secondary: the secondary controls
 * @msr_bitmap: where the bitmap begins, for __assign_bit() only
 * @rdmsr_passes: bit mask of the slots of which it lets RDMSR pass
 * @wrmsr_passes: and WRMSR
 */
struct loaded_vmcs {
	u64 guest_efer;
	u32 secondary;
	void *msr_bitmap;
	u32 rdmsr_passes;
	u32 wrmsr_passes;
};

struct vcpu_vmx {
	struct kvm_vcpu vcpu;
	bool guest_state_loaded;
	struct loaded_vmcs *loaded_vmcs;
	struct loaded_vmcs vmcs01;
	struct loaded_vmcs vmcs02;
	/* The guest's EFER is in the list of MSRs that VM-entry and VM-exit load. */
	bool efer_listed;
	struct vmx_shared_msrs shared_msrs;
	struct vmx_demand demand;
	struct vmx_passthrough passthrough;
};

#define to_vmx(v) container_of(v, struct vcpu_vmx, vcpu)
#define is_long_mode(vcpu) ((vcpu)->arch.efer & EFER_LMA)
#define guest_cpuid_has(vcpu, feature) ((vcpu)->arch.cpuid & (feature))
#define is_guest_mode(v) (to_vmx(v)->loaded_vmcs != &to_vmx(v)->vmcs01)
#define kvm_get_linear_rip(vcpu) 0
#define kvm_rip_read(vcpu) 0

#define TP_PROTO(...) __VA_ARGS__
#define TP_ARGS(...)
#define TRACE_EVENT(name, proto, ...) static inline void trace_##name(proto) { }

/* Appendix B */
#define VM_EXIT_REASON 0x4402
/* Appendix C */
#define EXIT_REASON_MSR_WRITE 32

/* The CPU is no virtual one; see boot_cpu_has(). */
#define X86_FEATURE_HYPERVISOR 0

#define KVM_MSR_EXIT_REASON_INVAL 1

enum { KVM_MSR_FILTER_READ = 1, KVM_MSR_FILTER_WRITE = 2 };

void __assign_bit(unsigned int nr, void *bitmap, bool value);
bool kvm_msr_allowed(struct kvm_vcpu *vcpu, u32 index, u32 type);
bool cpu_has_vmx_msr_bitmap(void);
u32 vmcs_read32(unsigned long field);
u64 vcpu_patience(u64 value, u64 low, u64 high);
bool cpu_has_load_ia32_efer(void);
u32 secondary_exec_controls_get(struct vcpu_vmx *vmx);
void secondary_exec_controls_set(struct vcpu_vmx *vmx, u32 value);
int kvm_read_guest_virt(struct kvm_vcpu *vcpu, unsigned long address, void *to,
			unsigned int bytes, struct x86_exception *exception);

#endif /* SHARED_MSRS_KVM_H */
