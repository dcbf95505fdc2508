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
-unsigned long foreign;
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
-smsrs->foreign |= slots;

@asked@
@@
-unsigned long secret = shared_msrs_global.secret;
 ...
-unsigned long foreign;

@foreign@
@@
-foreign = secret & smsrs->foreign;

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

@replace@
type T;
parameter list ps;
@@
-T kvm_replace_refused(ps) { ... }

// One write: with another behind a condition gcc 12 crashes when it compiles this for 6.12 and 7.3,
// and a conditional expression is none that 6.1's macro takes.
@refused@
@@
-__this_cpu_write(kvm_loaded_shared_msrs, set);
 if (unlikely(refused))
-	kvm_replace_refused(...);
+	set = NULL;
+__this_cpu_write(kvm_loaded_shared_msrs, set);

@online@
@@
-smsrs->owner = ~0ull;
-smsrs->foreign = ~0ul;

@loaded@
@@
-smsrs->foreign &= ~slots;

@claimed@
statement S;
@@
-if (smsrs->owner != owner) S

@load@
parameter list ps;
@@
 kvm_load_slots(struct kvm_shared_msrs *smsrs,
-u64 owner,
 ps) { ... }

@called@
expression owner;
expression list args;
@@
 kvm_load_slots(smsrs,
-owner,
 args)

@api@
parameter list ps;
@@
 kvm_set_shared_msr(
-u64 owner,
 ps) { ... }
