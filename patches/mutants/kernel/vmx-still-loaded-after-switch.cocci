// SPDX-License-Identifier: GPL-2.0-only
// The vCPU's values are taken for loaded, although something else has run since.
@@
@@
 vmx_prepare_switch_to_host(...)
 {
 ...
-vmx->shared_msrs.loaded = false;
 ...
 }
