// SPDX-License-Identifier: GPL-2.0-only
// The list is vmx_msr_index[] in vmx/shared_msrs.c. 5.10; later kernels have it in
// vmx_setup_user_return_msrs().
@drop_list@
@@
-static const u32 vmx_uret_msrs_list[] = { ... };

// Every kernel.
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

// Every kernel.
@load@
statement S;
@@
-if (!vmx->guest_uret_msrs_loaded) S
+if (!vmx->shared_msrs.loaded) {
+	vmx->shared_msrs.loaded = true;
+	if (!kvm_shared_msrs_loaded(vmx->shared_msrs.generation))
+		kvm_load_shared_msrs(vmx->shared_msrs.msrs,
+				     vmx->shared_msrs.active,
+				     vmx->shared_msrs.generation);
+}

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
+vmx->shared_msrs.loaded = false;
 ...
 }

// What is active is worked out in vmx/shared_msrs.c; the update of the MSR bitmap that follows
// stays. 5.10.
@setup_by_count@
@@
 setup_msrs(...)
 {
-vmx->guest_uret_msrs_loaded = false;
-...
+vmx_setup_shared_msrs(vmx, update_transition_efer(vmx));
+
 if (cpu_has_vmx_msr_bitmap())
 	vmx_update_msr_bitmap(&vmx->vcpu);
 }

// RDTSCP or RDPID may have come or gone with the CPUID. 5.10; later kernels do so already.
@setup_after_cpuid depends on setup_by_count@
@@
 vmx_vcpu_after_set_cpuid(...)
 {
 ...
 vcpu->arch.xsaves_enabled = false;
+
+setup_msrs(vmx);
 ...
 }

// From 5.14 on.
@setup_by_flag depends on !setup_by_count@
expression vmx;
@@
-vmx_setup_uret_msrs(vmx)
+vmx_setup_shared_msrs(vmx, update_transition_efer(vmx))

// 5.10: probes each MSR for each vCPU.
@init_by_probe@
identifier i;
@@
 vmx_create_vcpu(...)
 {
 ...
-int i;
 ...
-BUILD_BUG_ON(ARRAY_SIZE(vmx_uret_msrs_list) != MAX_NR_USER_RETURN_MSRS);
-
-for (i = 0; i < ARRAY_SIZE(vmx_uret_msrs_list); ++i) { ... }
+vmx_init_shared_msrs(vmx);
 ...
 }

// From 5.14 on.
@init_by_mask@
identifier i, tsx_ctrl;
@@
 vmx_vcpu_create(...)
 {
 ...
-struct vmx_uret_msr *tsx_ctrl;
 ...
-int i;
 ...
-for (i = 0; i < kvm_nr_uret_msrs; ++i)
-	vmx->guest_uret_msrs[i].mask = -1ull;
-if (boot_cpu_has(X86_FEATURE_RTM)) { ... }
+vmx_init_shared_msrs(vmx);
 ...
 }

// 5.10.
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

// Every kernel.
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

