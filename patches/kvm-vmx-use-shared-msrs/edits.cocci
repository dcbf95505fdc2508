// SPDX-License-Identifier: GPL-2.0-only
// The list is vmx_msr_index[] in vmx/shared_msrs.c. Up to 5.13; later kernels have it in
// vmx_setup_user_return_msrs().
// may match
@drop_list@
@@
-static const u32 vmx_uret_msrs_list[] = { ... };

// Up to 5.9.
// may match
@drop_public_list depends on !drop_list@
@@
-const u32 vmx_uret_msrs_list[] = { ... };

// Every kernel.
// one of transition_efer, transition_efer_by_offset must match
@transition_efer@
identifier i, find = { __vmx_find_uret_msr, kvm_find_user_return_msr };
@@
 update_transition_efer(...)
 {
 ...
-int i;
+struct kvm_shared_msr *efer;
 ...
-i = find(...);
-if (i < 0)
+efer = vmx_find_shared_msr(vmx, MSR_EFER);
+if (!efer)
 	return false;
 ...
-vmx->guest_uret_msrs[i].data = guest_efer;
-vmx->guest_uret_msrs[i].mask = ~ignore_bits;
+efer->data = guest_efer;
+efer->mask = ~ignore_bits;
 ...
 }

// Up to 5.9 the caller finds it.
// one of transition_efer, transition_efer_by_offset must match
@transition_efer_by_offset@
identifier offset;
@@
 update_transition_efer(struct vcpu_vmx *vmx
-	, int offset
 )
 {
 u64 guest_efer = ...;
+struct kvm_shared_msr *efer = vmx_find_shared_msr(vmx, MSR_EFER);
 ...
+if (!efer)
+	return false;
+
 guest_efer &= ~ignore_bits;
 ...
-vmx->guest_uret_msrs[offset].data = guest_efer;
-vmx->guest_uret_msrs[offset].mask = ~ignore_bits;
+efer->data = guest_efer;
+efer->mask = ~ignore_bits;
 ...
 }

// The values are loaded with the rest of the guest's state. What changes them while that is
// loaded, loads them. Every kernel.
@load@
statement S;
@@
-if (!vmx->guest_uret_msrs_loaded) S

// In struct vcpu_vmx up to 6.14, in struct vcpu_vt from then on.
@load_with_guest_state depends on load@
identifier state;
@@
+if (!kvm_shared_msrs_loaded(&vmx->shared_msrs.set))
+	kvm_load_shared_msrs(&vmx->shared_msrs.set,
+			     vmx->shared_msrs.active);
 state->guest_state_loaded = true;

// Every kernel.
@drop_load_index depends on load@
identifier i;
@@
 vmx_prepare_switch_to_guest(...)
 {
 ... when any
-int i;
 ... when any
 }

// Every kernel.
@unload@
@@
 vmx_prepare_switch_to_host(...)
 {
 ...
-vmx->guest_uret_msrs_loaded = false;
 ...
 }

// vmx/shared_msrs.c works out what is active. The update of the MSR bitmap stays. Up to 5.14.
// one of setup_by_count, setup_by_flag must match
@setup_by_count@
@@
 setup_msrs(...)
 {
-...
+vmx_setup_shared_msrs(vmx, update_transition_efer(vmx));
+
 if (cpu_has_vmx_msr_bitmap())
	vmx_update_msr_bitmap(&vmx->vcpu);
-...
 }

// RDTSCP or RDPID may have come or gone with the CPUID. From 5.15 on.
// one of setup_is_after_cpuid, setup_after_cpuid must match
@setup_is_after_cpuid exists@
identifier setup = { setup_msrs, vmx_setup_uret_msrs };
@@
 vmx_vcpu_after_set_cpuid(...)
 {
 ...
 setup(...);
 ...
 }

// Up to 5.14 this function lacks it; up to 5.8 it has another name.
// one of setup_is_after_cpuid, setup_after_cpuid must match
@setup_after_cpuid depends on setup_by_count && !setup_is_after_cpuid@
identifier after_set_cpuid = { vmx_cpuid_update, vmx_vcpu_after_set_cpuid };
@@
 after_set_cpuid(...)
 {
 ...
+setup_msrs(vmx);
+
 if (cpu_has_secondary_exec_ctrls()) { ... }
 ...
 }

// From 5.15 on.
// one of setup_by_count, setup_by_flag must match
@setup_by_flag depends on !setup_by_count@
expression vmx;
@@
-vmx_setup_uret_msrs(vmx)
+vmx_setup_shared_msrs(vmx, update_transition_efer(vmx))

