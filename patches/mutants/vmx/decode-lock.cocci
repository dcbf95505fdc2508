// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL opens its gate with a LOCK prefix, too, with which it raises #UD by itself.
@@
expression byte;
@@
-vmx_is_legacy_prefix(byte)
+(byte == 0xf0 || vmx_is_legacy_prefix(byte))
