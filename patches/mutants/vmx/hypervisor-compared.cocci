// SPDX-License-Identifier: GPL-2.0-only
// A hypervisor's guests can guess its LSTAR: their values are compared with it.
@@
expression owner;
@@
-vmx->nested.vmxon ? 0 : owner
+owner
