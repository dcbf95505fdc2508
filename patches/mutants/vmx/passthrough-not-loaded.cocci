// SPDX-License-Identifier: GPL-2.0-only
// The slots do not become dirty when they are passed through.
@@
statement S1, S2;
@@
 vmx_passthrough_begin(...)
 {
 <...
-kvm_load_shared_msrs(set, vmx->shared_msrs.active);
-if (kvm_shared_msrs_loaded(set)) S1 else S2
 ...>
 }
