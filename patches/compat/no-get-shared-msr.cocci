// SPDX-License-Identifier: GPL-2.0-only
// Only who puts TSC_AUX into the host's save area for SEV-ES guests needs it, which KVM lets
// their CPUs switch from 5.19 on.
@drop_definition@
identifier get =~ "^kvm_get_shared_msr$";
type T;
parameter list params;
@@
-T get(params) { ... }

@drop_export@
declarer name EXPORT_SYMBOL_GPL;
identifier get =~ "^kvm_get_shared_msr$";
@@
-EXPORT_SYMBOL_GPL(get);

@drop_declaration@
identifier get =~ "^kvm_get_shared_msr$";
type T;
parameter list params;
@@
-T get(params);
