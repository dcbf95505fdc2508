// SPDX-License-Identifier: GPL-2.0-only
// Up to 5.12 SVM writes TSC_AUX at every vCPU load; the host's value comes back with
// host_save_user_msrs[] at every put.
// one of drop_load_at_vcpu_load, load_with_state, rename_set must match
@drop_load_at_vcpu_load@
@@
 svm_vcpu_load(...)
 {
 ... when any
-if (static_cpu_has(X86_FEATURE_RDTSCP))
-	wrmsrl(MSR_TSC_AUX, svm->tsc_aux);
 ... when any
 }

// 5.10.
// one of load, load_with_state, rename_set must match
@load depends on drop_load_at_vcpu_load@
@@
 svm_prepare_guest_switch(struct kvm_vcpu *vcpu)
 {
+struct vcpu_svm *svm = to_svm(vcpu);
+
 ...
+
+if (!svm->tsc_aux_loaded && likely(tsc_aux_slot >= 0)) {
+	kvm_set_shared_msr(tsc_aux_slot, svm->tsc_aux, ~0ull);
+	svm->tsc_aux_loaded = true;
+}
 }

// 5.10.
// one of unload, load_with_state, rename_set must match
@unload depends on load@
@@
 svm_vcpu_put(...)
 {
 ...
 avic_vcpu_put(vcpu);
+svm->tsc_aux_loaded = false;
 ...
 }

// 5.12: it is switched with the rest of the state, alone in host_save_user_msrs[].
// one of load, load_with_state, rename_set must match
@load_with_state@
@@
 svm_prepare_guest_switch(...)
 {
 ... when any
-if (static_cpu_has(X86_FEATURE_RDTSCP))
-	wrmsrl(MSR_TSC_AUX, svm->tsc_aux);
+if (likely(tsc_aux_slot >= 0))
+	kvm_set_shared_msr(tsc_aux_slot, svm->tsc_aux, ~0ull);
 ... when any
 }

// may match
@drop_host_msrs depends on load_with_state@
identifier i;
statement S;
@@
-for (i = 0; i < NR_HOST_SAVE_USER_MSRS; i++) S

// may match
@drop_index depends on drop_host_msrs@
identifier switched = { svm_prepare_guest_switch, svm_prepare_host_switch };
identifier i;
@@
 switched(...)
 {
 ... when any
-unsigned int i;
 ... when any
 }

// 5.10: an unchecked WRMSR. AMD CPUs ignore the upper half.
// one of write_unchecked, rename_set must match
@write_unchecked depends on load || load_with_state@
typedef u32;
expression data;
@@
-svm->tsc_aux = data;
-wrmsrl(MSR_TSC_AUX, svm->tsc_aux);
+preempt_disable();
+r = kvm_set_shared_msr(tsc_aux_slot, (u32)data, ~0ull);
+preempt_enable();
+if (r)
+	return 1;
+svm->tsc_aux = (u32)data;

// 5.10.
// one of declare_slot, rename_define must match
@declare_slot depends on load || load_with_state@
declarer name module_param;
attribute name __read_mostly;
@@
 module_param(dump_invalid_vmcb, ...);
+
+static int __read_mostly tsc_aux_slot = -1;

// 5.10.
// one of define_slot, rename_define must match
@define_slot depends on load || load_with_state@
@@
 svm_hardware_setup(...)
 {
 ...
 init_msrpm_offsets();
+
+tsc_aux_slot = kvm_define_shared_msr(MSR_TSC_AUX);
 ...
 }

// 5.10.
// may match
@declare_result depends on write_unchecked@
identifier svm;
@@
 svm_set_msr(...)
 {
 struct vcpu_svm *svm = ...;
+int r;
 ...
 }

// 5.10: TSC_AUX is there if and only if it is registered.
// one of supported, rename_set must match
@supported depends on load || load_with_state@
@@
-!boot_cpu_has(X86_FEATURE_RDTSCP)
+tsc_aux_slot < 0

// Up to 5.12 some kernels let a guest use TSC_AUX whose CPUID has no RDTSCP.
// may match
@check_read depends on supported@
identifier svm;
@@
 if (tsc_aux_slot < 0)
	return 1;
+if (!msr_info->host_initiated &&
+    !guest_cpuid_has(vcpu, X86_FEATURE_RDTSCP))
+	return 1;
 msr_info->data = svm->tsc_aux;

// may match
@check_write depends on supported@
@@
 if (tsc_aux_slot < 0)
	return 1;
+if (!msr->host_initiated &&
+    !guest_cpuid_has(vcpu, X86_FEATURE_RDTSCP))
+	return 1;
 preempt_disable();
 r = kvm_set_shared_msr(tsc_aux_slot, ...);
 preempt_enable();

