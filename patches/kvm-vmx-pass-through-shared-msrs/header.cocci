// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@include_passthrough@
@@
 #include "demand_shared_msrs.h"
+#include "passthrough_shared_msrs.h"

// Every kernel.
@passthrough@
@@
 struct vcpu_vmx {
 ...
 struct vmx_demand demand;
+struct vmx_passthrough passthrough;
 ...
 };
