// SPDX-License-Identifier: GPL-2.0-only
// A nested guest gets gates, too, whatever its hypervisor does about #UD.
@@
statement S;
@@
-if (vmx->loaded_vmcs != &vmx->vmcs01) S
