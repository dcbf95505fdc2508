// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@drop_declarations@
identifier f =~ "^kvm_[a-z]*_user_return_msr$";
type T;
parameter list params;
@@
-T f(params);

// 6.1 and later.
@drop_helper@
identifier f =~ "^kvm_is_supported_user_return_msr$";
type T;
parameter list params;
@@
-T f(params) { ... }

// From 5.14 on.
@drop_counter@
identifier nr =~ "^kvm_nr_uret_msrs$";
type T;
@@
-extern T nr;
