// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@include_demand@
@@
+#include "demand_shared_msrs.h"
 #include "shared_msrs.h"

// Every kernel.
@demand@
@@
 struct vcpu_vmx {
 ...
 struct vmx_shared_msrs shared_msrs;
+struct vmx_demand demand;
 ...
 };
