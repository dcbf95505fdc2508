// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@include@
@@
+#include "kernel_gs_base.h"
 #include "kvm_cache_regs.h"

// Every kernel.
@setup@
@@
+vmx_setup_kernel_gs_base();
+
 if (boot_cpu_has(X86_FEATURE_NX))
	kvm_enable_efer_bits(EFER_NX);

// Every kernel.
@load_guest@
expression vmx;
@@
-wrmsrl(MSR_KERNEL_GS_BASE, vmx->msr_guest_kernel_gs_base);
+vmx_load_guest_kernel_gs_base(vmx->msr_guest_kernel_gs_base);

// The guest's value is read, and the host's written, at once. Below an #ifdef. Every kernel.
@load_host depends on load_guest exists@
expression vmx;
@@
 ++vmx->vcpu.stat.host_state_reload;
 ...
-rdmsrl(MSR_KERNEL_GS_BASE, vmx->msr_guest_kernel_gs_base);
+vmx->msr_guest_kernel_gs_base =
+	vmx_load_host_kernel_gs_base(vmx->msr_host_kernel_gs_base);

// Every kernel.
@drop_load_host depends on load_host@
expression vmx;
@@
-wrmsrl(MSR_KERNEL_GS_BASE, vmx->msr_host_kernel_gs_base);

// A selector brings a base of its own. Every kernel.
@load_host_after_selector depends on drop_load_host@
expression host_state;
@@
 load_gs_index(host_state->gs_sel);
+wrmsrl(MSR_KERNEL_GS_BASE, vmx->msr_host_kernel_gs_base);
