// SPDX-License-Identifier: GPL-2.0-only
// Nothing is passed through, and nobody asks whether it is.
@@
identifier core, loaded, passed;
@@
-core->dirty |= loaded | passed;
+core->dirty |= loaded;

@@
identifier vcpu_vmx;
@@
-if (vcpu_vmx->shared_msrs.set.passthrough)
-	vmx_passthrough_switch_out(vcpu_vmx);
