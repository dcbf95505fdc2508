// SPDX-License-Identifier: GPL-2.0-only
// RDPID into another register than RAX is not recognized.
@@
identifier insn;
@@
-insn[2] >= 0xf8
+insn[2] == 0xf8
