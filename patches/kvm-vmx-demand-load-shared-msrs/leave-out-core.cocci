// SPDX-License-Identifier: GPL-2.0-only
@exported@
declarer name EXPORT_SYMBOL_GPL;
@@
-EXPORT_SYMBOL_GPL(kvm_hold_shared_msrs);

@held@
type T;
parameter list ps;
@@
-T kvm_hold_shared_msrs(ps) { ... }
