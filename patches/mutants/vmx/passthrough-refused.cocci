// SPDX-License-Identifier: GPL-2.0-only
// A group is passed through though the CPU refuses one of its values.
@@
statement S1, S2;
@@
 vmx_passthrough_begin(...)
 {
 <...
-if (kvm_shared_msrs_loaded(set)) S1 else S2
+S1
 ...>
 }
