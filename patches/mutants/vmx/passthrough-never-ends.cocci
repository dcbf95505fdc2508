// SPDX-License-Identifier: GPL-2.0-only
// A guest that writes no more keeps its groups.
@@
statement S1, S2;
@@
 vmx_passthrough_switch_out(...)
 {
-if (kvm_read_back_shared_msrs(...)) S1 else S2
+kvm_read_back_shared_msrs(&vmx->shared_msrs.set);
 }
