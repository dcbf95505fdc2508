// SPDX-License-Identifier: GPL-2.0-only
// KVM changes a value while it is passed through.
@@
@@
 vmx_set_guest_shared_msr(...)
 {
 <...
-if (vmx->shared_msrs.set.passthrough & BIT(slot))
-	vmx_passthrough_end(vmx);
 ...>
 }
