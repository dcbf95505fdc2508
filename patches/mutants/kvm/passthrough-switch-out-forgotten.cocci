// SPDX-License-Identifier: GPL-2.0-only
// What the guest has written is not read back when its vCPU is switched out.
@@
statement S;
@@
 vmx_prepare_switch_to_host(...)
 {
 <...
-if (vmx->shared_msrs.set.passthrough) S
 ...>
 }
