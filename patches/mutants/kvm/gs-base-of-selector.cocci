// SPDX-License-Identifier: GPL-2.0-only
// The host keeps the base that comes with its selector.
@@
expression vmx, selector;
@@
 load_gs_index(selector);
-wrmsrl(MSR_KERNEL_GS_BASE, vmx->msr_host_kernel_gs_base);
