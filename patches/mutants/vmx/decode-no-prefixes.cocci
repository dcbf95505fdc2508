// SPDX-License-Identifier: GPL-2.0-only
// An instruction with prefixes is not recognized.
@@
expression byte;
@@
-vmx_is_legacy_prefix(byte)
+byte > 0xff
