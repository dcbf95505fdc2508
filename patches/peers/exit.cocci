// SPDX-License-Identifier: GPL-2.0-only
// The guest's values are loaded right before VM-entry, the host's right after VM-exit.
@@
statement S;
@@
-if (!kvm_shared_msrs_loaded(...)) S

@@
expression list args;
@@
+kvm_load_shared_msrs(&vmx->shared_msrs.set, vmx->shared_msrs.active);
 vmx_vcpu_enter_exit(args);
+kvm_restore_host_msrs();

// A value is tried in hardware when it is set.
@@
expression ret;
expression list args;
@@
 ret = kvm_set_shared_msr(args);
+kvm_restore_host_msrs();

@@
@@
-if (vmx->guest_state_loaded)
-	vmx_demand_load_shared_msrs(vmx);
