// SPDX-License-Identifier: GPL-2.0-only
// The guest's values are loaded right before VM-entry, the host's right after VM-exit.
@@
@@
-if (!vmx->shared_msrs.loaded) { ... }

@@
expression list args;
@@
+kvm_load_shared_msrs(vmx->shared_msrs.msrs, vmx->shared_msrs.active,
+		     vmx->shared_msrs.generation);
 vmx_vcpu_enter_exit(args);
+kvm_restore_host_msrs();

// A value is tried in hardware when it is set.
@@
expression ret, slot, data, mask;
@@
 ret = kvm_set_shared_msr(slot, data, mask);
+kvm_restore_host_msrs();
