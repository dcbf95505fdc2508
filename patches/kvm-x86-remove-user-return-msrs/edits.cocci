// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@drop_limit@
expression n;
@@
-#define KVM_MAX_NR_USER_RETURN_MSRS n

// 5.10.
// may match
@drop_table_type@
@@
-struct kvm_user_return_msrs_global { ... };

// Every kernel.
@drop_cpu_type@
@@
-struct kvm_user_return_msrs { ... };

// The type of the table or of the per-CPU area. Attributes (__read_mostly, __percpu) must not be
// named here, Coccinelle takes them along. 5.10.
// may match
@drop_table@
type T = {struct kvm_user_return_msrs_global};
identifier v;
@@
-static T v;

// Up to 6.12.
// one of drop_area, drop_static_area must match
@drop_area@
type T = {struct kvm_user_return_msrs};
identifier v;
@@
-static T *v;

// 7.3.
// one of drop_area, drop_static_area must match
@drop_static_area@
declarer name DEFINE_PER_CPU;
@@
-static DEFINE_PER_CPU(struct kvm_user_return_msrs, user_return_msrs);

// From 5.14 on: the table is a list and a counter that modules see.
// may match
@drop_list@
identifier list =~ "^kvm_uret_msrs_list$";
type T;
@@
-static T list[...];

// may match
@drop_counter@
identifier nr =~ "^kvm_nr_uret_msrs$";
type T;
@@
-T nr;

// may match
@reset_counter@
identifier nr =~ "^kvm_nr_uret_msrs$";
@@
-nr = 0;

// may match
@drop_counter_export@
identifier nr =~ "^kvm_nr_uret_msrs$";
declarer name EXPORT_SYMBOL_GPL;
@@
-EXPORT_SYMBOL_GPL(nr);

// Every kernel.
@drop_functions@
type T;
identifier f = { kvm_on_user_return, kvm_user_return_msr_cpu_online,
		 drop_user_return_notifiers, kvm_destroy_user_return_msrs,
		 kvm_user_return_register_notifier, kvm_user_return_msr_update,
		 kvm_user_return_msr_update_cache, kvm_probe_user_return_msr,
		 kvm_define_user_return_msr, kvm_add_user_return_msr,
		 kvm_find_user_return_msr, kvm_set_user_return_msr,
		 kvm_get_user_return_msr };
parameter list params;
@@
-T f(params) { ... }

// Up to 6.17.
// one of drop_exports, drop_internal_exports must match
@drop_exports@
declarer name EXPORT_SYMBOL_GPL;
identifier f =~ "^kvm_.*user_return_msr(_update_cache)?$";
@@
-EXPORT_SYMBOL_GPL(f);

// From 6.18 on.
// one of drop_exports, drop_internal_exports must match
@drop_internal_exports@
declarer name EXPORT_SYMBOL_FOR_KVM_INTERNAL;
identifier f = { kvm_nr_uret_msrs, kvm_user_return_msr_update_cache, kvm_add_user_return_msr,
		 kvm_find_user_return_msr,
		 kvm_set_user_return_msr, kvm_get_user_return_msr };
@@
-EXPORT_SYMBOL_FOR_KVM_INTERNAL(f);
