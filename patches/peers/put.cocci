// SPDX-License-Identifier: GPL-2.0-only
// The host's values come back when the vCPU's thread lets go of it.
@@
@@
 vmx_vcpu_put(...)
 {
 ...
 vmx_prepare_switch_to_host(to_vmx(vcpu));
+kvm_restore_host_msrs();
 }
