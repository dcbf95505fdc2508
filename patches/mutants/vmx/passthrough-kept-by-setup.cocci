// SPDX-License-Identifier: GPL-2.0-only
// The guest may write MSRs that it can no longer use.
@@
@@
-vmx_passthrough_keep(vmx, active);
 vmx->shared_msrs.active = active;