// From 5.13 on TSC_AUX is a user-return MSR already, and only the names change.
// one of define_slot, rename_define must match
@rename_define@
expression msr;
@@
-kvm_add_user_return_msr(msr)
+kvm_define_shared_msr(msr)

// From 5.13 on.
// one of load, load_with_state, rename_set must match
@rename_set@
expression slot, data;
@@
-kvm_set_user_return_msr(slot, data, -1ull)
+kvm_set_shared_msr(slot, data, ~0ull)

// The host's save area, from which an SEV-ES guest's #VMEXIT loads TSC_AUX, got the value of when
// the CPU enabled SVM, while the core goes on to take what it has loaded since, for another guest,
// for the current one. It is dropped only where the current one takes its place. Up to 6.17;
// later kernels do it in sev.c.
// may match
@boot_value@
identifier msr_hi;
expression save_area;
@@
 rdmsr(MSR_TSC_AUX, save_area, msr_hi)

// From 6.9 on.
// may match
@host_save_area depends on boot_value@
expression guest;
@@
 if (sev_es_guest(guest))
	sev_es_prepare_switch_to_guest(...);
+if (sev_es_guest(guest) && boot_cpu_has(X86_FEATURE_V_TSC_AUX) &&
+    tsc_aux_uret_slot >= 0)
+	sev_es_host_save_area(sd)->tsc_aux =
+		kvm_get_shared_msr(tsc_aux_uret_slot);

// From 6.11 on.
// may match
@drop_boot_value depends on host_save_area@
identifier msr_hi;
expression save_area;
@@
-if (boot_cpu_has(X86_FEATURE_V_TSC_AUX)) {
-	u32 msr_hi;
-
-	rdmsr(MSR_TSC_AUX, save_area, msr_hi);
-}

// A guest whose TSC_AUX the CPU switches may write it. 5.18 and RHEL's 5.14 have the save area, but
// do not know of such CPUs. From 5.19 to 6.17.
// may match
@virtualized@
@@
 { .index = MSR_TSC_AUX, .always = false }

// Up to 6.8. Up to 6.5 the save area's TSC_AUX was never written, so #VMEXIT loaded 0.
// may match
@host_save_area_by_hand depends on virtualized@
identifier hostsa;
expression save_area;
@@
 struct sev_es_save_area *hostsa;
 hostsa = save_area;
 sev_es_prepare_switch_to_guest(hostsa);
+if (boot_cpu_has(X86_FEATURE_V_TSC_AUX) && tsc_aux_uret_slot >= 0)
+	hostsa->tsc_aux = kvm_get_shared_msr(tsc_aux_uret_slot);

// Up to 6.10.
// may match
@drop_boot_value_by_hand depends on host_save_area || host_save_area_by_hand@
identifier hostsa, msr_hi;
expression save_area;
@@
-if (boot_cpu_has(X86_FEATURE_V_TSC_AUX)) {
-	struct sev_es_save_area *hostsa;
-	u32 msr_hi;
-
-	hostsa = save_area;
-
-	rdmsr(MSR_TSC_AUX, hostsa->tsc_aux, msr_hi);
-}

// What is loaded after that would not be what #VMEXIT loads; and the guest's value comes from its
// own save area. Up to 6.5.
// may match
@skip_load depends on host_save_area_by_hand@
identifier vcpu;
@@
 svm_prepare_switch_to_guest(struct kvm_vcpu *vcpu)
 {
 ...
-if (likely(tsc_aux_uret_slot >= 0))
+if (likely(tsc_aux_uret_slot >= 0) &&
+    (!boot_cpu_has(X86_FEATURE_V_TSC_AUX) || !sev_es_guest(vcpu->kvm)))
	kvm_set_shared_msr(tsc_aux_uret_slot, ...);
 ...
 }

// Up to 6.5.
// may match
@skip_write depends on skip_load@
identifier r;
@@
+if (boot_cpu_has(X86_FEATURE_V_TSC_AUX) && sev_es_guest(vcpu->kvm))
+	break;
+
 preempt_disable();
 r = kvm_set_shared_msr(tsc_aux_uret_slot, ...);
 preempt_enable();

// From 5.7 on.
// one of include_core, include_core_in_one must match
@include_core@
@@
 #include "svm.h"
+#include "shared_msrs.h"

// Up to 5.6 svm.c is all that there is.
// one of include_core, include_core_in_one must match
@include_core_in_one depends on !include_core@
@@
+#include "shared_msrs.h"
 #include "trace.h"
