// SPDX-License-Identifier: GPL-2.0-only
// TSC_AUX, or from 5.11 on all of the guest's state, is taken for loaded, although something else
// has run since.
@@
identifier svm, vcpu;
@@
(
-svm->tsc_aux_loaded = false;
|
-to_svm(vcpu)->guest_state_loaded = false;
)
