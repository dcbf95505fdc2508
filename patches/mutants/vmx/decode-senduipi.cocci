// SPDX-License-Identifier: GPL-2.0-only
// SENDUIPI is taken for RDPID, and opens a gate.
@@
identifier insn;
@@
-repeat && insn[2] >= 0xf8
+repeat
