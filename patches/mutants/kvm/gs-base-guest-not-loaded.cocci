// SPDX-License-Identifier: GPL-2.0-only
// KERNEL_GS_BASE is the host's in the guest.
@@
expression guest;
@@
-vmx_exchange_kernel_gs_base(guest);
+;
