// SPDX-License-Identifier: GPL-2.0-only
@parameter@
parameter list ps;
@@
 kvm_load_slots(ps
-, unsigned long passthrough
 , bool wrmsrns) { ... }

@dirty@
@@
 smsrs->dirty |=
-slots | passthrough
+slots
 ;

@loaded@
expression list args;
expression wrmsrns;
@@
 kvm_load_slots(args
-, set->passthrough
 , wrmsrns)

@loaded_one@
expression list args;
@@
 kvm_load_slots(args
-, 0
 , false)

@exported@
declarer name EXPORT_SYMBOL_GPL;
@@
-EXPORT_SYMBOL_GPL(kvm_read_back_shared_msrs);

@read_back@
type T;
parameter list ps;
@@
-T kvm_read_back_shared_msrs(ps) { ... }
