// SPDX-License-Identifier: GPL-2.0-only
// RDSEED is taken for RDPID, and opens a gate.
@@
identifier insn;
@@
-repeat && insn[2] >= 0xf8
+insn[2] >= 0xf8
