// SPDX-License-Identifier: GPL-2.0-only
// The guest may write MSRs that it can no longer use.
@@
@@
-vmx_passthrough_keep(vmx, is_guest_mode(vcpu) ? ~0ul : active);
 vmx->shared_msrs.active = active;
