// SPDX-License-Identifier: GPL-2.0-only
// TSC_AUX is taken for loaded, although something else has run since.
@@
identifier svm;
@@
-svm->tsc_aux_loaded = false;
