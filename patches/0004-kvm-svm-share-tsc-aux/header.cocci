// SPDX-License-Identifier: GPL-2.0-only
// Later kernels have guest_state_loaded for it and no host_user_msrs. 5.10.
@loaded@
@@
 struct vcpu_svm {
 ...
 uint64_t tsc_aux;
+bool tsc_aux_loaded;
 ...
 u64 host_user_msrs[...];
 ...
 };
