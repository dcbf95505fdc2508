// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@include@
@@
 #include "irq.h"
+#include "kernel_gs_base.h"

// Every kernel.
@setup@
@@
 vmx_demand_define_groups();
+vmx_setup_kernel_gs_base();

// wrmsrl() up to 6.15.
@load_guest@
expression vmx;
identifier write = { wrmsrl, wrmsrq };
@@
-write(MSR_KERNEL_GS_BASE, vmx->msr_guest_kernel_gs_base);
+vmx_load_guest_kernel_gs_base(vmx->msr_guest_kernel_gs_base);

// The guest's value is read, and the host's written, at once. Below an #ifdef. Every kernel.
@load_host depends on load_guest exists@
expression vmx, host_base;
identifier read = { rdmsrl, rdmsrq }, write = { wrmsrl, wrmsrq };
@@
 ++vmx->vcpu.stat.host_state_reload;
 ...
-read(MSR_KERNEL_GS_BASE, vmx->msr_guest_kernel_gs_base);
+vmx->msr_guest_kernel_gs_base =
+	vmx_load_host_kernel_gs_base(host_base);
 ... when any
-write(MSR_KERNEL_GS_BASE, host_base);

// A selector brings a base of its own. Every kernel.
@load_host_after_selector@
expression host_state, load_host.host_base;
identifier load_host.write;
@@
 load_gs_index(host_state->gs_sel);
+write(MSR_KERNEL_GS_BASE, host_base);
