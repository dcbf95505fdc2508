// SPDX-License-Identifier: GPL-2.0-only
@held@
type T;
parameter list ps;
@@
-T kvm_hold_shared_msrs(ps);
