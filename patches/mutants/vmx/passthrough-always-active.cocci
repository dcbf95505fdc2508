// SPDX-License-Identifier: GPL-2.0-only
// What is passed through stays active, also when the hypervisor itself cannot use it.
@@
@@
-if (is_guest_mode(vcpu))
 	active |= vmx->shared_msrs.set.passthrough;
