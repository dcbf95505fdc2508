// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@include_values@
@@
+#include "shared_msrs.h"
 #include "vmcs.h"

// Up to 5.13.
// may match
@drop_list@
identifier list;
@@
-extern const u32 list[];

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

// Every kernel; up to 5.4 they are allocated apart.
@drop_values@
@@
 struct vcpu_vmx {
 ...
(
-struct vmx_uret_msr guest_uret_msrs[...];
|
-struct vmx_uret_msr *guest_uret_msrs;
)
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

// Up to 5.13.
// may match
@drop_count@
@@
 struct vcpu_vmx {
 ...
-int nr_uret_msrs;
 ...
 };

// The active values are a bit mask in struct vmx_shared_msrs. Up to 5.14.
// may match
@drop_active_count@
@@
 struct vcpu_vmx {
 ...
-int nr_active_uret_msrs;
 ...
 };
