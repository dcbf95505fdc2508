// SPDX-License-Identifier: GPL-2.0-only
// 5.12, where nothing else is in there.
// may match
@drop_host_msrs@
@@
-static const u32 host_save_user_msrs[] = {
-	MSR_TSC_AUX,
-};

// may match
@drop_number depends on drop_host_msrs@
expression n;
@@
-#define NR_HOST_SAVE_USER_MSRS n

// may match
@drop_host_values depends on drop_host_msrs@
@@
 struct vcpu_svm {
 ...
-u64 host_user_msrs[...];
 ...
 };

// Later kernels have guest_state_loaded for it and no host_user_msrs. Up to 5.11.
// may match
@loaded depends on !drop_host_msrs@
@@
 struct vcpu_svm {
 ...
 uint64_t tsc_aux;
+bool tsc_aux_loaded;
 ...
 u64 host_user_msrs[...];
 ...
 };
