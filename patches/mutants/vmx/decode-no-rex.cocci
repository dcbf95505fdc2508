// SPDX-License-Identifier: GPL-2.0-only
// An instruction with a REX prefix is not recognized.
@@
expression byte;
@@
-(byte & 0xf0) == 0x40
+byte > 0xff
