// SPDX-License-Identifier: GPL-2.0-only
// What the guest has made of KERNEL_GS_BASE is lost.
@@
expression vmx, host;
@@
-vmx->msr_guest_kernel_gs_base = vmx_load_host_kernel_gs_base(host);
+vmx_load_host_kernel_gs_base(host);