// From 5.5 on: probes each MSR for each vCPU. 5.5 declares another int before i.
// one of init_by_probe, init_at_setup, init_by_mask must match
@init_by_probe@
identifier i;
@@
 vmx_create_vcpu(...)
 {
 ... when any
-int i;
 ...
-BUILD_BUG_ON(ARRAY_SIZE(vmx_uret_msrs_list) != MAX_NR_USER_RETURN_MSRS);
-
-for (i = 0; i < ARRAY_SIZE(vmx_uret_msrs_list); ++i) { ... }
+vmx_init_shared_msrs(vmx);
 ...
 }

// Up to 5.4: the same where the VMCS is filled in.
// one of init_by_probe, init_at_setup, init_by_mask must match
@init_at_setup depends on !init_by_probe@
identifier i, index;
@@
-for (i = 0; i < ARRAY_SIZE(vmx_uret_msrs_list); ++i) {
-	u32 index = ...;
-	...
-}
+vmx_init_shared_msrs(vmx);

// may match
@drop_setup_index depends on init_at_setup@
identifier i;
@@
 vmx_vcpu_setup(...)
 {
-int i;
 ... when any
 }

// Up to 5.4 a vCPU's values are allocated apart.
// may match
@drop_allocation@
statement S;
@@
-vmx->guest_uret_msrs = kmalloc(...);
-BUILD_BUG_ON(...);
-if (!vmx->guest_uret_msrs) S

// Before the label goes: a jump to nowhere breaks the function's control flow for Coccinelle.
// may match
@unwind depends on drop_allocation@
identifier label =~ "^free_msrs$";
@@
-goto label;
+goto free_pml;

// may match
@drop_unwind depends on unwind@
identifier label =~ "^free_msrs$";
@@
-label:
-kfree(vmx->guest_uret_msrs);

// may match
@drop_free depends on drop_allocation@
@@
-kfree(vmx->guest_uret_msrs);

// From 5.14 on.
// one of init_by_probe, init_at_setup, init_by_mask must match
@init_by_mask@
identifier create = { vmx_create_vcpu, vmx_vcpu_create };
identifier i, tsx_ctrl;
statement S;
@@
 create(...)
 {
 ...
-struct vmx_uret_msr *tsx_ctrl;
 ...
-int i;
 ...
-for (i = 0; i < kvm_nr_uret_msrs; ++i) S
-if (boot_cpu_has(X86_FEATURE_RTM)) { ... }
+vmx_init_shared_msrs(vmx);
 ...
 }

// 5.10.
// one of define_by_slot, define_by_add must match
@define_by_slot@
identifier i;
@@
 hardware_setup(...)
 {
 ...
-int i;
 ...
-for (i = 0; i < ARRAY_SIZE(vmx_uret_msrs_list); ++i)
-	kvm_define_user_return_msr(i, vmx_uret_msrs_list[i]);
+vmx_define_shared_msrs();
 ...
 }

// From 5.14 on.
// one of define_by_slot, define_by_add must match
@define_by_add@
@@
-vmx_setup_user_return_msrs();
+vmx_define_shared_msrs();

// Every kernel.
@drop_functions@
type T;
identifier f = { __vmx_find_uret_msr, vmx_find_uret_msr, vmx_set_guest_uret_msr,
		 vmx_setup_uret_msr, vmx_setup_uret_msrs, vmx_setup_user_return_msrs };
parameter list params;
@@
-T f(params) { ... }

// Up to 5.5.
// one of set, set_by_hand must match
@set_by_hand@
identifier msr, old;
expression value;
@@
 if (msr) {
-	u64 old = msr->data;
-	msr->data = value;
-	if (...) { ... }
+	ret = vmx_set_guest_shared_msr(vmx, msr, value);
	break;
 }

// From 5.5 on.
// may match
@tsx_ctrl@
identifier msr;
@@
-struct vmx_uret_msr *msr;
-msr = vmx_find_uret_msr(vmx, MSR_IA32_TSX_CTRL);
+struct kvm_shared_msr *msr =
+	vmx_find_shared_msr(vmx, MSR_IA32_TSX_CTRL);
+
 if (msr) { ... }

// Every kernel.
@find@
expression vmx, msr;
@@
-vmx_find_uret_msr(vmx, msr)
+vmx_find_shared_msr(vmx, msr)

// Every kernel.
// one of set, set_by_hand must match
@set@
expression vmx, msr, data;
@@
-vmx_set_guest_uret_msr(vmx, msr, data)
+vmx_set_guest_shared_msr(vmx, msr, data)

// Every kernel.
@value_type@
@@
-struct vmx_uret_msr
+struct kvm_shared_msr

