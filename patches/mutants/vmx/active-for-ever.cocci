// SPDX-License-Identifier: GPL-2.0-only
// What has been active once stays active.
@@
@@
-if (is_guest_mode(vcpu))
 	active |= vmx->shared_msrs.active;
