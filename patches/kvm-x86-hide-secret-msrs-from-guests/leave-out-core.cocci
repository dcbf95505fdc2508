// SPDX-License-Identifier: GPL-2.0-only
@table@
@@
 struct kvm_shared_msrs_global {
 ...
-unsigned long secret;
 ...
 };

@cpu@
@@
 struct kvm_shared_msrs {
 ...
-u64 owner;
-unsigned long owned;
 ...
 };

@owners@
typedef atomic64_t;
@@
-atomic64_t kvm_shared_msr_owners;

@define@
statement S;
@@
-if (kvm_shared_msr_is_secret(...)) S

@include@
@@
-#include "shared_msrs_cpu.h"

@restored@
@@
-smsrs->owned &= ~slots;

@asked@
@@
-unsigned long secret = shared_msrs_global.secret;
 ...
-unsigned long foreign;

@foreign@
@@
-foreign = secret & ~smsrs->owned;

@compared@
expression bit, value, current_value;
expression list args;
statement S1, S2;
@@
-if ((foreign & bit || value != current_value) &&
-    kvm_write_shared_msr(args))
+if (value != current_value &&
+    kvm_write_shared_msr(args))
 S1
 else S2

@clean@
expression bit, value, host;
@@
-!(secret & bit) && value == host
+value == host

@refused@
iterator name for_each_slot;
statement S;
@@
-if (unlikely(refused))
-	refused &= shared_msrs_global.secret & ~smsrs->owned;
-for_each_slot(slot, refused) S

@refused_by_wrmsrns@
expression E;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-refused = E;
+E;
 ...>
 }

@online@
@@
-smsrs->owner = ~0ull;

@loaded@
@@
-smsrs->owned |= slots;

@claimed@
statement S;
@@
-if (smsrs->owner != owner) S

@load@
identifier f = { kvm_load_slots, kvm_load_by_wrmsrns };
parameter list ps;
@@
 f(struct kvm_shared_msrs *smsrs,
-u64 owner,
 ps) { ... }

@called@
identifier f = { kvm_load_slots, kvm_load_by_wrmsrns };
expression list args;
@@
 f(smsrs,
-owner,
 args)

@api@
identifier f = { kvm_set_shared_msr, kvm_load_shared_msrs };
parameter list ps;
@@
 f(
-u64 owner,
 ps) { ... }
