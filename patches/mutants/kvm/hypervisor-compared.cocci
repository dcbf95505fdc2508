// SPDX-License-Identifier: GPL-2.0-only
// A hypervisor's guests can guess its LSTAR: their values are compared with it.
@@
@@
-vmx->shared_msrs.set.owner = 0;
