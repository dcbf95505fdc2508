// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@drop_include@
@@
-#include <linux/user-return-notifier.h>

// Every kernel.
@drop_online@
@@
-kvm_user_return_msr_cpu_online();

// Every kernel.
@offline@
@@
-drop_user_return_notifiers();
+kvm_shared_msr_cpu_offline();

// 7.3.
// one of drop_allocation, drop_destroy must match
@drop_destroy@
@@
-kvm_destroy_user_return_msrs();

// 7.3.
// may match
@drop_counter_check@
@@
-WARN_ON_ONCE(kvm_nr_uret_msrs);

// Up to 6.12.
// one of drop_allocation, drop_destroy must match
@drop_allocation@
identifier area =~ "^user_return_msrs$";
statement S;
@@
-area = alloc_percpu(...);
-if (!area) S

// Before the label goes: a jump to nowhere breaks the function's control flow for Coccinelle.
// The next label is out_free_x86_emulator_cache, or up to 5.5 out_free_x86_fpu_cache. Up to 6.12.
// may match
@next@
identifier area =~ "^user_return_msrs$";
identifier label =~ "^out_free_percpu$", following;
@@
 label:
 free_percpu(area);
 following:
 kmem_cache_destroy(...);

// may match
@unwind@
identifier label =~ "^out_free_percpu$", next.following;
@@
-goto label;
+goto following;

// Up to 6.12.
// may match
@drop_unwind@
identifier area =~ "^user_return_msrs$";
identifier label =~ "^out_free_percpu$";
@@
-label:
-free_percpu(area);

// Up to 6.12.
// may match
@drop_free@
identifier area =~ "^user_return_msrs$";
@@
-free_percpu(area);
