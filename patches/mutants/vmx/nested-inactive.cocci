// SPDX-License-Identifier: GPL-2.0-only
// A nested guest without EFER.SCE makes its hypervisor's slots inactive.
@@
@@
-if (is_guest_mode(vcpu))
-	active |= vmx->shared_msrs.active;
