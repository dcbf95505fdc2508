// SPDX-License-Identifier: GPL-2.0-only
@set@
@@
 struct kvm_shared_msr_set {
 ...
-unsigned long passthrough;
 ...
 };

@read_back@
type T;
parameter list ps;
@@
-T kvm_read_back_shared_msrs(ps);
