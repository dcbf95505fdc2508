// SPDX-License-Identifier: GPL-2.0-only
// Nothing is loaded for a guest, nor is it asked whether anything is.
@@
expression vmx;
@@
-if (!vmx->shared_msrs.loaded) { ... }
