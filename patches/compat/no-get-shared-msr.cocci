// SPDX-License-Identifier: GPL-2.0-only
// Only SEV-ES guests with a virtualized TSC_AUX need it, which KVM learned in 6.6.
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
