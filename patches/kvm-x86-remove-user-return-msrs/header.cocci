// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
// may match
@drop_declarations@
identifier f = { kvm_probe_user_return_msr, kvm_define_user_return_msr,
		 kvm_add_user_return_msr, kvm_find_user_return_msr,
		 kvm_set_user_return_msr, kvm_get_user_return_msr,
		 kvm_user_return_msr_update_cache,
		 kvm_user_return_msr_cpu_online, drop_user_return_notifiers,
		 kvm_destroy_user_return_msrs };
type T;
parameter list params;
@@
-T f(params);

// 6.1 and later.
// may match
@drop_helper@
identifier f =~ "^kvm_is_supported_user_return_msr$";
type T;
parameter list params;
@@
-T f(params) { ... }

// From 5.14 on.
// may match
@drop_counter@
identifier nr =~ "^kvm_nr_uret_msrs$";
type T;
@@
-extern T nr;

// 7.3.
// may match
@drop_include@
@@
-#include <linux/user-return-notifier.h>
