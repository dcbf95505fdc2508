// SPDX-License-Identifier: GPL-2.0-only
// KERNEL_GS_BASE is still the guest's when the vCPU has been switched out.
@@
expression host;
@@
-return vmx_exchange_kernel_gs_base(host);
+{
+	rdmsrl(MSR_KERNEL_GS_BASE, guest);
+	return guest;
+}
