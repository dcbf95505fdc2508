// SPDX-License-Identifier: GPL-2.0-only
// 6.1 and later: TSC_AUX is refused unless it is registered, and while the vendor modules are
// converted one by one it may be so with the old code or with the new.
// may match
@supported@
expression msr;
@@
-!kvm_is_supported_user_return_msr(msr)
+!kvm_is_supported_user_return_msr(msr) && kvm_find_shared_msr(msr) < 0

// 7.3, where this is in a file of its own; before that it was in x86.c.
// may match
@include_core depends on supported@
@@
 #include "msrs.h"
+#include "shared_msrs.h"

// For as long as both exist they go together, wherever that is. Every kernel.
@drop_both@
@@
 drop_user_return_notifiers(void)
 {
	...
+	kvm_shared_msr_cpu_offline();
 }
