// SPDX-License-Identifier: GPL-2.0-only
// The guest's TSC_AUX is not loaded when its vCPU is switched in.
@@
identifier svm;
@@
-kvm_set_shared_msr(tsc_aux_slot, svm->tsc_aux, ~0ull);
+;
