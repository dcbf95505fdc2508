// SPDX-License-Identifier: GPL-2.0-only
// 6.1 and later: RDTSCP and RDPID are hidden unless TSC_AUX is registered, and while the vendor
// modules are converted one by one it may be so with the old code or with the new.
// may match
@supported@
expression msr;
@@
-!kvm_is_supported_user_return_msr(msr)
+(!kvm_is_supported_user_return_msr(msr) && kvm_find_shared_msr(msr) < 0)

// may match
@include_core depends on supported@
@@
 #include "cpuid.h"
+#include "shared_msrs.h"
