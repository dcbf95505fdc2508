// SPDX-License-Identifier: GPL-2.0-only
// Up to 6.12.
@include_values@
@@
 #include "run_flags.h"
+#include "shared_msrs.h"

// 7.3.
@include_values_after_common depends on !include_values@
@@
 #include "common.h"
+#include "shared_msrs.h"

// A declaration of the array that no longer has a definition. 5.10.
@drop_stale_declaration@
identifier vmx_msr_index;
@@
-extern const u32 vmx_msr_index[];

// The type and its helpers are in shared_msrs.h. Every kernel.
@drop_value_type@
@@
-struct vmx_uret_msr { ... };

// Every kernel.
@drop_find@
identifier f =~ "^vmx_find_uret_msr$";
type T;
parameter list params;
@@
-T f(params);

// Every kernel.
@drop_values@
@@
 struct vcpu_vmx {
 ...
-struct vmx_uret_msr guest_uret_msrs[...];
 ...
 };

// Every kernel.
@values@
@@
 struct vcpu_vmx {
 ...
-bool guest_uret_msrs_loaded;
+struct vmx_shared_msrs shared_msrs;
 ...
 };

// The active values are a bit mask in struct vmx_shared_msrs. 5.10.
@drop_counts@
@@
 struct vcpu_vmx {
 ...
-int nr_uret_msrs;
-int nr_active_uret_msrs;
 ...
 };
