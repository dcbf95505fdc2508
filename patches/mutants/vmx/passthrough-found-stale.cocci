// SPDX-License-Identifier: GPL-2.0-only
// KVM looks at a value that the guest may have written since.
@@
@@
 vmx_find_shared_msr(...)
 {
 <...
-if (vmx->shared_msrs.set.passthrough & BIT(slot))
-	vmx_passthrough_read_back(vmx);
 ...>
 }
