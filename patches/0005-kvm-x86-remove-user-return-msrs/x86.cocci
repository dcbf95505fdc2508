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
-kvm_user_return_msr_cpu_offline();
+drop_user_return_notifiers();

// 7.3.
@drop_destroy@
@@
-kvm_destroy_user_return_msrs();

// 7.3.
@drop_counter_check@
@@
-WARN_ON_ONCE(kvm_nr_uret_msrs);

// Up to 6.12.
@drop_allocation@
identifier area =~ "^user_return_msrs$";
statement S;
@@
-area = alloc_percpu(...);
-if (!area) S

// Before the label goes: a jump to nowhere breaks the function's control flow for Coccinelle.
// Up to 6.12.
@unwind@
identifier label =~ "^out_free_percpu$";
@@
-goto label;
+goto out_free_x86_emulator_cache;

// Up to 6.12.
@drop_unwind@
identifier area =~ "^user_return_msrs$";
identifier label =~ "^out_free_percpu$";
@@
-label:
-free_percpu(area);

// Up to 6.12.
@drop_free@
identifier area =~ "^user_return_msrs$";
@@
-free_percpu(area);
