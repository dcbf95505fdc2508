// SPDX-License-Identifier: GPL-2.0-only
// KERNEL_GS_BASE is left to a guest that is not in long mode when it is switched out.
@@
expression vmx;
@@
-vmx->msr_guest_kernel_gs_base =
-	vmx_load_host_kernel_gs_base(vmx->msr_host_kernel_gs_base);
+if (is_long_mode(&vmx->vcpu))
+	vmx->msr_guest_kernel_gs_base =
+		vmx_load_host_kernel_gs_base(vmx->msr_host_kernel_gs_base);
