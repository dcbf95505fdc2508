// SPDX-License-Identifier: GPL-2.0-only
// A vCPU loads its values as if they were of no VM.
@@
expression number;
@@
-vmx->shared_msrs.set.owner = number;
