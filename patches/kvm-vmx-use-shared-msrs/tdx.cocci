// SPDX-License-Identifier: GPL-2.0-only
// What the TDX module leaves in the shared MSRs is loaded before it runs, so that the core knows
// it. 7.3.
// may match
@slot_type@
@@
 struct tdx_uret_msr {
 ...
-unsigned int slot;
+int slot;
 ...
 };

// 7.3.
// may match
@find@
expression found, msr;
@@
-found = kvm_find_user_return_msr(msr);
+found = kvm_find_shared_msr(msr);
 if (
-    found == -1
+    found < 0
    ) { ... }

// 7.3.
// may match
@load@
expression number, data;
@@
-kvm_set_user_return_msr(number, data, -1ull)
+kvm_set_shared_msr(number, data, ~0ull)

// Up to 6.18 the cache was told after the TDX module had run. A value that the module has not left
// there after all would go to user mode then; so load it before, as later kernels do.
// may match
@load_before@
expression number, data;
@@
-kvm_user_return_msr_update_cache(number, data)
+kvm_set_shared_msr(number, data, ~0ull)

// may match
@name_loader depends on load_before@
@@
-tdx_user_return_msr_update_cache(void)
+tdx_load_shared_msrs(void)
 { ... }

// may match
@call_before depends on load_before@
identifier vt;
@@
 tdx_prepare_switch_to_guest(...)
 {
 ...
 vt->guest_state_loaded = true;
+tdx_load_shared_msrs();
 }

// may match
@drop_call_after depends on load_before@
identifier tdx;
@@
 tdx_prepare_switch_to_host(...)
 {
 ...
-struct vcpu_tdx *tdx = ...;
 ...
-if (tdx->guest_entered) { ... }
 ...
 }

// may match
@drop_entered depends on load_before@
expression tdx;
@@
-tdx->guest_entered = true;
