// SPDX-License-Identifier: GPL-2.0-only
// What the guest has written until now still counts as the VM's own. Every kernel.
@vmxon@
@@
 vmx->shared_msrs.set.owner = 0;
+vmx_passthrough_end(vmx);
