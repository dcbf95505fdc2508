// SPDX-License-Identifier: GPL-2.0-only
// From 5.7 on.
// one of include_core, include_core_early must match
@include_core@
@@
 #include "lapic.h"
+#include "shared_msrs.h"

// Before that it includes no header of KVM's between these two.
// one of include_core, include_core_early must match
@include_core_early depends on !include_core@
@@
 #include "hyperv.h"
+#include "shared_msrs.h"

// Before the jump to it: a jump to nowhere breaks the function's control flow for Coccinelle.
// Up to 6.12.
// one of unwind, unwind_static must match
@unwind@
expression area;
identifier out_free_percpu;
@@
+out_exit_shared_msrs:
+	kvm_shared_msrs_exit();
 out_free_percpu:
 	free_percpu(area);

// The user-return MSRs have static per-CPU areas. 7.3.
// one of unwind, unwind_static must match
@unwind_static depends on !unwind@
expression emulator_cache;
identifier out_free_x86_emulator_cache;
@@
+out_exit_shared_msrs:
+	kvm_shared_msrs_exit();
 out_free_x86_emulator_cache:
 	kmem_cache_destroy(emulator_cache);

// The per-CPU areas live as long as the MMU's module-wide state, the last thing that start-up
// sets up and can fail. Up to 6.12.
// one of init, init_static must match
@init@
identifier mmu_init = { kvm_mmu_module_init, kvm_mmu_vendor_module_init };
@@
+ r = kvm_shared_msrs_init();
+ if (r)
+	goto out_free_percpu;
+
  r = mmu_init();
  if (r)
-	goto out_free_percpu;
+	goto out_exit_shared_msrs;

// 7.3.
// one of init, init_static must match
@init_static depends on unwind_static@
@@
+ r = kvm_shared_msrs_init();
+ if (r)
+	goto out_free_x86_emulator_cache;
+
  r = kvm_mmu_vendor_module_init();
  if (r)
-	goto out_free_x86_emulator_cache;
+	goto out_exit_shared_msrs;

// Up to 6.12.
// one of exit, exit_static must match
@exit@
identifier mmu_exit = { kvm_mmu_module_exit, kvm_mmu_vendor_module_exit };
expression area;
@@
  mmu_exit();
+ kvm_shared_msrs_exit();
  free_percpu(area);

// 7.3.
// one of exit, exit_static must match
@exit_static depends on unwind_static@
expression emulator_cache;
@@
  kvm_mmu_vendor_module_exit();
+ kvm_shared_msrs_exit();
  kmem_cache_destroy(emulator_cache);

// Right before the CPU enables virtualization: other checks may come before, and return. A CPU
// that cannot enable it gets no call to disable it. Every kernel.
@online@
expression ret, enabled, local_tsc;
@@
+ kvm_shared_msr_cpu_online();
  ret = enabled;
- if (ret != 0)
+ if (ret != 0) {
+	kvm_shared_msr_cpu_offline();
	return ret;
+ }
  local_tsc = rdtsc();

// What drops the user-return MSRs. Up to 6.12.
// one of offline, leave_at_reboot must match
@offline@
expression disable;
@@
 disable;
 drop_user_return_notifiers();

// At a reboot virtualization may stay enabled, for TDX, and then guests go on, on the CPU that
// reboots as well as on those that it sends IPIs to. So the values are left to the notifier on all.
// 7.3.
// one of offline, leave_at_reboot must match
@leave_at_reboot@
identifier rebooting = { kvm_rebooting, virt_rebooting };
@@
-if (in_task() || WARN_ON_ONCE(!rebooting))
+WARN_ON_ONCE(!rebooting && !in_task());
+if (!rebooting)
	drop_user_return_notifiers();
 else
	__module_get(THIS_MODULE);
