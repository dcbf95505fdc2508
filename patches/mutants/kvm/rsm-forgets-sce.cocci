// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL raises #UD after an SMI.
@@
expression val;
@@
-val & ~EFER_LMA
+val & ~(EFER_LMA | EFER_SCE)
