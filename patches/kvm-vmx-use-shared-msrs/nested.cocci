// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@find@
expression vmx, msr;
@@
-vmx_find_uret_msr(vmx, msr)
+vmx_find_shared_msr(vmx, msr)

// Every kernel.
@value_type@
@@
-struct vmx_uret_msr
+struct kvm_shared_msr
