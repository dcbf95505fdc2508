// SPDX-License-Identifier: GPL-2.0-only
// What to load and what to gate is never decided anew.
@@
expression demand, vmx;
@@
-demand->generation != vmx->shared_msrs.generation
+!demand->generation
