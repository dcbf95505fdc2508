// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@drop_include@
@@
-#include <linux/user-return-notifier.h>

// Every kernel.
@drop_limit@
expression n;
@@
-#define KVM_MAX_NR_USER_RETURN_MSRS n

// 5.10.
@drop_table_type@
@@
-struct kvm_user_return_msrs_global { ... };

// Every kernel.
@drop_cpu_type@
@@
-struct kvm_user_return_msrs { ... };

// The type of the table or of the per-CPU area. Attributes (__read_mostly, __percpu) must not be
// named here, Coccinelle takes them along. Every kernel.
@drop_table@
type T = {struct kvm_user_return_msrs_global};
identifier v;
@@
-static T v;

// Every kernel.
@drop_area@
type T = {struct kvm_user_return_msrs};
identifier v;
@@
-static T *v;

// From 5.14 on: the table is a list and a counter that modules see.
@drop_list@
identifier list =~ "^kvm_uret_msrs_list$";
type T;
@@
-static T list[...];

@drop_counter@
identifier nr =~ "^kvm_nr_uret_msrs$";
type T;
@@
-T nr;

@reset_counter@
identifier nr =~ "^kvm_nr_uret_msrs$";
@@
-nr = 0;

@drop_counter_export@
identifier nr =~ "^kvm_nr_uret_msrs$";
declarer name EXPORT_SYMBOL_GPL;
@@
-EXPORT_SYMBOL_GPL(nr);

// Every kernel.
@drop_functions@
type T;
identifier f = { kvm_on_user_return, kvm_user_return_msr_cpu_online,
		 kvm_user_return_msr_cpu_offline, kvm_probe_user_return_msr,
		 kvm_define_user_return_msr, kvm_add_user_return_msr,
		 kvm_find_user_return_msr, kvm_set_user_return_msr };
parameter list params;
@@
-T f(params) { ... }

// Every kernel.
@drop_exports@
declarer name EXPORT_SYMBOL_GPL;
identifier f =~ "^kvm_.*_user_return_msr$";
@@
-EXPORT_SYMBOL_GPL(f);

// Every kernel.
@drop_online@
@@
-kvm_user_return_msr_cpu_online();

// Every kernel.
@drop_offline@
@@
-kvm_user_return_msr_cpu_offline();

// Every kernel.
@drop_allocation@
identifier area =~ "^user_return_msrs$";
statement S;
@@
-area = alloc_percpu(...);
-if (!area) S

// Before the label goes: a jump to nowhere breaks the function's control flow for Coccinelle.
// Every kernel.
@unwind@
identifier label =~ "^out_free_percpu$";
@@
-goto label;
+goto out_free_x86_emulator_cache;

// Every kernel.
@drop_unwind@
identifier area =~ "^user_return_msrs$";
identifier label =~ "^out_free_percpu$";
@@
-label:
-free_percpu(area);

// Every kernel.
@drop_free@
identifier area =~ "^user_return_msrs$";
@@
-free_percpu(area);

// 6.1 and later.
@supported@
expression msr;
@@
-!kvm_is_supported_user_return_msr(msr) && kvm_find_shared_msr(msr) < 0
+kvm_find_shared_msr(msr) < 0
