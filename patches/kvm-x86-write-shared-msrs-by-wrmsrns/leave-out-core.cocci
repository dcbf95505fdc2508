// SPDX-License-Identifier: GPL-2.0-only
@key@
declarer name DEFINE_STATIC_KEY_FALSE;
@@
-static DEFINE_STATIC_KEY_FALSE(kvm_has_wrmsrns);

@include_key@
@@
-#include <linux/jump_label.h>

@enable@
statement S;
@@
-if (cpu_has_wrmsrns()) S

@write@
@@
-if (!wrmsrns || wrmsrns_safe(msr, value)) {
	if (!guests)
		wrmsrl(msr, value);
	else if (wrmsrl_safe(msr, value))
		return 1;
-}

@written@
expression list args;
@@
 kvm_write_shared_msr(args
-, wrmsrns
 )

@functions@
identifier f = { kvm_restore_by_wrmsrns, kvm_load_by_wrmsrns };
type T;
parameter list ps;
@@
-T f(ps) { ... }

@restored@
@@
-if (static_branch_unlikely(&kvm_has_wrmsrns))
-	kvm_restore_by_wrmsrns(smsrs, slots);
-else
-	kvm_restore_slots(smsrs, slots, false);
+kvm_restore_slots(smsrs, slots);

@loaded@
expression list args;
@@
-if (static_branch_unlikely(&kvm_has_wrmsrns))
-	refused = kvm_load_by_wrmsrns(smsrs, set, slots);
-else
-	refused = kvm_load_slots(args, false);
+refused = kvm_load_slots(args);

@loaded_one@
expression list args;
@@
-kvm_load_slots(args, false)
+kvm_load_slots(args)

@parameter@
identifier f = { kvm_write_shared_msr, kvm_restore_slots, kvm_load_slots };
parameter list ps;
@@
 f(ps
-, bool wrmsrns
 ) { ... }
