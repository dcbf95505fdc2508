// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@include_core@
@@
 #include "lapic.h"
+#include "shared_msrs.h"

// Before the jump to it: a jump to nowhere breaks the function's control flow for Coccinelle.
// Every kernel.
@unwind@
expression area;
identifier out_free_percpu;
@@
+out_exit_shared_msrs:
+	kvm_shared_msrs_exit();
 out_free_percpu:
 	free_percpu(area);

// The per-CPU areas live as long as the MMU's module-wide state, the last thing that start-up
// sets up and can fail. Every kernel.
@init@
@@
+ r = kvm_shared_msrs_init();
+ if (r)
+	goto out_free_percpu;
+
  r = kvm_mmu_vendor_module_init();
  if (r)
-	goto out_free_percpu;
+	goto out_exit_shared_msrs;

// Every kernel.
@exit@
expression area;
@@
  kvm_mmu_vendor_module_exit();
+ kvm_shared_msrs_exit();
  free_percpu(area);

// A CPU that cannot enable virtualization gets no call to disable it. Every kernel.
@online@
expression ret, enabled;
@@
  kvm_user_return_msr_cpu_online();
+ kvm_shared_msr_cpu_online();
  ret = enabled;
- if (ret != 0)
+ if (ret != 0) {
+	drop_user_return_notifiers();
	return ret;
+ }

// Every kernel.
@offline@
@@
  kvm_user_return_msr_cpu_offline();
+ drop_user_return_notifiers();

// 6.1 and later: TSC_AUX is refused unless it is registered, and while the vendor modules are
// converted one by one it may be so with the old code or with the new.
@supported@
expression msr;
@@
-!kvm_is_supported_user_return_msr(msr)
+!kvm_is_supported_user_return_msr(msr) && kvm_find_shared_msr(msr) < 0
