// SPDX-License-Identifier: GPL-2.0-only
// 7.3.
// may match
@rename_get@
expression slot;
@@
-kvm_get_user_return_msr(slot)
+kvm_get_shared_msr(slot)

// may match
@include_core depends on rename_get@
@@
+#include "shared_msrs.h"
 #include "svm.h"
