// SPDX-License-Identifier: GPL-2.0-only
@found@
@@
-if (slot < 0)
-	return NULL;
-if (vmx->shared_msrs.set.passthrough & BIT(slot))
-	vmx_passthrough_read_back(vmx);
-return &vmx->shared_msrs.set.msrs[slot];
+return slot < 0 ? NULL : &vmx->shared_msrs.set.msrs[slot];

@changed@
@@
-if (vmx->shared_msrs.set.passthrough & BIT(slot))
-	vmx_passthrough_end(vmx);

@reconsidered@
@@
-vmx_passthrough_keep(...);
 vmx->shared_msrs.active = active;

@counted@
@@
-vmx_passthrough_count_write(...);
