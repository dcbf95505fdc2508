// SPDX-License-Identifier: GPL-2.0-only
// A nested guest without EFER.SCE ends what is passed through to its hypervisor.
@@
@@
-if (is_guest_mode(vcpu))
-	active |= vmx->shared_msrs.active;
