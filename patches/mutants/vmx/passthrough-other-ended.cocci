// SPDX-License-Identifier: GPL-2.0-only
// Both groups are intercepted when the guest cannot use one of them any longer.
@@
@@
-vmx_passthrough_keep(vmx, active);
+vmx_passthrough_keep(vmx, 0);
