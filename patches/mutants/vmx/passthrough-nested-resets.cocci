// SPDX-License-Identifier: GPL-2.0-only
// A nested guest without EFER.SCE resets the count that earns pass-through.
@@
@@
-vmx_passthrough_keep(vmx, is_guest_mode(vcpu) ? ~0ul : active);
+vmx_passthrough_keep(vmx, active);
