// SPDX-License-Identifier: GPL-2.0-only
@owners@
typedef atomic64_t;
@@
-extern atomic64_t kvm_shared_msr_owners;

@new_owner@
type T;
@@
-static inline T kvm_new_shared_msr_owner(void) { ... }

@include_atomic@
@@
-#include <linux/atomic.h>

@set@
@@
 struct kvm_shared_msr_set {
 ...
-u64 owner;
 ...
 };

@owner@
type T, O;
parameter list ps;
identifier owner;
@@
 T kvm_set_shared_msr(
-O owner,
 ps);
